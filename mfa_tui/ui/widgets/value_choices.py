"""Values to choose from, of which the one under the cursor can be shown beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.message import Message

from mfa_tui.ui.text.spans import Span, Tone, line
from mfa_tui.ui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.widget import Widget


class ValueChoices(ChoiceList, can_focus=True):
    """The values, with a cursor, in a container that scrolls. Posts ``Moved``, ``Taken`` and ``Left``."""

    DEFAULT_CSS = """
    ValueChoices { margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-5)", show=False),
        Binding("pagedown", "move(5)", show=False),
        Binding("home,g", "move(-1000)", show=False),
        Binding("end,G", "move(1000)", show=False),
        Binding("enter", "take", show=False),
        Binding("escape", "leave", show=False),
    ]

    class Moved(Message):
        """The cursor is on another value."""

    class Taken(Message):
        """The value under the cursor was chosen."""

    class Left(Message):
        """The value is not to be changed."""

    def __init__(self) -> None:
        super().__init__(id="choices")
        self._values: Sequence[str] = ()
        self._at = 0

    @property
    def current(self) -> str:
        """The value under the cursor."""
        return self._values[self._at]

    def begin(self, values: Sequence[str], now: str) -> None:
        """Show *values*, with the cursor on the one that applies *now*."""
        self._values = values
        self._at = values.index(now) if now in values else 0
        self._draw()

    def _draw(self) -> None:
        rows = []
        for index, value in enumerate(self._values):
            at_cursor = index == self._at
            mark = Span("◉ ", Tone.KEY) if at_cursor else Span("○ ", Tone.DIM)
            rows.append([line(mark, Span(value, Tone.STRONG if at_cursor else Tone.PLAIN))])
        self.offer(rows)
        self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        if self.display:
            box, top = cast("Widget", self.parent), self.virtual_region.y + self._at
            box.scroll_to(y=max(0, top - box.size.height // 2), animate=False)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        at = max(0, min(len(self._values) - 1, self._at + by))
        if at != self._at:
            self._at = at
            self._draw()
            self.post_message(self.Moved())

    def point_at(self, value: str) -> None:
        """Move the cursor to a value."""
        self.action_move(self._values.index(value) - self._at)

    def action_take(self) -> None:
        """Choose the value under the cursor."""
        self.post_message(self.Taken())

    def action_leave(self) -> None:
        """Leave without a value."""
        self.post_message(self.Left())

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Move to the value that was clicked; a click on the current one chooses it."""
        message.stop()
        if message.index == self._at:
            self.action_take()
        else:
            self.action_move(message.index - self._at)
