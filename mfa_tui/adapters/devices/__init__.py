"""What is kept about MFA devices that are being enrolled, replaced or removed."""
