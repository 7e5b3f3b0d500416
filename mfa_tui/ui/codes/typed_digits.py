"""The digits of a code while they are typed, told apart from those of other text.

A terminal may send a pasted text as keys, one after another. Six digits of a secret, of an address or of a long number
are no code, and are never sent as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.seeds.totp import DIGITS, not_a_code

if TYPE_CHECKING:
    from mfa_tui.errors import UsageError

PAUSE = 1.0
"""Seconds without a key after which a digit begins a new code, whatever was typed before."""
_BETWEEN = " \t-"
"""What stands between the digits of a code as apps show it."""


class TypedDigits:
    """The digits of *codes* codes, one after the other; other text removes them all, with the digits that follow it."""

    def __init__(self, codes: int = 1) -> None:
        self._most = codes * DIGITS
        self._last = float("-inf")
        self.text = ""
        """The digits so far."""
        self.problem: UsageError | None = None
        """Why what is being typed is no code; None as long as it may be one."""

    def type(self, character: str, now: float) -> None:
        """Take a typed character; *now* is in seconds, of a clock that runs on while nothing is typed."""
        paused = not 0 <= now - self._last < PAUSE
        self._last = now
        if not (character.isascii() and character.isdigit()):
            if character not in _BETWEEN:
                self.text, self.problem = "", not_a_code(character)
        elif self.problem is None or paused:
            self.problem = None
            self.text += character
            if len(self.text) > self._most:
                self.text, self.problem = "", not_a_code("0" * (DIGITS + 1))

    def end_line(self, now: float) -> None:
        """Enter was pressed: the lines of a text that follow each other at once belong together."""
        self._last = now

    def add(self, digits: str) -> None:
        """Add digits of a code that was pasted or typed elsewhere, as many as there is room for."""
        self.problem = None
        self.text = (self.text + digits)[: self._most]

    def erase(self) -> None:
        """Delete the last digit."""
        self.text, self.problem = self.text[:-1], None

    def clear(self) -> None:
        """Delete all digits."""
        self.text, self.problem = "", None
