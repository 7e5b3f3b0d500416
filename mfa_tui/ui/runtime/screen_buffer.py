"""What the terminal shows, cell by cell, so that only what differs is written to it: its line may be slow.

Textual writes each widget that it draws whole, and each piece of text with all of its colors.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FRAME = re.compile(r"\x1b\[\d+;\d+H")
_TOKENS = re.compile(
    r"\x1b\[(?P<place>\d+;\d+)H|\x1b\[(?P<style>[\d;]*)m|(?P<text>[^\x00-\x1f\x7f]+)|\r?(?P<line>\n)"
    r"|(?P<other>\x1b\[[\d;?]*[^\d;?]|[\x00-\x1f\x7f])"
)
_ALTERNATE_SCREEN = "\x1b[?1049h"
_SEEN_ON_BLANKS = frozenset(("4", "7", "9", "21", "53"))
"""Codes of what is visible without a letter: underlines, reverse, strike, overline."""
_ANY = ""
"""The color of text where there is none."""


class Pen(NamedTuple):
    """How a cell is drawn, in the numbers of ECMA-48's "select graphic rendition"."""

    attributes: frozenset[str] = frozenset()
    """Such as ``1`` for bold."""
    color: str = "39"
    """Of the text; ``39`` is the terminal's own."""
    background: str = "49"
    """Behind the text; ``49`` is the terminal's own."""


_PLAIN = Pen()
_PEN = itemgetter(1)
"""The pen of a cell."""
_Cell = tuple[str, Pen]
"""A character with its pen. Text of which not each character has one cell is in its first one; the others are empty."""
_Token = tuple[str, str]
"""A group of ``_TOKENS``, and its text."""


class ScreenBuffer:
    """Leaves out of what is to be written what the terminal shows already."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._rows: dict[int, list[_Cell | None]] = {}
        self._complete = False
        self._cursor = ""

    def forget(self) -> None:
        """Write every cell the next time: something else may have drawn on the terminal."""
        self._rows.clear()
        self._complete = False
        self._cursor = ""

    def difference(self, data: str, size: tuple[int, int]) -> str:
        """What is to be written in place of *data*, to a terminal of so many columns and rows."""
        if not _FRAME.match(data):
            if _ALTERNATE_SCREEN in data:
                self.forget()
            return data
        tokens = _tokens(data)
        if any(kind == "other" for kind, _ in tokens):
            self.forget()
            return data
        if size != self._size or not self._complete:
            # Until Textual has drawn all in the terminal's new size, it may write to where there is nothing now.
            self.forget()
            self._size = size
        return self._changed(tokens)

    def _changed(self, tokens: Sequence[_Token]) -> str:
        written, cursor = _Written(), ""
        for x, y, cells in _pieces(tokens):
            if not cells:
                cursor = f"\x1b[{y + 1};{x + 1}H"
                continue
            row = self._rows.setdefault(y, [])
            if x == len(row):
                # Nothing is known of it yet, as in all of the first frame.
                written.add(x, y, cells)
                row += cells
                continue
            row += [None] * (x + len(cells) - len(row))
            before = row[x : x + len(cells)]
            if cells != before:
                for start, end in _runs(before, cells):
                    written.add(x + start, y, cells[start:end])
                row[x : x + len(cells)] = cells
        if not self._complete:
            columns, rows = self._size
            whole = all(len(row) == columns and None not in row for row in self._rows.values())
            self._complete = whole and len(self._rows) == rows
        text = written.text()
        if not text and cursor == self._cursor:
            return ""
        self._cursor = cursor
        return text + cursor


class _Written:
    """Cells as terminal sequences, with as few of them as there can be."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pen = _PLAIN
        self._at = (-1, -1)

    def add(self, x: int, y: int, cells: Sequence[_Cell]) -> None:
        """Write *cells* at a column and row, counted from 0."""
        column, row = self._at
        if (x, y) != self._at:
            ahead = x - column
            self._parts.append(f"\x1b[{ahead}C" if y == row and ahead > 0 else f"\x1b[{y + 1};{x + 1}H")
        texts = [text for text, _ in cells]
        for pen, group in groupby(cells, _PEN):
            codes, self._pen = _change(self._pen, pen)
            self._parts.append(codes + "".join([text for text, _ in group]))
        # A terminal may have another opinion of the width of what is not one character in one cell.
        certain = "" not in texts and len("".join(texts)) == len(cells)
        self._at = (x + len(cells), y) if certain else (-1, -1)

    def text(self) -> str:
        """The sequences; at their end, the pen is plain again."""
        return "".join([*self._parts, _change(self._pen, _PLAIN)[0]])


def compact(data: str) -> str:
    """*data* without the codes that select the pen which is selected already; itself where nothing is gained."""
    parts: list[str] = []
    now, wanted = _PLAIN, _PLAIN
    for kind, token in _tokens(data):
        if kind == "style":
            wanted = pen_after(wanted, token)
            continue
        # Where lines are scrolled or cleared, the background that is selected may appear.
        shown = _PLAIN if kind != "text" else wanted if token.strip() else _without_text(wanted)
        codes, now = _change(now, shown)
        parts += [codes, f"\x1b[{token}H" if kind == "place" else token]
    # A blank changes the background alone, which may take a code more than to change all at once.
    return min(data, "".join([*parts, _change(now, _PLAIN)[0]]), key=len)


def _tokens(data: str) -> list[_Token]:
    return [(kind, match[kind]) for match in _TOKENS.finditer(data) if (kind := match.lastgroup)]


def _pieces(tokens: Iterable[_Token]) -> Iterator[tuple[int, int, list[_Cell]]]:
    """Cells that are side by side, with the column and row of the first, counted from 0. Without cells: the cursor."""
    x = y = 0
    pen = _PLAIN
    cells: list[_Cell] = []
    for kind, token in tokens:
        if kind == "style":
            pen = pen_after(pen, token)
        elif kind == "text":
            cells += _cells(token, pen)
        else:
            if cells:
                yield x, y, cells
            cells = []
            if kind == "line":
                x, y = 0, y + 1
            else:
                row, _, column = token.partition(";")
                x, y = int(column) - 1, int(row) - 1
    yield x, y, cells


def _cells(text: str, pen: Pen) -> list[_Cell]:
    """The cells of *text*."""
    if not _is_simple(text):
        return ([(text, pen)] + [("", pen)] * (cell_len(text) - 1))[: cell_len(text)]
    if " " not in text:
        return [(character, pen) for character in text]
    blank = (" ", _without_text(pen))
    if not text.strip(" "):
        # As most of the screen is.
        return [blank] * len(text)
    return [blank if character == " " else (character, pen) for character in text]


@lru_cache(maxsize=4096)
def _is_simple(text: str) -> bool:
    """Whether each of its characters has one cell."""
    return text.isascii() or all(cell_len(character) == 1 for character in text)


def _runs(before: Sequence[_Cell | None], after: Sequence[_Cell]) -> Iterator[tuple[int, int]]:
    """From where to where the cells differ. Text that has more cells than one is never divided."""
    at, end = 0, len(after)
    while at < end:
        if before[at] == after[at]:
            at += 1
            continue
        start = at
        while start and not after[start][0]:
            start -= 1
        while at < end and (before[at] != after[at] or not after[at][0]):
            at += 1
        yield start, at


@lru_cache(maxsize=1024)
def _without_text(pen: Pen) -> Pen:
    """The pen of a blank: its color does not matter, unless it is visible there, too."""
    return pen if pen.attributes & _SEEN_ON_BLANKS else Pen(frozenset(), _ANY, pen.background)


@lru_cache(maxsize=4096)
def _change(before: Pen, after: Pen) -> tuple[str, Pen]:
    """The codes from one pen to the other, and the pen that is selected then."""
    if after.color == _ANY:
        seen = before.attributes & _SEEN_ON_BLANKS
        after = Pen(*_PLAIN[:2], after.background) if seen else before._replace(background=after.background)
    again = after == _PLAIN != before or before.attributes - after.attributes
    since = _PLAIN if again else before
    codes = ["0"] if again else []
    codes += sorted(after.attributes - since.attributes)
    codes += [now for now, then in zip(after[1:], since[1:], strict=True) if now != then]
    return (f"\x1b[{';'.join(codes)}m" if codes else ""), after


@lru_cache(maxsize=4096)
def pen_after(before: Pen, numbers: str) -> Pen:
    """The pen that ``ESC [ numbers m`` selects. Nothing but 0 takes an attribute away, as Textual writes them."""
    attributes, color, background = before
    left = numbers.split(";")
    while left:
        code = left.pop(0)
        if code in ("38", "48"):
            # 2 and red, green and blue, or 5 and a number of the palette.
            length = 4 if left[:1] == ["2"] else 2
            code, left = ";".join([code, *left[:length]]), left[length:]
        number = int(code.partition(";")[0] or 0)
        if not number:
            attributes, color, background = _PLAIN
        elif number // 10 in (3, 9):
            color = code
        elif number // 10 in (4, 10):
            background = code
        else:
            attributes |= {code}
    return Pen(attributes, color, background)
