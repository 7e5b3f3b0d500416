"""Passphrases of the vault and of backups."""

from __future__ import annotations

from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

SHORTEST = 12
"""The fewest characters of a new passphrase. Anyone who has the file can try about one a second, as scrypt allows."""


def checked_passphrase(text: str) -> Secret:
    """A new passphrase, checked. Raises UsageError (``passphrase-short``, ``passphrase-blank``)."""
    if text and not text.strip():
        raise UsageError(
            "passphrase-blank",
            "A passphrase cannot consist of spaces alone.",
            "It is among the first that anyone would try.",
            "Use four or five unrelated words.",
        )
    if len(text) < SHORTEST:
        raise UsageError(
            "passphrase-short",
            f"A passphrase needs at least {SHORTEST} characters.",
            "Anyone who gets the encrypted file can try short ones until one fits.",
            "Use four or five unrelated words.",
        )
    return Secret(text)


def first_line(text: str) -> Secret:
    """The passphrase that a program printed or that was piped in: its first line, without the line ending."""
    return Secret(text.partition("\n")[0].removesuffix("\r"))
