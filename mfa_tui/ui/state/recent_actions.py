"""The last actions of the history, for the main screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mfa_tui.errors import MfaTuiError

if TYPE_CHECKING:
    from mfa_tui.core.history.entry import Entry
    from mfa_tui.services.context import Context

MOST = 12
"""Entries that are read."""


class RecentActions:
    """The last entries of the history, also of commands that run beside the interface."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._stamp: tuple[int, int, int] | None = None
        self.entries: tuple[Entry, ...] = ()
        """The last ones, the latest first; none if the history cannot be read: its own screen says why."""

    def has_changed(self) -> bool:
        """Whether there may be others by now; any thread may ask."""
        return self._stamp_now() != self._stamp

    def read(self) -> bool:
        """Read them if there may be others; returns whether there are. Any thread may do it."""
        if not self.has_changed():
            return False
        before = self.entries
        try:
            self.entries = tuple(self._context.history.entries(limit=MOST))
        except MfaTuiError:
            self.entries = ()
        # Reading removes old entries, which changes the file, too.
        self._stamp = self._stamp_now()
        return self.entries != before

    def _stamp_now(self) -> tuple[int, int, int]:
        try:
            info = os.stat(self._context.history.log.path)
        except OSError:
            return (0, 0, 0)
        return (info.st_ino, info.st_mtime_ns, info.st_size)
