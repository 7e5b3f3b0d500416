"""A question with two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button

from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import EMPTY, Line, wrapped
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.services.sessions.outcomes import NeedsConsent


class Confirm(Dialog[bool]):
    """A question with the keys y and n; Escape means no. With ``careful``, Enter alone means no."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, paragraphs: Iterable[str], *, yes: str, no: str, careful: bool = False) -> None:
        super().__init__()
        self._title = title
        self._paragraphs = tuple(paragraphs)
        self._yes, self._no = yes, no
        self._careful = careful

    def compose(self) -> ComposeResult:
        """Lay out the question and its answers."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            yield Lines()
            with Horizontal():
                yield Button(Content(f"{self._yes} (y)"), id="yes", compact=True, variant="primary")
                yield Button(Content(f"{self._no} (n)"), id="no", compact=True)

    def on_mount(self) -> None:
        """Focus the harmless answer."""
        self.query_one("#no" if self._careful else "#yes").focus()

    def _draw(self) -> None:
        lines: list[Line] = []
        for paragraph in self._paragraphs:
            lines += [*([EMPTY] if lines else []), *wrapped(paragraph, self.text_width)]
        self.query_one(Lines).show(lines)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer by button."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_answer(self, agreed: bool) -> None:
        """Answer by key."""
        self.dismiss(agreed)


def consent(need: NeedsConsent) -> Confirm:
    """The question whether the target of *need* may be overwritten."""
    return Confirm(
        f"Overwrite [{need.target}]?",
        [
            f"The section [{need.target}] holds {need.what}.",
            f"Logging in to {need.profile} would replace it.",
        ],
        yes="Replace",
        no="Keep",
        careful=True,
    )
