"""mfa-tui's own settings."""
