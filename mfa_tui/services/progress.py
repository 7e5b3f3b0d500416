"""How a use case tells what it is doing, without knowing who looks on."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """What is being done now. ``phase`` is stable: discovering, keyring, touch, waiting, asking, writing.

    ``until``, when waiting, is the monotonic time (seconds) at which the wait ends.
    """

    phase: str
    text: str
    until: float | None = None


TOUCH = Progress("touch", "Touch your YubiKey")


def quiet(_: Progress) -> None:
    """Tell nobody."""
