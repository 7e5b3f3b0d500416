"""The commands of ``mfa-tui config``."""
