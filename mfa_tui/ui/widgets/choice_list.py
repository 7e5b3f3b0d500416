"""Things to choose from, one below the other; a click on one says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from textual.message import Message

from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from mfa_tui.ui.text import Line


class ChoiceList(Lines):
    """Shows choices of one or more lines each. Where the cursor is, is for whoever draws them."""

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        """The choice with this index was clicked."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ends: tuple[int, ...] = ()

    def offer(self, choices: Sequence[list[Line]]) -> None:
        """The choices, from top to bottom."""
        self._ends = tuple(accumulate(len(lines) for lines in choices))
        self.show([line for lines in choices for line in lines])

    def on_click(self, event: events.Click) -> None:
        """Say which is clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = next((index for index, end in enumerate(self._ends) if offset.y < end), None)
        if index is not None:
            self.post_message(self.Chosen(index))
