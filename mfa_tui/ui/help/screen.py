"""The help: all keys, and why some do nothing now."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll

from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.ui.text.spans import Line


class HelpScreen(Dialog[bool]):
    """Scrolls with the arrows; Escape, q and ? close it.

    *lines* returns its text for a width in columns. *trouble* is the label of the key that opens troubleshooting, after
    the user's keymap; empty if there is none. Dismissed with whether to open troubleshooting.
    """

    WIDEST = 73
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "close(False)", "Close"),
        Binding("h", "close(True)", "Troubleshoot", id="trouble"),
    ]

    def __init__(self, lines: Callable[[int], list[Line]], trouble: str) -> None:
        super().__init__()
        self._text = lines
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        """One text that scrolls, and the keys below it."""
        box = Vertical(classes="dialog")
        box.border_title = "Keys"
        with box:
            with VerticalScroll(id="keys"):
                yield Lines()
            yield CommandBar()

    def _draw(self) -> None:
        if not self.is_open:
            return
        # Below it are an empty line and the keys.
        self.query_one("#keys").styles.max_height = max(1, self.highest - 2)
        self.query_one("#keys > Lines", Lines).show(self._text(self.scrolled_width))
        trouble = [("screen.close(True)", self._trouble, "Troubleshoot", True)] if self._trouble else []
        self.query_one(CommandBar).show(
            [("", "↑↓", "Scroll", True), *trouble, ("screen.close(False)", "esc", "Close", True)]
        )

    def action_close(self, trouble: bool) -> None:
        """Close the help, or open troubleshooting."""
        self.dismiss(trouble)
