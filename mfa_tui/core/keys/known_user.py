"""What AWS has said of the user of a long-term key."""

from __future__ import annotations

from typing import NamedTuple


class KnownUser(NamedTuple):
    """A user and their account. None of it is secret; what is not known is empty."""

    account: str = ""
    """The account's ID."""
    alias: str = ""
    """The account's alias."""
    serial: str = ""
    """The MFA device that the last login used, or the only one that generates codes."""
    fido_only: bool = False
    """Whether all devices are FIDO keys or passkeys, which generate no codes."""
