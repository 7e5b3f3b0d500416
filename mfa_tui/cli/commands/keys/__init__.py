"""The commands of ``mfa-tui keys``."""
