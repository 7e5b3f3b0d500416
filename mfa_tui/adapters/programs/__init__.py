"""Other programs: helpers that give secrets, commands that run with a session, this one's own command."""
