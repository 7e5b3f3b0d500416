"""The dialog that takes a long-term key: pasted in any form, typed, or from a file. It shows nothing of the secret."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from mfa_tui.core.keys.key_input import describe_keys, key_id_in, read_keys
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.dialogs.path_dialog import PathDialog
from mfa_tui.ui.text.spans import Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.secret_input import SecretInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.models import AccessKeys

_INCOMPLETE = "keys-input"
_ABOUT = (
    "Paste all of it into the first field: export, set or $Env: lines, a section of an AWS file, JSON, or the "
    "console's CSV. Or type the access key id, and then the secret. Neither is shown."
)


class GivenKey(NamedTuple):
    """The key that the user gave."""

    keys: AccessKeys
    """The key."""
    path: str
    """The file that it was read from; empty if it was pasted or typed."""


class KeyDialog(Dialog["GivenKey | None"]):
    """Dismissed with the key, or None."""

    AUTO_FOCUS = "#first"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("ctrl+o", "file", "File", priority=True),
    ]

    def __init__(self, profile: str, read: Callable[[str], Awaitable[PastedKeys]]) -> None:
        """*read* reads a file; it raises MfaTuiError."""
        super().__init__()
        self._profile = profile
        self._read_path = read
        self._path = ""
        self._found: AccessKeys | None = None
        self._problem: MfaTuiError | None = None

    def compose(self) -> ComposeResult:
        """Lay out the fields, what was found in them and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Import a key for {self._profile}")
        with box:
            with Horizontal(classes="field"):
                yield Static("Access key")
                yield SecretInput(placeholder="its id, or all of a paste", lines=True, id="first")
            with Horizontal(classes="field"):
                yield Static("Secret key")
                yield SecretInput(placeholder="if you type them one by one", lines=True, id="second")
            yield Lines(id="preview")
            yield CommandBar()

    def _draw(self) -> None:
        if not self.is_attached:
            return
        self.query_one("#preview", Lines).show(self._preview())
        given = self._given
        self.query_one(CommandBar).show(
            [
                ("screen.give", "⏎", "Next" if self._wants_secret(given) else "Import", bool(given)),
                ("screen.file", "^o", "File", True),
                ("screen.cancel", "esc", "Cancel", True),
            ]
        )

    def _preview(self) -> list[Line]:
        if self._problem is not None:
            return problem_lines(self._problem, self.text_width)
        if self._found is not None:
            told = f"Found {describe_keys(self._found)}."
            whence = wrapped(f"In {self._path}", self.text_width, Tone.DIM, first=Span("  ")) if self._path else []
            return [*wrapped(told, self.text_width, first=Span("✓ ", Tone.GOOD)), *whence]
        if key_id := key_id_in(self._given):
            return [line(f"Found the key {shortened_key(key_id)}. Its secret is missing.")]
        return wrapped(_ABOUT, self.text_width, Tone.DIM)

    def _wants_secret(self, given: Secret) -> bool:
        """Whether all that is wrong with what was *given* so far is that the secret is missing."""
        return self._found is None and self._problem is None and bool(key_id_in(given))

    @property
    def _given(self) -> Secret:
        """What is in the fields."""
        return Secret("\n".join(self.query_one(name, SecretInput).value for name in ("#first", "#second")).strip())

    def on_input_changed(self, event: SecretInput.Changed) -> None:
        """Show what was found so far, or what cannot be imported, however it goes on."""
        event.stop()
        if not event.value and self._problem is not None:
            # The fields were cleared because of it.
            return
        self._found, self._problem, self._path = None, None, ""
        try:
            self._found = read_keys(self._given).keys
        except MfaTuiError as problem:
            self._problem = problem if problem.slug != _INCOMPLETE else None
        self._draw()

    def on_input_submitted(self, event: SecretInput.Submitted) -> None:
        """Import on Enter, or go on to the secret."""
        event.stop()
        self.action_give()

    def action_give(self) -> None:
        """Submit the key if it is complete, or say what is missing."""
        if self._found is not None:
            self.dismiss(GivenKey(self._found, self._path))
            return
        second = self.query_one("#second", SecretInput)
        if self._wants_secret(self._given) and not second.value:
            second.focus()
            return
        try:
            read_keys(self._given)
        except MfaTuiError as problem:
            self._problem = problem
        # What was typed cannot be seen, so the user would unknowingly add to it.
        first = self.query_one("#first", SecretInput)
        first.value = second.value = ""
        first.focus()
        self._draw()

    def action_file(self) -> None:
        """Ask for a file's path, and read it."""

        def read(path: str | None) -> None:
            if path:
                self.run_worker(self._read(os.path.expanduser(path)))

        text = "A file with the key, such as the console's CSV:"
        self.app.push_screen(PathDialog("Read a file", text, self._path, lambda _: None, yes="Read"), read)

    async def _read(self, path: str) -> None:
        self._found, self._problem, self._path = None, None, path
        try:
            self._found = (await self._read_path(path)).keys
        except MfaTuiError as problem:
            self._problem = problem
        self._draw()

    def action_cancel(self) -> None:
        """Dismiss the dialog without a key."""
        self.dismiss(None)
