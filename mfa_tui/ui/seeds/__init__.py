"""Secrets: import, backup, QR codes."""
