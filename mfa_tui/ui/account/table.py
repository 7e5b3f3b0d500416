"""The table of the account screen: users, and what else has findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from mfa_tui.ui.text.cells import fitted
from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.ui.account.rows import AccountRow
    from mfa_tui.ui.account.state import AccountList

_PREFIX = "account-table--"
_TONES = (Tone.DIM, Tone.STRONG, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY)
_GUTTER, _GAP = 3, 2
_COUNTED = 12
"""Cells for the worst severity and the count of findings."""
_NAMES = (8, 15, 40)
"""Cells for names: the least, those that matter more than what the cells of others say in full, and the most."""
_TITLES = ("USER", "CONSOLE", "ADMIN", "MFA", "KEYS", "USED", "FINDINGS")
_MOST = (7, 5, 18, 14, 7)
"""The most cells of the columns between."""
_CUT = {3: 9, 4: 11}
"""Columns that are cut where there is little room, by their index, and the cells that they keep."""
_LEFT_OUT = (5, 1, 2, 4)
"""The indexes of columns that are left out where there is less, in this order: the details say the same."""


class Column(NamedTuple):
    """A column."""

    place: int
    """What it shows: 0 is the name, the others are the cells of a row."""
    width: int
    """Its width in cells."""

    @property
    def title(self) -> str:
        """Its title."""
        return _TITLES[self.place]


def columns(width: int, widest: Sequence[int]) -> tuple[Column, ...]:
    """The columns of a table that is so many cells wide; *widest* is what each would need (``AuditView.widest``)."""
    middle = {
        index: min(most, max(len(_TITLES[index]), widest[index] if widest else 0))
        for index, most in enumerate(_MOST, 1)
    }

    def left_for_name() -> int:
        return width - _GUTTER - sum(cells + _GAP for cells in middle.values()) - _GAP - _COUNTED

    least, preferred, most = _NAMES
    wanted = min(most, max(len(_TITLES[0]) + 1, widest[0] if widest else 0))
    for index, cells in _CUT.items():
        if left_for_name() < min(wanted, preferred):
            middle[index] = min(middle[index], max(cells, middle[index] + left_for_name() - preferred))
    for index in _LEFT_OUT:
        if left_for_name() < least:
            del middle[index]
    name = max(least, min(wanted, left_for_name()))
    last = max(_COUNTED, _COUNTED + left_for_name() - name)
    return (Column(0, name), *(Column(index, cells) for index, cells in middle.items()), Column(len(_MOST) + 1, last))


class AccountTable(LineList):
    """A line for each row. A click on a title posts which column to sort by."""

    DEFAULT_CSS = """
    AccountTable {
        & > .account-table--header { color: $text-muted; }
        & > .account-table--sorted { color: $accent; }
        & > .account-table--cursor { background: $cursor-row; text-style: bold; }
        & > .account-table--mark { color: $accent; }
        & > .account-table--match { color: $accent; text-style: underline; }
        & > .account-table--dim { color: $text-muted; }
        & > .account-table--strong { text-style: bold; }
        & > .account-table--good { color: $success; }
        & > .account-table--warn { color: $warning; }
        & > .account-table--bad { color: $error; }
        & > .account-table--busy { color: $primary; }

        &:ansi > .account-table--cursor { background: ansi_cyan; color: ansi_black; text-style: none; }
        &:ansi > .account-table--dim { color: ansi_default; text-style: dim; }
        &:ansi > .account-table--header { color: ansi_default; text-style: dim; }
    }
    """
    PREFIX = _PREFIX
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        _PREFIX + name for name in ("header", "sorted", "cursor", "mark", "match", *_TONES)
    }

    class SortWanted(Message):
        """The title of a column was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column
            """The column's index."""

    def __init__(self, rows: AccountList, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows = rows
        self.drawn = 0
        """How many rows were drawn so far."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows.shown)

    @property
    def current(self) -> AccountRow | None:
        """The row under the cursor; None if there is none."""
        return self._rows.shown[self.cursor] if self.cursor < self.count else None

    def show(self) -> None:
        """Show the rows as they are now. The cursor stays on its row, if that is still there."""
        self.put_cursor(self._rows.cursor_on(self.cursor))

    @property
    def next_column(self) -> int:
        """The index of the column after the one that the rows are sorted by, of those that are shown."""
        shown = [column.place for column in self._columns(self.row_width)]
        return next((index for index in shown if index > self._rows.sorted_by), shown[0])

    def _columns(self, width: int) -> tuple[Column, ...]:
        return columns(width, self._rows.view.widest if self._rows.view is not None else ())

    def draw_titles(self, width: int) -> Strip:
        """The titles, of which that of the sorted column has an arrow."""
        segments = [Segment(" " * _GUTTER, self.part_style("header"))]
        for column in self._columns(width):
            by = column.place == self._rows.sorted_by
            title = column.title + ("↑" if self._rows.reverse else "↓") * by
            style = self.part_style("sorted" if by else "header")
            # The arrow may stand in the gap.
            segments.append(Segment(fitted(title, column.width + 1) + " " * (_GAP - 1), style))
        return Strip(segments).adjust_cell_length(width, self.part_style())

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of a row."""
        self.drawn += 1
        row, layout = self._rows.shown[index], self._columns(width)
        at_cursor = index == self.cursor
        own = ("cursor",) if at_cursor else ()
        base = self.part_style(*own)
        segments = [Segment(" › " if at_cursor else " " * _GUTTER, self.part_style(*own, "mark"))]
        named, *others = layout
        room = named.width
        # A row that is no user has few cells; a long name takes the room of those that are empty.
        while len(row.name) > room and others and not row.cells[others[0].place - 1].text:
            room += _GAP + others.pop(0).width
        segments += self._marked_name(row.name, room, own)
        for column in others:
            cell = row.cells[column.place - 1]
            text = " " * _GAP + fitted(cell.text, column.width)
            segments.append(Segment(text, self.part_style(*own, cell.tone)))
        if row.findings and layout[-1].width > _COUNTED:
            # The column begins with the severity and the count.
            segments[-1] = Segment(segments[-1].text[: _GAP + _COUNTED], segments[-1].style)
            room = layout[-1].width - _COUNTED - _GAP
            ids = list(dict.fromkeys(one.id for one in row.findings))
            text = ", ".join(ids)
            if len(text) > room:
                text = ids[0] + (f" +{len(ids) - 1}" if len(ids) > 1 else "")
            text = " " * _GAP + fitted(text, room)
            segments.append(Segment(text, self.part_style(*own, Tone.DIM)))
        return Strip(segments).adjust_cell_length(width, base)

    def _marked_name(self, name: str, width: int, own: tuple[str, ...]) -> list[Segment]:
        """The name, with the words of the filter marked in it."""
        style, match = self.part_style(*own), self.part_style(*own, "match")
        shown = fitted(name, width)
        segments, done = [], 0
        for start, end in _occurrences(name, self._rows.wanted):
            if start >= done and end < width:
                segments += [Segment(shown[done:start], style), Segment(shown[start:end], match)]
                done = end
        return [*segments, Segment(shown[done:], style)]

    def on_line_list_title_clicked(self, message: LineList.TitleClicked) -> None:
        """Post which column's title was clicked."""
        message.stop()
        start = _GUTTER
        for column in self._columns(self.row_width):
            if start <= message.x < start + column.width + _GAP:
                self.post_message(self.SortWanted(column.place))
                return
            start += column.width + _GAP


def _occurrences(name: str, wanted: str) -> list[tuple[int, int]]:
    """Where the words of *wanted* occur in *name*, as (start, end) in characters."""
    folded = name.casefold()
    if len(folded) != len(name):
        return []
    starts = [(folded.find(word), len(word)) for word in wanted.casefold().split()]
    return sorted((start, start + length) for start, length in starts if start >= 0)
