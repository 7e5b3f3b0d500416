"""What a use case reports while it works."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """A step that begins now."""

    phase: str
    """A stable name: discovering, keyring, touch, waiting, asking, writing."""
    text: str
    """The same for people, without a full stop."""
    until: float | None = None
    """When waiting: the monotonic time, in seconds, at which the wait ends."""


class Awaits:
    """What a running action waits for."""

    NOTHING = ""
    """Nothing: it works."""
    CODE = "code"
    """A code, or the choice of a device."""
    CONSENT = "consent"
    """A yes or no."""


class Notice(NamedTuple):
    """A remark for the user about something that happened."""

    text: str
    """One line."""


TOUCH = Progress("touch", "Touch your YubiKey")
