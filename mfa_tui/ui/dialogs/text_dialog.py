"""The dialog that asks for a line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from mfa_tui.errors import MfaTuiError
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import Tone, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.ui.widgets.command_bar import Item


class TextDialog(Dialog["str | None"]):
    """Dismissed with a text that *check* accepts (it raises MfaTuiError otherwise), or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]
    MORE: ClassVar[tuple[Item, ...]] = ()
    """What the bottom line offers besides."""

    def __init__(self, title: str, text: str, suggested: str, check: Callable[[str], object], *, yes: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._suggested = suggested
        self._check = check
        self._yes = yes
        self._problem: MfaTuiError | None = None

    def compose(self) -> ComposeResult:
        """Lay out the text, the field, the reason and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            yield Lines(id="text")
            # The suggestion is selected, so that what is typed replaces it.
            yield self.make_field(self._suggested)
            yield Lines(id="problem")
            yield CommandBar()

    def make_field(self, suggested: str) -> OrderedInput:
        """The field for the text."""
        return OrderedInput(suggested, compact=True)

    def _draw(self) -> None:
        self.query_one("#text", Lines).show(wrapped(self._text, self.text_width, Tone.DIM))
        self.query_one("#problem", Lines).show(problem_lines(self._problem, self.text_width) if self._problem else [])
        self.query_one("#problem").display = self._problem is not None
        self.query_one(CommandBar).show(
            [("screen.give", "⏎", self._yes, True), *self.MORE, ("screen.cancel", "esc", "Cancel", True)]
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Submit on Enter what was typed before it."""
        event.stop()
        self._give(event.value.strip())

    def action_give(self) -> None:
        """Submit the text if it is acceptable, or say why it is not."""
        self._give(self.query_one(Input).value.strip())

    def _give(self, given: str) -> None:
        try:
            self._check(given)
        except MfaTuiError as problem:
            self._problem = problem
            self._draw()
            return
        self.dismiss(given)

    def action_cancel(self) -> None:
        """Dismiss the dialog without a text."""
        self.dismiss(None)
