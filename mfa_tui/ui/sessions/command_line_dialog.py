"""The dialog that asks for a command line, and remembers those before."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widgets import Input

from mfa_tui.errors import UsageError
from mfa_tui.ui.dialogs.text_dialog import TextDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from mfa_tui.ui.widgets.command_bar import Item


class CommandLineDialog(TextDialog):
    """Dismissed with a command line, or None. Arrows show the lines of *earlier*, the last one first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "show_earlier(1)", "Earlier", priority=True),
        Binding("down", "show_earlier(-1)", "Later", priority=True),
    ]

    MORE: ClassVar[tuple[Item, ...]] = (("screen.show_earlier(1)", "↑", "Earlier", True),)

    def __init__(self, title: str, text: str, earlier: Sequence[str]) -> None:
        super().__init__(title, text, "", _check, yes="Run")
        self._lines = ["", *reversed(earlier)]
        self._shown = 0

    def action_show_earlier(self, by: int) -> None:
        """Show an earlier line, or a later one; what is typed is kept below the last one."""
        field = self.query_one(Input)
        if self._shown == 0:
            self._lines[0] = field.value
        self._shown = min(len(self._lines) - 1, max(0, self._shown + by))
        field.value = self._lines[self._shown]
        field.cursor_position = len(field.value)


def _check(line: str) -> None:
    if not line:
        raise UsageError("usage", "No command was given.", "", "Type one, such as: aws s3 ls")
