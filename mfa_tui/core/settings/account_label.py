"""What the user calls an account, and the color it has: production in red."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.settings.values import AccountSettings

ID_LENGTH = 12
"""Digits of an account's ID."""


def is_id(key: str) -> bool:
    """Whether *key* means one account: digits, with dashes where the console has them. Other keys are patterns."""
    return key.replace("-", "").isdecimal()


def label_for(
    accounts: Mapping[str, AccountSettings], account: str, profile: str, alias: str = ""
) -> AccountSettings | None:
    """The settings for the account of a profile; None if there are none.

    Those for the account's ID count first, then the first pattern that matches the profile's name or the account's
    alias, in upper or lower case. *account* and *alias* are empty if they are not known.
    """
    for key, settings in accounts.items():
        if account and is_id(key) and key.replace("-", "") == account:
            return settings
    from fnmatch import fnmatchcase

    names = [name.casefold() for name in (profile, alias) if name]
    for key, settings in accounts.items():
        if not is_id(key) and any(fnmatchcase(name, key.casefold()) for name in names):
            return settings
    return None


def sign_of(label: AccountSettings) -> str:
    """The sign before its name wherever its color is; empty without a color."""
    return {"": "", "red": "▲"}.get(label.color, "■")
