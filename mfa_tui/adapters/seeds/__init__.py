"""The stored TOTP secrets: the store, its index, used codes, QR codes in pictures."""
