"""The journal of MFA devices that are being enrolled, replaced or removed."""
