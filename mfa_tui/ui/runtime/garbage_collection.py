"""Python's garbage collection while the interface runs: none until it is drawn, and full ones when the user rests.

A full collection visits every object there is, in whatever thread it begins, and everything stops meanwhile: with the
AWS library and an account of 5,000 users for a tenth of a second, again and again while an audit goes on.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

REST = 10.0
"""Seconds without a key or a click, after which the user rests."""
_RARELY = 1_000
"""Collections of younger objects before a full one that nobody has asked for: about seven million new objects."""
_MANY = 20_000
"""Objects that are worth being left out of later collections."""


class FullCollections:
    """A context manager, to be held while the interface runs."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._held = False
        self._left_out = 0

    def __enter__(self) -> Self:
        self._before = gc.get_threshold()
        self._left_out = gc.get_freeze_count()
        gc.set_threshold(*self._before[:2], _RARELY)
        gc.disable()
        self._held = True
        return self

    def begin(self) -> None:
        """Collect from now on, as the first frame is drawn. What there is then stays until the end: it is left out."""
        if self._held:
            gc.freeze()
            gc.enable()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._held = False
        gc.set_threshold(*self._before)
        if not self._left_out:
            # What others had left out before stays so.
            gc.unfreeze()
        gc.enable()

    def collect(self) -> bool:
        """Collect everything, if there may be much; returns whether it did. To be called while the user rests.

        Only long-lived things may be open: what remains, if it is much, is left out from now on.
        """
        if gc.get_count()[2] < self._before[2]:
            return False
        gc.collect()
        if len(gc.get_objects()) > _MANY:
            gc.freeze()
        return True
