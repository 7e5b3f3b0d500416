"""The long-term keys of a profile's user: their screen, and what is done with one."""
