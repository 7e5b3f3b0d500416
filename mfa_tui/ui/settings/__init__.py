"""The settings: their screen, and the screen of the keys of commands."""
