"""TOTP secrets: codes, otpauth URIs, exports of authenticator apps, QR codes, backups."""
