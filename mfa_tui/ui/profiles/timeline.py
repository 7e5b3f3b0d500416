"""The day's timeline: each valid session as a bar over the hours, those that expire first on top."""

from __future__ import annotations

import itertools
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.services.sessions.lookup import SIGNS, State
from mfa_tui.ui.text.cells import fitted
from mfa_tui.ui.text.spans import Line, Span, Tone, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.ui.state.live_sessions import LiveSession

_HOUR = 3600.0
_NAME = 14
_LABEL = 4
"""Cells that an hour's label needs, with a space."""
_END = 6
"""Cells of the time at which a session expires, with a space."""
_SHORTEST = 4 * _HOUR


def lines(
    sessions: Sequence[LiveSession], now: float, width: int, height: int, *, title: str, current: str = ""
) -> list[Line]:
    """The timeline in at most *height* lines of *width* cells, below its *title*; the name *current* stands out."""
    above = line(Span(title, Tone.DIM))
    if not sessions:
        return [above, line(Span("No session is valid now.", Tone.DIM))]
    room = max(1, height - 1)
    shown = sessions if len(sessions) <= room else sessions[: room - 1]
    cells = width - _NAME - 1 - _END
    if cells < 2 * _LABEL:
        return [above, *(_short(bar, now, width) for bar in shown)]
    window = _Window(sessions, now, cells)
    result = [line(Span(fitted(title, _NAME + 1), Tone.DIM), Span(window.hours(), Tone.DIM))]
    result += [_drawn(bar, window, now, current) for bar in shown]
    if len(shown) < len(sessions):
        result.append(line(Span(f"and {len(sessions) - len(shown)} more", Tone.DIM)))
    return result


class _Window:
    """The hours that are shown, and where a time lies in them."""

    def __init__(self, sessions: Sequence[LiveSession], now: float, cells: int) -> None:
        first = max(min(bar.begins for bar in sessions), now - 12 * _HOUR)
        last = max(*(bar.expires for bar in sessions), first + _SHORTEST)
        self._begin = datetime.fromtimestamp(first).astimezone().replace(minute=0, second=0, microsecond=0).timestamp()
        hours = math.ceil((last - self._begin) / _HOUR)
        steps = itertools.chain((1, 2, 3, 4, 6, 12), itertools.count(24, 24))
        self._step = next(each for each in steps if cells * each >= _LABEL * hours)
        # Whole cells from one label to the next, so that they stand at even distances.
        self._cells_of_step = cells * self._step // hours
        self.cells = cells

    def cell(self, time: float) -> int:
        """The cell of a time, in 0 to ``cells``."""
        at = math.floor((time - self._begin) / _HOUR * self._cells_of_step / self._step + 0.5)
        return max(0, min(self.cells, at))

    def hours(self) -> str:
        """The labels of full hours, as many as there is room for."""
        labels = ""
        begin = datetime.fromtimestamp(self._begin).astimezone()
        hour = -begin.hour % self._step
        while (at := self.cell(self._begin + hour * _HOUR)) + 2 <= self.cells:
            labels = f"{labels.ljust(at)}{begin + timedelta(hours=hour):%H}"
            hour += self._step
        return labels.ljust(self.cells)


def _drawn(bar: LiveSession, window: _Window, now: float, current: str) -> Line:
    begin, here = window.cell(bar.begins), window.cell(now)
    end = min(window.cells - bar.ending, max(window.cell(bar.expires), here + 1))
    tone = Tone.WARN if bar.ending else Tone.GOOD
    expires = datetime.fromtimestamp(bar.expires).astimezone()
    return line(
        Span(fitted(bar.name, _NAME), Tone.STRONG if bar.name == current else Tone.PLAIN),
        " " * (1 + begin),
        Span("─" * (here - begin), Tone.FAINT),
        Span("━" * (end - here) + SIGNS[State.ENDING] * bar.ending, tone),
        Span(f"{' ' * (window.cells - end - bar.ending)} {expires:%H:%M}", Tone.DIM),
    )


def _short(bar: LiveSession, now: float, width: int) -> Line:
    words = f"{SIGNS[State.ENDING if bar.ending else State.LIVE]} {format_duration(bar.expires - now)}"
    name = fitted(bar.name, max(1, width - len(words) - 2))
    return line(f"{name}  ", Span(words, Tone.WARN if bar.ending else Tone.GOOD))
