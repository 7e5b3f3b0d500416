"""The dialog that asks for two consecutive codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.ui.codes.two_codes_field import TwoCodesField
from mfa_tui.ui.codes.typed_two_codes import TypedTwoCodes
from mfa_tui.ui.dialogs.dialog import StayingDialog
from mfa_tui.ui.text.spans import Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType


class TwoCodesDialog(StayingDialog[tuple[Secret, Secret]]):
    """Dismissed with both codes, or None."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(digit, f"digit({digit!r})", show=False, priority=True) for digit in "0123456789"),
        Binding("backspace", "erase", "Erase", priority=True),
        Binding("enter", "submit", "Send", priority=True),
    ]

    def __init__(self, title: str, now: Callable[[], float]) -> None:
        """*now* is AWS's time."""
        super().__init__()
        self._title = title
        self._now = now
        self._typed = TypedTwoCodes()
        self._problem: MfaTuiError | None = None
        self._busy = False

    def refuse(self, problem: MfaTuiError) -> None:
        """Say that the codes were not accepted, and ask again."""
        self._busy = False
        self._problem = problem
        self._typed.clear()
        self._draw()

    def mask(self, masked: bool) -> None:
        """Hide the digits while a screenshot is taken."""
        self.query_one(TwoCodesField).mask(masked)

    def compose(self) -> ComposeResult:
        """Lay out the advice, the codes, the reason and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(self._title)
        with box:
            yield Lines(id="advice")
            yield TwoCodesField()
            yield Lines(id="reason")
            yield CommandBar()

    def on_mount(self) -> None:
        """Start the countdown."""
        self.set_interval(1.0, self._draw)

    def _draw(self) -> None:
        if not self.is_open:
            return
        text = "AWS needs two codes in a row, neither used before, to see how far the device's clock has drifted."
        advice = [*wrapped(text, self.text_width, Tone.DIM), (), self._typed.advice(self._now())]
        self.query_one("#advice", Lines).show(advice)
        self.query_one(TwoCodesField).show(self._typed)
        reason: list[Line] = problem_lines(self._problem, self.text_width) if self._problem else []
        if self._busy:
            reason = [line(Span("◌ ", Tone.BUSY), "Sending both codes to AWS")]
        self.query_one("#reason", Lines).show(reason)
        self.query_one("#reason").display = bool(reason)
        ready = self._typed.codes is not None and not self._busy
        self.query_one(CommandBar).show(
            [("screen.submit", "⏎", "Send both", ready), ("screen.cancel", "esc", "Cancel", True)]
        )

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted code."""
        event.stop()
        try:
            self._typed.paste(event.text)
        except MfaTuiError as problem:
            self._problem = problem
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """What is no digit is no code, and neither are the digits around it."""
        if event.is_printable and event.character and not self._busy:
            self.action_digit(event.character)

    def action_digit(self, digit: str) -> None:
        """Add a digit, or find out that it is none of a code."""
        self._problem = self._typed.type(digit, self._now()) or self._problem
        self._draw()

    def action_erase(self) -> None:
        """Delete the last digit."""
        self._typed.erase()
        self._draw()

    def action_submit(self) -> None:
        """Submit both codes, if they are complete."""
        if self._typed.codes is not None and not self._answer.done() and not self._busy:
            self._busy, self._problem = True, None
            self._answer.set_result(self._typed.codes)
            self._draw()
