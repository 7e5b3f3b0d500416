"""The filter: a line to type in, while the arrows still move the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.binding import BindingType


class FilterLine(Input):
    """Messages: Input's own, ``Moved`` for keys that are the list's, ``Left`` when it is left."""

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
        """The list shall do ``action``."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class Left(Message):
        """Back to the list; ``clear``: with everything shown again."""

        def __init__(self, *, clear: bool) -> None:
            super().__init__()
            self.clear = clear

    def action_list(self, action: str) -> None:
        """Hand a key to the list."""
        self.post_message(self.Moved(action))

    def action_leave(self) -> None:
        """Clear the filter and go."""
        self.post_message(self.Left(clear=True))

    def action_keep(self) -> None:
        """Go, and keep the filter."""
        self.post_message(self.Left(clear=False))
