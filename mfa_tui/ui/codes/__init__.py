"""Codes: fields and dialogs to type them in."""
