"""What a terminal shows, going by all that was written to it."""

import re

from rich.cells import cell_len

_CONTROL = re.compile(r"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<letter>[@-~])|\x1b[^\[]|[\x00-\x1a\x1c-\x1f\x7f]", re.DOTALL)
_CHARACTER = re.compile(r"[^\x00-\x1f\x7f]")

Style = tuple[frozenset[str], str, str]
"""Attributes, color, background."""
PLAIN: Style = (frozenset(), "39", "49")


class ReferenceTerminal:
    """A terminal of cells, which knows what Textual writes; it does not scroll."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, Style]] = {}
        """Characters and their style, by column and row."""
        self.cursor = (0, 0)
        self.received = 0
        """How many bytes were written to it."""
        self._style = PLAIN
        self._rest = ""

    @property
    def text(self) -> str:
        """All lines."""
        rows = max((y for _, y in self.cells), default=-1) + 1
        columns = max((x for x, _ in self.cells), default=-1) + 1
        blank = (" ", PLAIN)
        return "\n".join(
            "".join(self.cells.get((x, y), blank)[0] for x in range(columns)).rstrip() for y in range(rows)
        )

    def show(self, data: str) -> None:
        """Show what was written. A sequence that is not complete waits for its rest."""
        self.received += len(data.encode())
        data = self._rest + data
        at = 0
        while at < len(data):
            if found := _CONTROL.match(data, at):
                self._control(found[0], (found["numbers"] or "").split(";"), found["letter"])
                at = found.end()
            elif data[at] == "\x1b":
                break
            else:
                self._put(data[at])
                at += 1
        self._rest = data[at:]

    write = show
    """As a file to which what was read is logged."""

    def flush(self) -> None:
        """There is nothing to flush."""

    def _put(self, character: str) -> None:
        (x, y), width = self.cursor, cell_len(character)
        attributes, _, background = style = self._style
        if width == 0:
            before = max((column for column, row in self.cells if row == y and column < x), default=0)
            while before and not self.cells[before, y][0]:
                before -= 1
            text, of = self.cells[before, y]
            self.cells[before, y] = (text + character, of)
            return
        if character == " " and not attributes & {"4", "7"}:
            style = (frozenset(), "", background)
        self.cells[x, y] = (character, style)
        if width > 1:
            self.cells[x + 1, y] = ("", style)
        self.cursor = (x + width, y)

    def _control(self, whole: str, numbers: list[str], letter: str | None) -> None:
        x, y = self.cursor
        if whole == "\n":
            self.cursor = (0, y + 1)
        elif letter == "H":
            self.cursor = (int(numbers[1]) - 1, int(numbers[0]) - 1)
        elif letter == "C":
            self.cursor = (x + int(numbers[0]), y)
        elif letter == "m":
            while numbers:
                self._select(numbers)

    def _select(self, numbers: list[str]) -> None:
        attributes, color, background = self._style
        number = int(numbers.pop(0) or 0)
        value = str(number)
        if number in (38, 48):
            taken = numbers[: 4 if numbers[0] == "2" else 2]
            del numbers[: len(taken)]
            value = ";".join([value, *taken])
        if number == 0:
            attributes, color, background = PLAIN
        elif 30 <= number < 40 or 90 <= number < 100:
            color = value
        elif number >= 40:
            background = value
        else:
            attributes |= {value}
        self._style = (attributes, color, background)
