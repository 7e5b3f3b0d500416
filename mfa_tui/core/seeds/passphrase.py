"""Passphrases of what mfa-tui encrypts: the vault and backups."""

from __future__ import annotations

from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

SHORTEST = 12
"""Characters of a new passphrase. Whoever has the file may guess as fast as scrypt allows: a guess a second or so."""


def checked_passphrase(text: str) -> Secret:
    """A passphrase for something new. Raises UsageError (``passphrase-short``, ``passphrase-blank``)."""
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
    """The passphrase that a program printed, or that was piped: its first line, without the end of the line."""
    return Secret(text.partition("\n")[0].removesuffix("\r"))
