"""Two consecutive codes while they are being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, checked_code, seconds_left
from mfa_tui.models import Secret
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

_BAR = 12


class TypedPair:
    """The digits of both codes, one after the other."""

    def __init__(self) -> None:
        self._digits = ""

    def __iter__(self) -> Iterator[str]:
        """The digits of the first and of the second code."""
        return iter((self._digits[:DIGITS], self._digits[DIGITS:]))

    @property
    def codes(self) -> tuple[Secret, Secret] | None:
        """Both codes; None until they are complete."""
        first, second = self
        return (Secret(first), Secret(second)) if len(second) == DIGITS else None

    def add(self, digits: str) -> None:
        """Add typed digits."""
        self._digits = (self._digits + digits)[: 2 * DIGITS]

    def paste(self, text: str) -> None:
        """Add a pasted code. Raises UsageError if it is not one."""
        self.add(checked_code(text).reveal())

    def erase(self) -> None:
        """Delete the last digit."""
        self._digits = self._digits[:-1]

    def clear(self) -> None:
        """Delete all digits."""
        self._digits = ""

    def advice(self, now: float) -> Line:
        """Which code to type now, and when the next one comes; *now* is AWS's time."""
        left = seconds_left(now)
        clock = (*progress_bar(left, PERIOD, _BAR), Span(f" {format_seconds(left):>4}", Tone.DIM))
        if len(self._digits) < DIGITS:
            return line("Type the current code.   ", *clock)
        if len(self._digits) < 2 * DIGITS:
            return line("The next code appears in   ", *clock)
        return line("Press Enter to send both codes to AWS.")
