"""The dialog that asks for a passphrase: the vault's, or a backup's."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from mfa_tui.core.seeds.passphrase import checked_passphrase
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import Line, Span, Tone, wrapped
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.secret_input import SecretInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class PassphraseDialog(Dialog["Secret | None"]):
    """Dismissed with the passphrase, or None. A *new* one is typed twice. *wrong*: what was wrong with the last one."""

    AUTO_FOCUS = "#first"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, title: str, text: str, *, new: bool, wrong: str = "", yes: str, no: str = "Cancel") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._new = new
        self._problem = (wrong, "")
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        """Lay out the purpose, the fields, the reason and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            yield Lines(id="text")
            with Horizontal(classes="field"):
                yield Static("Passphrase")
                yield SecretInput(id="first")
            if self._new:
                with Horizontal(classes="field"):
                    yield Static("Repeat it")
                    yield SecretInput(id="second")
            yield Lines(id="reason")
            yield CommandBar()

    def _draw(self) -> None:
        width, (what, why) = self.text_width, self._problem
        self.query_one("#text", Lines).show(wrapped(self._text, width, Tone.DIM))
        lines: list[Line] = wrapped(what, width, first=Span("✗ ", Tone.BAD)) if what else []
        lines += wrapped(why, width, Tone.DIM, first=Span("  ")) if why else []
        self.query_one("#reason", Lines).show(lines)
        self.query_one("#reason").display = bool(lines)
        self.query_one(CommandBar).show(
            [("screen.give", "⏎", self._yes, True), ("screen.cancel", "esc", self._no, True)]
        )

    def _say(self, what: str, why: str = "") -> None:
        self._problem = (what, why)
        self._draw()

    def on_input_submitted(self, event: SecretInput.Submitted) -> None:
        """Submit on Enter; a new passphrase is checked, and then typed once more."""
        event.stop()
        self.action_give()

    def action_give(self) -> None:
        """Submit the passphrase if it is acceptable, or say why it is not."""
        first = self.query_one("#first", SecretInput)
        if not first.value:
            self._say("Type the passphrase first.")
            first.focus()
        elif self._new:
            self._give_new(first)
        else:
            self.dismiss(Secret(first.value))

    def _give_new(self, first: SecretInput) -> None:
        second = self.query_one("#second", SecretInput)
        try:
            passphrase = checked_passphrase(first.value)
        except UsageError as problem:
            # What was typed cannot be seen, so the user would unknowingly add to it.
            first.value = second.value = ""
            first.focus()
            self._say(problem.what, problem.remedy)
            return
        if second.value == first.value:
            self.dismiss(passphrase)
            return
        self._say("The passphrases do not match." if second.value else "")
        second.value = ""
        second.focus()

    def action_cancel(self) -> None:
        """Dismiss the dialog without a passphrase."""
        self.dismiss(None)
