"""Other programs: those that print secrets, commands that run with a session, and how mfa-tui itself is called."""
