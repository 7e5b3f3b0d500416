"""A strict AWS on the loopback, with throw-away files, to try and to test everything on (extra: demo)."""
