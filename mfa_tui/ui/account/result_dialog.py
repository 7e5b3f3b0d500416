"""The result of an administrator's action: what was done, a text to send to the user, and the AWS requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.aws_requests import request_lines
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, wrapped, wrapped_message
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.aws.api_call import ApiCall


_SCROLL = "screen.scroll_text(5)"


class ResultDialog(Dialog[bool]):
    """Dismissed with whether a new device is to be enrolled now."""

    AUTO_FOCUS = ""
    WIDEST = 74
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "leave", "Close", priority=True),
        Binding("y", "copy", "Copy text", priority=True),
        Binding("n", "enroll", "Enroll", priority=True),
        Binding("up,k", "scroll_text(-1)", show=False, priority=True),
        Binding("down,j", "scroll_text(1)", show=False, priority=True),
        Binding("pageup", "scroll_text(-10)", show=False, priority=True),
        Binding("pagedown", "scroll_text(10)", show=False, priority=True),
    ]

    def __init__(
        self, title: str, told: Sequence[str], message: str, calls: Sequence[ApiCall], *, enrolls: bool = False
    ) -> None:
        """*message* is for the user; empty if there is none. *enrolls*: a new device can be enrolled next."""
        super().__init__()
        self._title = title
        self._told = tuple(told)
        self._message = message
        self._calls = tuple(calls)
        self._enrolls = enrolls

    def compose(self) -> ComposeResult:
        """Lay out the text and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            with VerticalScroll(id="result", can_focus=False):
                yield Lines()
            # The scroll bar shows it as well.
            yield CommandBar(spare=(_SCROLL,))

    def _draw(self) -> None:
        # The text scrolls, and the keys stay below it.
        highest = max(3, self.highest - 2)
        self.query_one("#result").styles.max_height = highest
        lines: list[Line] = []
        width = self.scrolled_width
        for text in self._told:
            lines += wrapped(text, width)
        if self._message:
            lines += [EMPTY, line(Span("A text to send to the user", Tone.DIM)), *wrapped_message(self._message, width)]
        lines += request_lines(self._calls, width)
        self.query_one("#result Lines", Lines).show(lines)
        items = [("screen.leave", "⏎", "Close", True)]
        if self._message:
            items.append(("screen.copy", "y", "Copy text", True))
        if self._enrolls:
            items.append(("screen.enroll", "n", "Enroll", True))
        items.append((_SCROLL, "↑↓", "Scroll", len(lines) > highest))
        self.query_one(CommandBar).show(items)

    def action_scroll_text(self, by: int) -> None:
        """Scroll, where the text does not fit."""
        self.query_one("#result").scroll_relative(y=by, animate=False)

    def action_copy(self) -> None:
        """Copy the text for the user."""
        if self._message:
            self.app.copy_to_clipboard(self._message)
            self.notify("The text for the user.", title="Sent to the clipboard", markup=False)

    def action_enroll(self) -> None:
        """Go on with a new device."""
        if self._enrolls:
            self.dismiss(result=True)

    def action_leave(self) -> None:
        """Close the dialog."""
        self.dismiss(result=False)
