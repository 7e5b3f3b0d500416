"""A user's MFA devices: list, enroll, resync, replace, remove."""
