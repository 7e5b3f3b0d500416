"""The one source of the time: wall clock, monotonic clock, and the difference between AWS's clock and ours."""

from __future__ import annotations

import os
import time

from mfa_tui import CLOCK, SINCE_BOOT, STEADY, boot_id, is_own, stored_offset
from mfa_tui.adapters.filesystem import private_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths

_NOISE = 2.0
"""Seconds of error in an answer's Date header: it counts whole seconds, and the answer travels."""
_DAY = 86_400.0
"""How far off, in seconds, a clock may be that was never compared with AWS's."""


class Clock:
    """The time, for everything in mfa-tui; tests replace it by a frozen one.

    After :meth:`persist_in`, later processes use the offset that an answer of AWS has shown, until the machine restarts
    or its clock is set. The distance between wall and monotonic clock shows that.
    """

    def __init__(self) -> None:
        self._path = ""
        self._looked = False
        self._measured: tuple[float, float] | None = None
        """At AWS's last answer: wall clock minus monotonic clock, and AWS's time minus the wall clock."""

    def persist_in(self, paths: Paths) -> None:
        """Store the offset to AWS's clock in the cache directory, and use the one that is stored there.

        A single value that is replaced as a whole, so it needs no lock: the last answer of AWS is right.
        """
        self._path = os.path.join(paths.cache, CLOCK)
        self._looked = False

    def now(self) -> float:
        """Seconds since the epoch, by this machine's clock."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that only increase, where possible during suspend too; for deadlines and countdowns."""
        # On Windows, ``time.monotonic()`` counts sleep.
        return time.clock_gettime(SINCE_BOOT) if SINCE_BOOT else time.monotonic()

    @property
    def offset(self) -> float | None:
        """AWS's time minus ours in seconds; None if it is not known, or the clock was set since it was measured."""
        measured = self._last()
        return None if measured is None or self._was_set_since(measured) else measured[1]

    @offset.setter
    def offset(self, offset: float | None) -> None:
        self._looked = True
        self._measured = None if offset is None else (self._base(), offset)

    @property
    def known_offset(self) -> float:
        """As :attr:`offset`; 0 if that is not known."""
        return self.offset or 0.0

    @property
    def was_set(self) -> bool:
        """Whether the clock was set since the offset was measured."""
        return self._last() is not None and self.offset is None

    def aws_now(self) -> float:
        """Seconds since the epoch by AWS's clock, as far as it is known.

        If the clock was set since the offset was measured, it may be right now. But AWS's time cannot be earlier than
        the monotonic clock says: a paused machine loses time and never gains any.
        """
        return max(self.now(), self.earliest_aws_time()) if self.was_set else self.now() + self.known_offset

    def earliest_aws_time(self) -> float:
        """The earliest that AWS's time can be, in seconds since the epoch: what has expired by then has expired."""
        measured = self._last()
        if measured is not None:
            return self.monotonic() + measured[0] + measured[1]
        # Without a file the offset was never looked up, so the clock is trusted.
        return self.now() - _DAY if self._path else self.now()

    def latest_aws_time(self) -> float:
        """The latest that AWS's time can be, if clocks are off by a day at most."""
        return self.aws_now() + (0.0 if self.offset is not None or not self._path else _DAY)

    def learn(self, aws_time: float, took: float) -> None:
        """Measure the offset by *aws_time*, the Date header (whole seconds) of an answer that has just arrived.

        AWS wrote it within the last *took* seconds. An offset too small to measure counts as none.
        """
        offset = aws_time + 0.5 - (self.now() - took / 2)
        offset = offset if abs(offset) > _NOISE + took / 2 else 0.0
        before = self._last()
        self._measured = (self._base(), offset)
        if before is None or self._was_set_since(before) or abs(offset - before[1]) > _NOISE:
            self._keep()

    def _was_set_since(self, measured: tuple[float, float]) -> bool:
        return abs(self._base() - measured[0]) > STEADY

    def _base(self) -> float:
        return self.now() - self.monotonic()

    def _last(self) -> tuple[float, float] | None:
        if not self._looked:
            self._looked = True
            if self._path:
                self._measured = self._stored()
        return self._measured

    def _stored(self) -> tuple[float, float] | None:
        cache = os.path.dirname(self._path)
        try:
            stored = stored_offset(cache) if is_own(cache) else None
        except OSError:
            return None
        return stored[1:] if stored is not None and stored[0] == boot_id() else None

    def _keep(self) -> None:
        if self._path and self._measured:
            base, offset = self._measured
            try:
                private_files.write(self._path, f"{boot_id()}\n{base}\n{offset}\n")
            except OSError:
                # The next process measures it again.
                return
