"""Two consecutive codes while they are being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, checked_code, seconds_left
from mfa_tui.models import Secret
from mfa_tui.ui.codes.typed_digits import TypedDigits
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.errors import UsageError

_BAR = 12


class TypedTwoCodes:
    """The digits of both codes, one after the other."""

    def __init__(self) -> None:
        self._typed = TypedDigits(codes=2)

    @property
    def _digits(self) -> str:
        return self._typed.text

    def __iter__(self) -> Iterator[str]:
        """The digits of the first and of the second code."""
        return iter((self._digits[:DIGITS], self._digits[DIGITS:]))

    @property
    def codes(self) -> tuple[Secret, Secret] | None:
        """Both codes; None until they are complete."""
        first, second = self
        return (Secret(first), Secret(second)) if len(second) == DIGITS else None

    def type(self, character: str, now: float) -> UsageError | None:
        """Take a typed character; returns why what is being typed is no code, or None. *now*: see ``TypedDigits``."""
        self._typed.type(character, now)
        return self._typed.problem

    def paste(self, text: str) -> None:
        """Add a pasted code. Raises UsageError if it is not one."""
        self._typed.add(checked_code(text).reveal())

    def erase(self) -> None:
        """Delete the last digit."""
        self._typed.erase()

    def clear(self) -> None:
        """Delete all digits."""
        self._typed.clear()

    def advice(self, now: float) -> Line:
        """Which code to type now, and when the next one comes; *now* is AWS's time."""
        left = seconds_left(now)
        clock = (*progress_bar(left, PERIOD, _BAR), Span(f" {format_seconds(left):>4}", Tone.DIM))
        if len(self._digits) < DIGITS:
            return line("Type the current code.   ", *clock)
        if len(self._digits) < 2 * DIGITS:
            return line("The next code appears in   ", *clock)
        return line("Press Enter to send both codes to AWS.")
