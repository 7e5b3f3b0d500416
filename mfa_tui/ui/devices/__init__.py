"""The screen of MFA devices."""
