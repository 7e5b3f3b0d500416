"""Opening the console: the user's browser, and the one-time address that leads it to a secret link."""
