"""mfa-tui: MFA-backed AWS credentials, from the terminal."""

__version__ = "0.1.0"
