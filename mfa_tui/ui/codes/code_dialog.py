"""The dialog that asks for a code and, where needed, for the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.aws.mfa_serial import MfaSerial, checked_serial
from mfa_tui.core.seeds.totp import DIGITS, checked_code, seconds_left
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.ui.codes.code_field import CodeField
from mfa_tui.ui.codes.device_choices import choice_lines, choices, moved
from mfa_tui.ui.codes.typed_digits import TypedDigits
from mfa_tui.ui.dialogs.dialog import StayingDialog
from mfa_tui.ui.text.spans import Line, Span, Tone, format_seconds, line, wrapped
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from mfa_tui.ui.widgets.styled import Lines
from mfa_tui.ui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.models import Secret
    from mfa_tui.ui.codes.device_choices import Choice


_SERIAL = "arn:aws:iam::…:mfa/NAME, or a token's serial number"
SETTLED = 0.3
"""Seconds without a key after which a complete code is sent by itself, if the settings say so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The user's answer. Without a ``code``, the stored secret is used. ``serial`` is empty if it was not asked for."""

    code: Secret | None
    serial: str
    remember: bool


_Said = list[tuple[Span, str, str]]
"""Lines with what is before them and their tones."""


class CodeDialog(StayingDialog[Answer]):
    """Digits go into the code wherever the focus is; arrows choose among devices."""

    AUTO_FOCUS = ""
    # With priority, so that a code and Enter typed in one burst take effect in their order.
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(digit, f"digit({digit!r})", show=False, priority=True) for digit in "0123456789"),
        Binding("backspace", "erase", "Erase", priority=True),
        Binding("enter", "submit", "Log in", priority=True),
        Binding("ctrl+d", "discover", "Other device", priority=True),
        Binding("ctrl+r", "remember", "Remember", priority=True),
        Binding("up", "device(-1)", "Device", priority=True),
        Binding("down", "device(1)", "Device", priority=True),
    ]

    def __init__(
        self,
        profile: str,
        serial: MfaSerial | None,
        *,
        stored: frozenset[str],
        now: Callable[[], float],
        discover: Callable[[], Awaitable[list[str] | str]],
        cancel: Callable[[], None],
        saves: bool = False,
        sends: bool = False,
    ) -> None:
        """*now* is AWS's time; *discover* finds devices, or says why it cannot; *cancel* cancels what is running.

        *saves*: the device is saved in the profile in any case. *sends*: the last digit submits the answer.
        """
        super().__init__()
        self._profile = profile
        self._own = serial.text if serial else ""
        self._saves = saves
        self._sends = sends
        self._selected = self._own
        self._stored = stored
        self._now = now
        self._find = discover
        self.cancel = cancel
        self._choices: tuple[Choice, ...] = ()
        self._reason: _Said = []
        self._mistake: _Said = []
        """What is wrong with what was typed last; shown instead of the reason until a digit is typed."""
        self._busy = "" if serial else "Asking AWS for the MFA devices"
        self._types_serial = False
        self._drawn = False
        self._code = CodeField()
        self._typed = TypedDigits()

    # What the flow calls.

    def take(self, digits: str) -> None:
        """Take digits that were typed before the dialog was open."""
        for digit in digits:
            self._typed.type(digit, self._now())
        self._code.digits = self._typed.text

    def use(self, serial: str, *, why: str) -> None:
        """Ask for a code of this device; *why* says why mfa-tui does not generate it, if that is not obvious."""
        self._selected = serial
        self._say(why)

    def choose(self, devices: Iterable[Device], *, why: str) -> None:
        """Ask which device to use. If none are known, the user types the serial."""
        self._offer([device.serial.text for device in devices])
        self._types_serial = not self._choices
        self._say(why)
        if self._drawn:
            self._show_serial_input()

    def refuse(self, problem: MfaTuiError) -> None:
        """Say that the answer was not accepted, and ask again."""
        self._typed.clear()
        self._code.digits = ""
        remedy = "^d shows your devices." if problem.slug == AwsErrorKind.SERIAL else problem.remedy
        self._say(problem.what, problem.why, remedy, bad=True)

    def mask(self, masked: bool) -> None:
        """Hide the digits while a screenshot is taken."""
        self._code.masked = masked

    async def answer(self) -> Answer | None:
        """Wait for the answer; None if the dialog was cancelled."""
        if self._answer.done() and self._answer.result() is not None and self._must_choose:
            # The code was typed before it was known that there is a choice.
            self._ask_again()
        answer = await super().answer()
        if answer is not None:
            self._busy, self._reason = "Asking AWS for a session", []
            self._draw()
        return answer

    # What it shows.

    def compose(self) -> ComposeResult:
        """Lay out the device, the code, the reason, the choices and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Code for {self._profile}")
        with box:
            yield Lines(id="device")
            with Horizontal(id="code-line"):
                yield self._code
                yield Lines(id="changes")
            yield OrderedInput(placeholder=_SERIAL, compact=True, id="serial")
            yield ChoiceList(id="choices")
            yield Lines(id="reason")
            yield TickBox("save this device in the profile", "^r", id="remember")
            yield CommandBar()

    def on_mount(self) -> None:
        """Start the countdown."""
        self._drawn = True
        self._show_serial_input()
        self.set_interval(1.0, self._draw)
        self._send_if_complete()

    def on_unmount(self) -> None:
        """Stop drawing."""
        self._drawn = False

    def _show_serial_input(self) -> None:
        field = self.query_one("#serial", Input)
        field.display = self._types_serial
        if self._types_serial and not field.value:
            field.focus()

    @property
    def _must_choose(self) -> bool:
        return not self._selected and bool(self._choices)

    def _draw(self) -> None:
        if not self._drawn:
            return
        self.query_one("#device", Lines).show([line(Span(self._about(), Tone.DIM))])
        left = seconds_left(self._now())
        self.query_one("#changes", Lines).show([line(Span(f"changes in {format_seconds(left)}", Tone.DIM))])
        self.query_one("#choices", ChoiceList).offer(
            [
                choice_lines(choice, self.text_width, selected=choice.serial.text == self._selected)
                for choice in self._choices
            ]
        )
        self.query_one("#choices").display = bool(self._choices)
        reason: list[Line] = []
        if self._busy and not self._mistake:
            reason.append(line(Span("◌ ", Tone.BUSY), self._busy))
        else:
            for mark, text, tone in self._mistake or self._reason:
                reason += wrapped(text, self.text_width, tone, first=mark)
        self.query_one("#reason", Lines).show(reason)
        self.query_one("#reason").display = bool(reason)
        self.query_one("#remember").display = not self._saves and bool(
            self._types_serial or self._selected != self._own
        )
        ready = len(self._code.digits) == DIGITS or self._needs_no_code
        self.query_one(CommandBar).show(
            [
                ("screen.submit", "⏎", "Log in", ready and not self._waiting),
                ("screen.discover", "^d", "Other device", not self._busy and not self._choices),
                ("screen.cancel", "esc", "Cancel", True),
            ]
        )

    def _about(self) -> str:
        """The device and its account."""
        if not self._selected:
            return "which device?" if self._choices or self._types_serial else ""
        serial = MfaSerial(self._selected)
        return f"device {serial.name}" + (f" · account {format_account(serial.account)}" if serial.account else "")

    def _say(self, what: str, why: str = "", remedy: str = "", *, bad: bool = False) -> None:
        self._busy = ""
        mark = Span("✗ ", Tone.BAD) if bad else Span("! ", Tone.WARN)
        if self._choices and not bad:
            mark = Span("  ")
            if len(self._choices) > 1:
                what = f"{what} Choose with the arrow keys.".strip()
        self._reason, self._mistake = _said(mark, what, why, remedy), []
        self._draw()

    def _reject(self, problem: MfaTuiError, remedy: str = "") -> None:
        """Say what is wrong with what was typed."""
        self._mistake = _said(Span("✗ ", Tone.BAD), problem.what, problem.why, remedy)
        self._draw()

    def _offer(self, serials: Iterable[str]) -> None:
        self._choices = choices(serials, self._stored)
        if self._selected not in [choice.serial.text for choice in self._choices]:
            self._selected = moved(self._choices, "", 0) if len(self._choices) else self._selected

    # What the user does.

    @property
    def _waiting(self) -> bool:
        return self._answer.done() or bool(self._busy)

    @property
    def _needs_no_code(self) -> bool:
        return self._selected in self._stored and bool(self._choices) and not self._code.digits

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a serial is being typed, digits and Enter belong to that field."""
        if action in ("digit", "erase", "submit") and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the serial, and ask for the code next."""
        message.stop()
        self.set_focus(None)

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted code, which may have spaces."""
        event.stop()
        try:
            code = checked_code(event.text).reveal()
        except MfaTuiError as problem:
            self._reject(problem)
        else:
            self._mistake = []
            self._typed.clear()
            self._typed.add(code)
            self._code.digits = code
            self._send_if_complete()
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """What is no digit is no code, and neither are the digits around it."""
        if event.is_printable and event.character and not self._waiting:
            self.action_digit(event.character)

    def action_digit(self, digit: str) -> None:
        """Add a digit, or find out that it is none of a code."""
        self._typed.type(digit, self._now())
        self._code.digits = self._typed.text
        self._mistake = []
        if (problem := self._typed.problem) is not None:
            self._reject(problem, problem.remedy)
        self._send_if_complete()
        self._draw()

    def _send_if_complete(self) -> None:
        """Submit the code in a moment, if that is wanted and no other key comes: its digits may be part of a secret."""
        digits = self._code.digits
        if self._sends and len(digits) == DIGITS:
            self.set_timer(SETTLED, lambda: self.action_submit() if self._typed.text == digits else None)

    def action_erase(self) -> None:
        """Delete the last digit."""
        self._typed.erase()
        self._code.digits = self._typed.text
        self._draw()

    def action_device(self, by: int) -> None:
        """Choose another device."""
        if self._choices:
            self._selected = moved(self._choices, self._selected, by)
            self._draw()

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Choose the device that was clicked, if it generates codes."""
        message.stop()
        clicked = self._choices[message.index].serial
        if clicked.usable:
            self._selected = clicked.text
            self._draw()

    def action_remember(self) -> None:
        """Switch the checkbox."""
        box = self.query_one("#remember", TickBox)
        box.ticked = box.display and not box.ticked

    def action_submit(self) -> None:
        """Submit the answer, if it is complete."""
        self._typed.end_line(self._now())
        field = self.query_one("#serial", Input)
        if self._answer.done() or self._typed.problem is not None:
            return
        try:
            serial = checked_serial(field.value, "the field").text if self._types_serial else self._selected
            code = None if self._needs_no_code else checked_code(self._code.digits)
        except MfaTuiError as problem:
            self._reject(problem)
            return
        remember = self.query_one("#remember", TickBox)
        self._answer.set_result(Answer(code, serial, remember=remember.display and remember.ticked))
        self._draw()

    def action_discover(self) -> None:
        """Look for the user's other devices."""
        if not self._busy and not self._choices:
            self.run_worker(self._discovered(), group="devices", exclusive=True)

    async def _discovered(self) -> None:
        self._busy = "Asking AWS for the MFA devices"
        self._draw()
        try:
            found = await self._find()
        except Cancelled:
            return
        except MfaTuiError as problem:
            self._say(problem.what, problem.why, problem.remedy, bad=True)
            return
        if isinstance(found, str):
            self._types_serial = True
            self._say(found)
            self._show_serial_input()
            return
        self._offer(found)
        self._say("" if len(found) > 1 else "This is your only device.")


def _said(mark: Span, what: str, why: str, remedy: str) -> _Said:
    """What happened, and below it why, and what to do."""
    parts = [(Span("  "), part, Tone.DIM) for part in (why, remedy) if part]
    return [(mark, what, Tone.PLAIN), *parts] if what else parts
