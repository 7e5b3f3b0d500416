"""Seeds, the TOTP secrets: codes, otpauth addresses, exports of authenticator apps, QR codes and backups."""
