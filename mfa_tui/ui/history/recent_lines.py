"""What was done last, in a line each, from the history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mfa_tui.core.history.entry import action_words
from mfa_tui.ui.history.rows import MARKS, UNKNOWN
from mfa_tui.ui.text.cells import fitted
from mfa_tui.ui.text.spans import Line, Span, Tone, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.history.entry import Entry

_TIME = 6
"""Cells of the time or the date."""
_LONGEST_NAME = 18


def lines(entries: Sequence[Entry], now: float, width: int, height: int) -> list[Line]:
    """The entries, in at most *height* lines of *width* cells."""
    shown = entries[:height]
    longest = max((len(entry.profile) for entry in shown), default=0)
    return [_line(entry, now, width, min(longest, _LONGEST_NAME)) for entry in shown]


def _line(entry: Entry, now: float, width: int, name: int) -> Line:
    when = f"{_when(entry.at, now):<{_TIME}} "
    mark = MARKS.get(entry.result, UNKNOWN)
    profile = f"{fitted(entry.profile, name)}  " if name else ""
    room = max(1, width - len(when) - 2 - len(profile))
    words = _whole_clauses(entry.text.rstrip(".") or action_words(entry.action), room)
    return line(
        Span(when, Tone.DIM),
        Span(f"{mark.text} ", mark.tone),
        profile,
        Span(fitted(words, room).rstrip(), Tone.BAD if mark.tone == Tone.BAD else Tone.DIM),
    )


def _whole_clauses(words: str, room: int) -> str:
    """*words* without the clauses at their end that do not fit: the history has them all."""
    while len(words) > room and "; " in words:
        words = words.rpartition("; ")[0]
    return words


def _when(at: float, now: float) -> str:
    """The time of an action of today, else its date, in this machine's time zone."""
    then, today = datetime.fromtimestamp(at).astimezone(), datetime.fromtimestamp(now).astimezone()
    return then.strftime("%H:%M" if then.date() == today.date() else "%d %b")
