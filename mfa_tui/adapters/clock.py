"""The one place that knows the time: wall clock, monotonic clock, and how far AWS's clock is from ours."""

from __future__ import annotations

import time


class Clock:
    """Time, as everything in mfa-tui asks for it; tests put a frozen one in its place.

    ``offset`` is AWS's time minus ours in seconds, or None as long as no answer of AWS has told.
    """

    def __init__(self) -> None:
        self.offset: float | None = None

    def now(self) -> float:
        """Seconds since the epoch, by this machine's clock."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that only ever grow; for deadlines and countdowns."""
        return time.monotonic()

    def aws_now(self) -> float:
        """Seconds since the epoch by AWS's clock, as far as it is known."""
        return self.now() + (self.offset or 0.0)

    def learn(self, aws_time: float, asked: float, answered: float) -> None:
        """Take over the offset from an answer's Date header (whole seconds).

        The header was written between *asked* and *answered*, by this machine's wall clock. An offset of up to
        two seconds is noise: the header's own second, and the way.
        """
        offset = aws_time + 0.5 - (asked + answered) / 2
        self.offset = offset if abs(offset) > 2 + (answered - asked) / 2 else 0.0
