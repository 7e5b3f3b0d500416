"""Stored TOTP secrets: the store and its index, used codes, secrets kept elsewhere, QR codes in pictures."""
