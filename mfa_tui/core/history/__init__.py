"""What was done with mfa-tui: the entries of the history, and texts about them."""
