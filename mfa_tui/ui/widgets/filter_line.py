"""The filter's line, in which the arrows still move the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.binding import BindingType


class FilterLine(Input):
    """Posts Input's messages, ``Moved`` for keys that belong to the list, and ``Left`` when the user leaves it."""

    DEFAULT_CSS = """
    FilterLine { width: 1fr; background: $background; padding: 0; }
    FilterLine:focus { background-tint: transparent; }
    FilterLine > .input--placeholder { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move(-1)')", show=False),
        Binding("down", "list('move(1)')", show=False),
        Binding("pageup", "list('page(-1)')", show=False),
        Binding("pagedown", "list('page(1)')", show=False),
        Binding("escape", "leave", show=False),
        Binding("tab", "keep", show=False),
    ]

    class Moved(Message):
        """The list is to run an action."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action
            """The list's action, with its parameters."""

    class Left(Message):
        """The user goes back to the list."""

        def __init__(self, *, clear: bool) -> None:
            super().__init__()
            self.clear = clear
            """Whether to clear the filter."""

    def action_list(self, action: str) -> None:
        """Pass a key on to the list."""
        self.post_message(self.Moved(action))

    def action_leave(self) -> None:
        """Clear the filter and leave."""
        self.post_message(self.Left(clear=True))

    def action_keep(self) -> None:
        """Leave, and keep the filter."""
        self.post_message(self.Left(clear=False))
