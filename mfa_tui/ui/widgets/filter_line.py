"""The filter's line, in which the keys that move in the list still do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events

_MOVES = {
    "up": "move(-1)",
    "down": "move(1)",
    "pageup": "page(-1)",
    "pagedown": "page(1)",
    "home": "move(-1000000)",
    "end": "move(1000000)",
    **dict.fromkeys(("shift+down", "ctrl+down"), "screen.scroll_details(1)"),
    **dict.fromkeys(("shift+up", "ctrl+up"), "screen.scroll_details(-1)"),
}
"""The actions of the list, by their keys."""


class FilterLine(Input, inherit_css=False):
    """Posts Input's messages, ``Moved`` for keys that belong to the list, and ``Left`` when the user leaves it.

    It handles these keys itself, not by bindings, which Textual runs later: keys that are typed in a burst take effect
    in their order.
    """

    DEFAULT_CSS = """
    FilterLine {
        width: 1fr; height: 1; overflow: auto; scrollbar-size-horizontal: 0; pointer: text;
        background: $background; color: $foreground;
        & > .input--cursor {
            background: $input-cursor-background; color: $input-cursor-foreground;
            text-style: $input-cursor-text-style;
        }
        & > .input--selection { background: $input-selection-background; color: $input-selection-foreground; }
        & > .input--placeholder { color: $text-muted; }
        &:ansi { background: ansi_default; color: ansi_default; }
        &:ansi > .input--cursor { background: ansi_white; color: ansi_black; }
        &:ansi > .input--placeholder { color: ansi_default; text-style: dim; }
    }
    """
    # Without Input's styles, which are for a frame and marks of faults: reading them takes a millisecond of each start.
    COMPONENT_CLASSES = Input.COMPONENT_CLASSES

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

    class Command(Message):
        """A command of the screen is to be run."""

        def __init__(self, command_id: str) -> None:
            super().__init__()
            self.command_id = command_id
            """Its id."""

    def __init__(self, placeholder: str = "filter", *, commands: Mapping[str, str] | None = None) -> None:
        """*commands*: the ids of commands that can be run while the filter is typed, by their keys.

        With them, the focus is always here, and the screen's own bottom line says what can be done.
        """
        super().__init__(placeholder=placeholder, select_on_focus=commands is None)
        self._commands = commands or {}
        self.shows_keys = commands is None
        """Whether the bottom line shows its keys, in place of the screen's."""

    def on_key(self, event: events.Key) -> None:
        """Handle the keys that do not edit the filter."""
        message = self._message_for(event.key)
        if message is not None:
            event.stop()
            event.prevent_default()
            self.post_message(message)

    def _message_for(self, key: str) -> Message | None:
        if key in self._commands:
            return self.Command(self._commands[key])
        if key in _MOVES:
            return self.Moved(_MOVES[key])
        if key in ("escape", "tab"):
            return self.Left(clear=key == "escape")
        return self.Submitted(self, self.value) if key == "enter" else None
