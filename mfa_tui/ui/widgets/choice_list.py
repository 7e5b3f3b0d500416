"""Choices, one below the other; a click posts a message."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from mfa_tui.ui.widgets.styled import CURSOR, Lines, style_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from mfa_tui.ui.text.spans import Line


class ChoiceList(Lines):
    """Shows choices of one or more lines each."""

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        """The choice with this index was clicked."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ends: tuple[int, ...] = ()
        self._cursor: int | None = None

    def offer(self, choices: Sequence[list[Line]], *, cursor: int | None = None) -> None:
        """Set the choices, from top to bottom. The one at *cursor* gets a background, unless its marks are enough."""
        self._ends = tuple(accumulate(len(lines) for lines in choices))
        if cursor != self._cursor:
            self._cursor = cursor
            self.refresh()
        self.show([line for lines in choices for line in lines])

    def content_of(self, y: int) -> Content:
        """One of the lines; the cursor's spans the whole width."""
        shown, cursor = super().content_of(y), self._cursor
        if cursor is None or cursor >= len(self._ends) or not (0, *self._ends)[cursor] <= y < self._ends[cursor]:
            return shown
        if self.app.native_ansi_color:
            # Colors that the terminal defines may not be readable on each other.
            shown = Content(shown.plain)
        padding = max(0, self.content_size.width - shown.cell_length)
        return shown.pad_right(padding).stylize_before(style_for(self, CURSOR))

    def on_click(self, event: events.Click) -> None:
        """Post which choice was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = next((index for index, end in enumerate(self._ends) if offset.y < end), None)
        if index is not None:
            self.post_message(self.Chosen(index))
