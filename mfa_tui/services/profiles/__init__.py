"""Which profile is meant, and whether it can log in."""
