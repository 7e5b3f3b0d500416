"""The libraries that mfa-tui uses: their logs, and those that may be missing."""
