"""The list of the history screen: a line for each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from mfa_tui.ui.history.rows import MARKS, UNKNOWN, action_cell, when
from mfa_tui.ui.text.cells import fitted
from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from mfa_tui.core.history.entry import Entry
    from mfa_tui.ui.history.rows import EntryList

_PREFIX = "history-table--"
_GUTTER, _GAP = 3, 2
_TIME, _SHORT_TIME, _MARK = 16, 12, 1
_WITH_WEEKDAY = 100
"""Columns from which the day of the week is shown."""
_PROFILE, _ACTION = 24, 28
"""The most cells of these columns."""
_LEAST_TEXT = 16
"""Cells for what happened; with fewer, the column is left out, and the details say the same."""


class HistoryTable(LineList):
    """A line for each entry."""

    DEFAULT_CSS = """
    HistoryTable {
        & > .history-table--header { color: $text-muted; }
        & > .history-table--cursor { background: $cursor-row; text-style: bold; }
        & > .history-table--mark { color: $accent; }
        & > .history-table--dim { color: $text-muted; }
        & > .history-table--good { color: $success; }
        & > .history-table--warn { color: $warning; }
        & > .history-table--bad { color: $error; }

        &:ansi > .history-table--cursor { background: ansi_cyan; color: ansi_black; text-style: none; }
        &:ansi > .history-table--dim { color: ansi_default; text-style: dim; }
        &:ansi > .history-table--header { color: ansi_default; text-style: dim; }
    }
    """
    PREFIX = _PREFIX
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        _PREFIX + name for name in ("header", "cursor", "mark", Tone.DIM, Tone.GOOD, Tone.WARN, Tone.BAD)
    }

    def __init__(self, entries: EntryList, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._entries = entries

    @property
    def count(self) -> int:
        """How many entries are shown."""
        return len(self._entries.shown)

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor; None if there is none."""
        return self._entries.shown[self.cursor] if self.cursor < self.count else None

    def _widths(self, width: int) -> tuple[int, int, int]:
        """The cells for profile, action, and what happened; 0 for a column that is left out."""
        profile, action = self._entries.widest
        profile, action = min(_PROFILE, max(len("PROFILE"), profile)), min(_ACTION, max(len("ACTION"), action))
        left = width - _GUTTER - _time(width) - _GAP - _MARK - _GAP - profile - _GAP - action - _GAP
        return (profile, action, left) if left >= _LEAST_TEXT else (profile, action + max(0, left) + _GAP, 0)

    def draw_titles(self, width: int) -> Strip:
        """The titles."""
        profile, action, text = self._widths(width)
        title = " " * _GUTTER + fitted("TIME", _time(width) + _GAP + _MARK + _GAP) + fitted("PROFILE", profile + _GAP)
        title += fitted("ACTION", action + _GAP) + (fitted("RESULT", text) if text else "")
        return Strip([Segment(title, self.part_style("header"))]).adjust_cell_length(width, self.part_style())

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of an entry."""
        entry, at_cursor = self._entries.shown[index], index == self.cursor
        own = ("cursor",) if at_cursor else ()
        profile, action, text = self._widths(width)
        mark, gap = MARKS.get(entry.result, UNKNOWN), " " * _GAP
        base, moment = self.part_style(*own), when(entry, weekday=width >= _WITH_WEEKDAY)
        segments = [
            Segment(" › " if at_cursor else " " * _GUTTER, self.part_style(*own, "mark")),
            Segment(fitted(moment, _time(width)) + gap, self.part_style(*own, Tone.DIM)),
            Segment(mark.text + gap, self.part_style(*own, mark.tone)),
            Segment(fitted(entry.profile or "–", profile) + gap, base),
            Segment(fitted(action_cell(entry), action) + gap, base),
        ]
        if text:
            segments.append(Segment(fitted(entry.text or entry.result, text), self.part_style(*own, Tone.DIM)))
        return Strip(segments).adjust_cell_length(width, base)


def _time(width: int) -> int:
    """The cells for the time in a list of that width."""
    return _TIME if width >= _WITH_WEEKDAY else _SHORT_TIME
