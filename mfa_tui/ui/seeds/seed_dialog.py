"""The dialog that takes the secret of an MFA device, and shows its code to compare before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from mfa_tui.core.seeds.otp_entries import RefusedSeed, describe_seed
from mfa_tui.core.seeds.secret_input import read_secrets
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.services.seeds.import_seed import NeedsChoice, check_usable, select_seed
from mfa_tui.ui.dialogs.choose import Answer, Choose
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.dialogs.path_dialog import PathDialog
from mfa_tui.ui.text.spans import EMPTY, HIDDEN_CODE, Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import code_line, key_hints, problem_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.secret_input import SecretInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.seeds.otp_entries import ImportedSeed, SecretsFound
    from mfa_tui.services.seeds.import_seed import Preview


_COMMAND_LINE = {"--image file": ("file", "read a file here")}
"""Options that problems suggest for the command line, with this dialog's key for the same."""
_KEYS = {"file": "^o"}


class SeedDialog(Dialog["ImportedSeed | None"]):
    """Dismissed with the secret to store, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("ctrl+o", "file", "File", priority=True),
        Binding("ctrl+g", "clipboard", "Clipboard", priority=True),
    ]

    def __init__(
        self,
        profile: str,
        serial: MfaSerial,
        look: Callable[[ImportedSeed], Preview],
        read: Callable[[str], Awaitable[SecretsFound]],
    ) -> None:
        """*look* returns the preview of a secret; *read* reads a file, or without a path the clipboard's picture."""
        super().__init__()
        self._profile = profile
        self._serial = serial
        self._look = look
        self._read_path = read
        self._path = ""
        self._found: ImportedSeed | NeedsChoice | None = None
        self._problem: MfaTuiError | None = None
        self._notices: tuple[str, ...] = ()
        self._busy = ""
        self._masked = False

    def compose(self) -> ComposeResult:
        """Lay out the device, the secret, the code to compare and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Secret for {self._profile}")
        with box:
            yield Lines(id="device")
            yield SecretInput(placeholder="secret key, otpauth:// address, or app export", lines=True)
            yield Lines(id="preview")
            yield CommandBar()

    def on_mount(self) -> None:
        """Start the countdown."""
        about = f"device {self._serial.name}"
        if self._serial.account:
            about += f" · account {format_account(self._serial.account)}"
        self.query_one("#device", Lines).show([line(Span(about, Tone.DIM))])
        self.set_interval(1.0, self._draw)

    def mask(self, masked: bool) -> None:
        """Hide the code while a screenshot is taken."""
        self._masked = masked
        self._draw()

    def _draw(self) -> None:
        if not self.is_open:
            return
        self.query_one("#preview", Lines).show(self._preview())
        several = isinstance(self._found, NeedsChoice)
        self.query_one(CommandBar).show(
            [
                ("screen.store", "⏎", "Which one?" if several else "Store", self._found is not None),
                ("screen.file", "^o", "File", True),
                ("screen.clipboard", "^g", "From clipboard", True),
                ("screen.cancel", "esc", "Cancel", True),
            ]
        )

    def _preview(self) -> list[Line]:
        if self._busy:
            return [line(Span("◌ ", Tone.BUSY), self._busy)]
        if self._problem is not None:
            width = self.text_width
            return [*problem_lines(self._problem, width), *key_hints(self._problem, _COMMAND_LINE, _KEYS, width)]
        notices = [part for notice in self._notices for part in wrapped(notice, self.text_width, Tone.WARN)]
        if self._found is None:
            return wrapped(
                'AWS shows the secret once, when a virtual device is created: "Show secret key", or the QR code. Paste '
                "the key or an export of Google Authenticator, Aegis or 2FAS. Files and pictures of these work, too.",
                self.text_width,
                Tone.DIM,
            )
        if isinstance(self._found, NeedsChoice):
            count = f"Contains {len(self._found.entries)} accounts."
            return [*notices, line(Span(count, Tone.STRONG))]
        return [*notices, *self._compared(self._found)]

    def _compared(self, seed: ImportedSeed) -> list[Line]:
        """Describe the secret, with its code."""
        shown, width = self._look(seed), self.text_width
        lines = [
            code_line(HIDDEN_CODE if self._masked else shown.code.reveal(), shown.seconds_left),
            *wrapped("If the phone shows the same code, the secret is right.", width, Tone.DIM),
        ]
        if seed.label:
            lines += wrapped(describe_seed(seed)[0], width, Tone.DIM)
        for doubt in shown.doubts:
            lines += [EMPTY, *wrapped(doubt, width, first=Span("! ", Tone.WARN))]
        if shown.replaces:
            stored = "The secret that is already stored is kept until this one has worked."
            lines += [EMPTY, *wrapped(stored, width, Tone.DIM)]
        return lines

    def _take(self, found: SecretsFound) -> None:
        """Take the secrets that were read. Raises UsageError if none of them can be used."""
        self._notices = tuple(found.notices)
        self._found = select_seed(check_usable(found), self._serial)

    def on_input_changed(self, event: SecretInput.Changed) -> None:
        """Show the code as soon as the secret is complete."""
        event.stop()
        self._problem, self._found, self._notices = None, None, ()
        try:
            if event.value:
                self._take(read_secrets(Secret(event.value)))
        except MfaTuiError:
            # It may not be complete yet.
            self._found = None
        self._draw()

    def on_input_submitted(self, event: SecretInput.Submitted) -> None:
        """Store on Enter."""
        event.stop()
        self.action_store()

    def action_store(self) -> None:
        """Submit the secret if it can be used, or say why it cannot."""
        if self._found is None:
            try:
                self._take(read_secrets(Secret(self.query_one(SecretInput).value)))
            except MfaTuiError as problem:
                self._problem = problem
                self._draw()
                return
        if isinstance(self._found, NeedsChoice):
            self._ask_which(self._found)
        else:
            self.dismiss(self._found)

    def _ask_which(self, among: NeedsChoice) -> None:
        candidates = among.entries
        answers = [
            Answer(one.label or "unnamed", why_not=one.refusal.why if isinstance(one, RefusedSeed) else "")
            for one in candidates
        ]

        def take(index: int | None) -> None:
            one = candidates[index] if index is not None else None
            if one is not None and not isinstance(one, RefusedSeed):
                # The code is shown before the secret is stored.
                self._found = one
            self._draw()

        self.app.push_screen(Choose("Which account?", [f"For {self._serial.name}:"], answers, leave="Back"), take)

    def action_file(self) -> None:
        """Ask for a file's path, and read it."""

        def read(path: str | None) -> None:
            if path:
                self._path = path
                self.run_worker(self._read(path))

        text = "An app's export, or a picture (PNG or JPEG) of a QR code from AWS or an app."
        self.app.push_screen(PathDialog("Read a file", text, self._path, lambda _: None, yes="Read"), read)

    def action_clipboard(self) -> None:
        """Read the picture on the clipboard."""
        self.run_worker(self._read(""))

    async def _read(self, path: str) -> None:
        self._busy, self._problem, self._found = "Reading", None, None
        self._draw()
        try:
            self._take(await self._read_path(path))
        except MfaTuiError as problem:
            self._problem = problem
        self._busy = ""
        self._draw()

    def action_cancel(self) -> None:
        """Dismiss the dialog without storing anything."""
        self.dismiss(None)
