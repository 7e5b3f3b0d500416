"""The dialog that takes the secret of an MFA device, and shows its code to compare before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from mfa_tui.core.candidates import ImportedSeed
from mfa_tui.core.otpauth import parse_secret
from mfa_tui.core.totp import code_at_step, seconds_left, seed_warning, step_at
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.ui.screens.dialog import Dialog
from mfa_tui.ui.text import EMPTY, Line, Span, Tone, account, bar, line, seconds, spaced, wrapped
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.secret_input import SecretInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.serial import MfaSerial

_HIDDEN = "••••••"


class SeedDialog(Dialog["Secret | None"]):
    """Dismissed with the secret as it was given, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
    ]

    def __init__(self, profile: str, serial: MfaSerial, now: Callable[[], float], *, replaces: bool) -> None:
        """*now* is AWS's time; ``replaces``: a secret is stored for the device already."""
        super().__init__()
        self._profile = profile
        self._serial = serial
        self._now = now
        self._replaces = replaces
        self._seed: ImportedSeed | None = None
        self._problem: MfaTuiError | None = None
        self._masked = False

    def compose(self) -> ComposeResult:
        """Device, secret, code to compare, keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Secret of {self._profile}")
        with box:
            yield Lines(id="device")
            yield SecretInput(placeholder="secret key (base32), or otpauth:// address")
            yield Lines(id="preview")
            yield CommandBar()

    def on_mount(self) -> None:
        """Begin the countdown."""
        about = f"device {self._serial.name}"
        if self._serial.account:
            about += f" · account {account(self._serial.account)}"
        self.query_one("#device", Lines).show([line(Span(about, Tone.DIM))])
        self._draw()
        self.set_interval(1.0, self._draw)

    def mask(self, masked: bool) -> None:
        """A picture is taken: hide the code."""
        self._masked = masked
        self._draw()

    def _draw(self) -> None:
        self.query_one("#preview", Lines).show(self._preview())
        self.query_one(CommandBar).show(
            [
                ("screen.store", "⏎", "Store in the keyring", self._seed is not None),
                ("screen.cancel", "esc", "Cancel", True),
            ]
        )

    def _preview(self) -> list[Line]:
        if self._problem is not None:
            return [
                *wrapped(self._problem.what, self.TEXT_WIDTH, first=Span("✗ ", Tone.BAD)),
                *wrapped(self._problem.why, self.TEXT_WIDTH, Tone.DIM, first=Span("  ")),
            ]
        if self._seed is None:
            return wrapped(
                "AWS shows it once, when a virtual device is made: «show secret key», or the QR code's address.",
                self.TEXT_WIDTH,
                Tone.DIM,
            )
        now = self._now()
        left = seconds_left(now)
        code = _HIDDEN if self._masked else code_at_step(self._seed.seed, step_at(now)).reveal()
        lines = [
            line(Span(spaced(code), Tone.CODE), "   ", *bar(left, 30, 12), Span(f"  {seconds(left)}", Tone.DIM)),
            *wrapped("Compare it with the phone's: the same digits, the same secret.", self.TEXT_WIDTH, Tone.DIM),
        ]
        warning = seed_warning(self._seed.seed)
        if warning:
            lines += [EMPTY, *wrapped(warning, self.TEXT_WIDTH, first=Span("! ", Tone.WARN))]
        if self._replaces:
            lines += [
                EMPTY,
                *wrapped(
                    "A secret is stored already; it is kept until this one has worked.", self.TEXT_WIDTH, Tone.DIM
                ),
            ]
        return lines

    def on_input_changed(self, event: SecretInput.Changed) -> None:
        """Show the code as soon as the secret can be read."""
        event.stop()
        self._problem = None
        try:
            self._seed = parse_secret(Secret(event.value)) if event.value else None
        except MfaTuiError:
            self._seed = None
        self._draw()

    def on_input_submitted(self, event: SecretInput.Submitted) -> None:
        """Enter stores."""
        event.stop()
        self.action_store()

    def action_store(self) -> None:
        """Give the secret, if it can be used; else say why not."""
        given = Secret(self.query_one(SecretInput).value)
        try:
            parse_secret(given)
        except MfaTuiError as problem:
            self._problem = problem
            self._draw()
            return
        self.dismiss(given)

    def action_cancel(self) -> None:
        """Store nothing."""
        self.dismiss(None)
