"""A list whose rows have cells, in columns that use the width."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from mfa_tui.ui.text.cells import fitted, fitting_columns, widened
from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mfa_tui.ui.text.spans import Span

_PREFIX = "column-table--"
_TONES = (Tone.DIM, Tone.STRONG, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.KEY)
_GUTTER, _GAP = 3, 2


class ColumnTable(LineList):
    """A line for each row of cells; *columns* are the least widths of the columns by their titles.

    The last column takes what is left. Where there is too little room, those of *spare* are left out, in its order.
    """

    DEFAULT_CSS = """
    ColumnTable {
        & > .column-table--header { color: $text-muted; }
        & > .column-table--cursor { background: $cursor-row; text-style: bold; }
        & > .column-table--mark { color: $accent; }
        & > .column-table--dim { color: $text-muted; }
        & > .column-table--strong { text-style: bold; }
        & > .column-table--good { color: $success; }
        & > .column-table--warn { color: $warning; }
        & > .column-table--bad { color: $error; }
        & > .column-table--key { color: $accent; }

        &:ansi > .column-table--cursor { background: ansi_cyan; color: ansi_black; text-style: none; }
        &:ansi > .column-table--dim { color: ansi_default; text-style: dim; }
        &:ansi > .column-table--header { color: ansi_default; text-style: dim; }
    }
    """
    PREFIX = _PREFIX
    COMPONENT_CLASSES: ClassVar[set[str]] = {_PREFIX + name for name in ("header", "cursor", "mark", *_TONES)}

    def __init__(self, columns: Mapping[str, int], spare: Sequence[str]) -> None:
        super().__init__(id="table")
        self.columns = columns
        """The least widths of the columns, by their titles."""
        self._spare = spare
        self._rows: list[Mapping[str, Span]] = []
        self._widest: Mapping[str, int] = dict.fromkeys(columns, 0)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def show(self, rows: list[Mapping[str, Span]], cursor: int) -> None:
        """Show *rows*, each with a cell for every column, and put the cursor on one."""
        if rows != self._rows or cursor != self.cursor:
            self._rows = rows
            self._widest = {title: max((len(row[title].text) for row in rows), default=0) for title in self.columns}
            self.put_cursor(cursor)

    def _widths(self, width: int) -> dict[str, int]:
        return widened(fitting_columns(self.columns, width - _GUTTER, self._spare), self._widest)

    def draw_titles(self, width: int) -> Strip:
        """The titles."""
        style = self.part_style("header")
        segments = [Segment(" " * _GUTTER, style)]
        segments += [Segment(fitted(title, cells) + " " * _GAP, style) for title, cells in self._widths(width).items()]
        return Strip(segments).adjust_cell_length(width, self.part_style())

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of a row."""
        own = ("cursor",) if index == self.cursor else ()
        segments = [Segment(" › " if own else " " * _GUTTER, self.part_style(*own, "mark"))]
        for title, cells in self._widths(width).items():
            cell = self._rows[index][title]
            segments.append(Segment(fitted(cell.text, cells), self.part_style(*own, cell.tone)))
            segments.append(Segment(" " * _GAP, self.part_style(*own)))
        return Strip(segments).adjust_cell_length(width, self.part_style(*own))
