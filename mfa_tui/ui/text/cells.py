"""Cells of a terminal in tables: the gutter, and text of an exact width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.text.display import with_placeholders
from mfa_tui.ui.text.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GUTTER = 4
"""Cells at the start of a row: the pin, the cursor, the mark of what is in use, a space."""
_GAP = 2
"""Cells between two columns."""


def fitted(text: str, width: int) -> str:
    """*text* in exactly *width* cells, cut with an ellipsis; nothing in it can control the terminal."""
    from rich.cells import cell_len, set_cell_size

    text = with_placeholders(text)
    if len(text) <= width and text.isascii():
        return text.ljust(width)
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def fitting_columns(widths: Mapping[str, int], room: int, spare: Sequence[str]) -> dict[str, int]:
    """The columns that fit in *room* cells: their widths by their titles. The last one takes what is left.

    Those in *spare* are left out where there is too little room, in its order; narrow ones come back where a wide one
    made more room than was needed.
    """

    def left() -> int:
        return room - sum(kept.values()) - _GAP * (len(kept) - 1)

    kept = dict(widths)
    left_out: list[str] = []
    for title in spare:
        if left() < 0:
            del kept[title]
            left_out.append(title)
    for title in left_out:
        if left() >= widths[title] + _GAP:
            kept = {each: cells for each, cells in widths.items() if each in kept or each == title}
    last = next(reversed(kept))
    kept[last] = max(1, kept[last] + left())
    return kept


def widened(widths: Mapping[str, int], widest: Mapping[str, int]) -> dict[str, int]:
    """*widths* of columns, of which those that cut their *widest* cell have got what the last one does not need."""
    result = dict(widths)
    last = next(reversed(result))
    for title, width in widths.items():
        more = min(widest[title] - width, result[last] - max(widest[last], len(last)))
        if title != last and more > 0:
            result[title] += more
            result[last] -= more
    return result


def cells_of(cells: Mapping[str, Span], widths: Mapping[str, int]) -> list[Span]:
    """The cells of a row, by the titles of their columns, in the *widths* of :func:`fitting_columns`."""
    spans: list[Span] = []
    for title, width in widths.items():
        spans += [*([Span(" " * _GAP)] if spans else []), Span(fitted(cells[title].text, width), cells[title].tone)]
    return spans


def titles_of(widths: Mapping[str, int], tone: str) -> list[Span]:
    """The line of the titles, above the cells."""
    return [Span(" " * GUTTER), *cells_of({title: Span(title, tone) for title in widths}, widths)]
