"""The one place that knows the time: wall clock, monotonic clock, and how far AWS's clock is from ours."""

from __future__ import annotations

import os
import time

from mfa_tui.adapters.filesystem import private_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths

_NOISE = 2.0
"""Seconds that an answer's Date header cannot tell: its own second, and the way."""
_STEADY = 2.0
"""Seconds by which wall and monotonic clock may drift apart before the wall clock counts as set."""
_DAY = 86_400.0
"""Seconds that a clock which nothing vouches for is taken to be wrong by at the most."""
_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""The monotonic clock that goes on in suspend: on Linux CLOCK_BOOTTIME, on macOS CLOCK_MONOTONIC (clock_gettime(3)).
Windows has none of them; ``time.monotonic()`` counts sleep there."""


class Clock:
    """Time, as everything in mfa-tui asks for it; tests put a frozen one in its place.

    What an answer of AWS tells of the time holds for later processes too, once :meth:`persist_in` was called, until the
    machine starts again or its clock is set. That shows in the wall clock's distance from the monotonic one.
    """

    def __init__(self) -> None:
        self._path = ""
        self._boot: str | None = None
        self._looked = False
        self._measured: tuple[float, float] | None = None
        """When AWS told the time last: wall minus monotonic clock, and AWS's time minus the wall clock's."""

    def persist_in(self, paths: Paths) -> None:
        """Keep what AWS tells of the time in the cache, and go by what is kept there."""
        self._path = os.path.join(paths.cache, "clock")
        self._looked = False

    def now(self) -> float:
        """Seconds since the epoch, by this machine's clock."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that only ever grow, in suspend too where the system can tell; for deadlines and countdowns."""
        return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)

    @property
    def offset(self) -> float | None:
        """AWS's time minus ours in seconds; None if no answer of AWS has told, or the clock was set since."""
        measured = self._last()
        return None if measured is None or self._was_set_since(measured) else measured[1]

    @offset.setter
    def offset(self, offset: float | None) -> None:
        self._looked = True
        self._measured = None if offset is None else (self._base(), offset)

    @property
    def was_set(self) -> bool:
        """Whether the clock was set since AWS told the time."""
        return self._last() is not None and self.offset is None

    def aws_now(self) -> float:
        """Seconds since the epoch by AWS's clock, as far as it is known.

        Where the clock was set since AWS told the time, it may be right now. But it cannot be earlier than the
        monotonic clock makes it: a machine that is paused loses time, and never gains any.
        """
        return max(self.now(), self.earliest_aws_time()) if self.was_set else self.now() + (self.offset or 0.0)

    def earliest_aws_time(self) -> float:
        """The earliest time that it can be at AWS, in seconds since the epoch: what is over by then is over."""
        measured = self._last()
        if measured is not None:
            return self.monotonic() + measured[0] + measured[1]
        # Without a file nothing can be known of a clock, so it is believed.
        return self.now() - _DAY if self._path else self.now()

    def latest_aws_time(self) -> float:
        """The latest time that it can be at AWS, as far as clocks are wrong by a day at the most."""
        return self.aws_now() + (0.0 if self.offset is not None or not self._path else _DAY)

    def learn(self, aws_time: float, took: float) -> None:
        """Take over the offset from the Date header (whole seconds) of an answer that has just come.

        It was written within the *took* seconds before this. A smaller offset than can be told counts as none.
        """
        offset = aws_time + 0.5 - (self.now() - took / 2)
        offset = offset if abs(offset) > _NOISE + took / 2 else 0.0
        before = self._last()
        self._measured = (self._base(), offset)
        if before is None or self._was_set_since(before) or abs(offset - before[1]) > _NOISE:
            self._keep()

    def _was_set_since(self, measured: tuple[float, float]) -> bool:
        return abs(self._base() - measured[0]) > _STEADY

    def _base(self) -> float:
        return self.now() - self.monotonic()

    def _last(self) -> tuple[float, float] | None:
        if not self._looked:
            self._looked = True
            if self._path:
                self._measured = self._kept()
        return self._measured

    def _kept(self) -> tuple[float, float] | None:
        text = private_files.read(self._path)
        if text is None:
            return None
        try:
            boot, base, offset = text.splitlines()
            return (float(base), float(offset)) if boot == self._this_boot() else None
        except ValueError:
            return None

    def _keep(self) -> None:
        if self._path and self._measured:
            base, offset = self._measured
            try:
                private_files.write(self._path, f"{self._this_boot()}\n{base}\n{offset}\n")
            except OSError:
                # Then the next process learns it from AWS.
                return

    def _this_boot(self) -> str:
        """What tells this start of the machine from others; empty where the system does not say.

        Without it the clock counts as set when the machine starts, which comes to the same.
        """
        if self._boot is None:
            self._boot = (private_files.read(_BOOT_ID) or "").strip() if os.name == "posix" else ""
        return self._boot
