"""The two fields that take a long-term key: pasted in any form, typed, or from a file. The secret is never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from mfa_tui.core.keys.key_input import describe_keys, key_id_in, read_keys
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import MfaTuiError
from mfa_tui.models import Secret
from mfa_tui.ui.text.spans import Line, Span, Tone, line, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.secret_input import SecretInput
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult

    from mfa_tui.core.keys.key_input import PastedKeys
    from mfa_tui.models import AccessKeys

_INCOMPLETE = "keys-input"
_ABOUT = (
    "Paste all of it into the first field: export, set or $Env: lines, a section of an AWS file, JSON, or the "
    "console's CSV. Or type the access key ID, and then the secret. Neither is shown."
)


class GivenKey(NamedTuple):
    """The key that the user gave."""

    keys: AccessKeys
    """The key."""
    path: str
    """The file that it was read from; empty if it was pasted or typed."""
    region: str = ""
    """The region that stood beside it; empty if none did."""


class KeyFields(Vertical):
    """Two masked fields, and what was found in them. *read* reads a file, and raises MfaTuiError."""

    class Changed(Message):
        """What is in the fields has changed, or what is known of it."""

    @dataclass
    class Given(Message):
        """The user has pressed Enter on a complete key."""

        given: GivenKey
        """The key."""

    def __init__(self, read: Callable[[str], Awaitable[PastedKeys]], width: Callable[[], int]) -> None:
        """*width* is the columns that a line of text has."""
        super().__init__()
        self._read_path = read
        self._width = width
        self._found: PastedKeys | None = None
        self._problem: MfaTuiError | None = None
        self._refused = False
        self.path = ""
        """The file that was read last; empty if the key was pasted or typed."""

    def compose(self) -> ComposeResult:
        """Lay out the fields, and what was found in them."""
        with Horizontal(classes="field"):
            yield Static("Access key")
            yield SecretInput(placeholder="its ID, or paste everything", lines=True, id="first")
        with Horizontal(classes="field"):
            yield Static("Secret key")
            yield SecretInput(placeholder="only if you typed the ID above", lines=True, id="second")
        yield Lines(id="preview")

    @property
    def given(self) -> GivenKey | None:
        """The key; None while it is not complete."""
        return GivenKey(self._found.keys, self.path, self._found.region) if self._found is not None else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return not self._text and self._found is None

    @property
    def wants_secret(self) -> bool:
        """Whether all that is wrong with what was given so far is that the secret is missing."""
        return self._found is None and self._problem is None and bool(key_id_in(self._text))

    @property
    def _inputs(self) -> tuple[SecretInput, SecretInput]:
        return self.query_one("#first", SecretInput), self.query_one("#second", SecretInput)

    @property
    def _text(self) -> Secret:
        """What is in the fields."""
        return Secret("\n".join(field.value for field in self._inputs).strip())

    def draw(self) -> None:
        """Show what was found, or what cannot be used, in lines of the present width."""
        if self.is_attached:
            self.query_one("#preview", Lines).show(self._preview())

    def _preview(self) -> list[Line]:
        width = self._width()
        if self._problem is not None:
            return problem_lines(self._problem, width)
        if self._found is not None:
            told = f"Found {describe_keys(self._found.keys)}."
            whence = wrapped(f"In {self.path}", width, Tone.DIM, first=Span("  ")) if self.path else []
            return [*wrapped(told, width, first=Span("✓ ", Tone.GOOD)), *whence]
        if key_id := key_id_in(self._text):
            return [line(f"Found the key {shortened_key(key_id)}. Its secret is missing.")]
        return wrapped(_ABOUT, width, Tone.DIM)

    def _show(self) -> None:
        self.draw()
        self.post_message(self.Changed())

    def on_input_changed(self, event: SecretInput.Changed) -> None:
        """Show what was found so far, or what cannot be imported, however it goes on."""
        event.stop()
        if not event.value and self._problem is not None and not self._refused:
            # The fields were cleared because of it.
            return
        if not event.value and self.path and self._found is not None:
            # The fields were cleared for the file's key.
            return
        self._found, self._problem, self._refused, self.path = None, None, False, ""
        try:
            self._found = read_keys(self._text)
        except MfaTuiError as problem:
            self._problem = problem if problem.slug != _INCOMPLETE else None
        self._show()

    def on_input_submitted(self, event: SecretInput.Submitted) -> None:
        """Give the key on Enter, or go on to the secret."""
        event.stop()
        self.give()

    def give(self) -> None:
        """Post the key if it is complete, or say what is missing."""
        if (given := self.given) is not None:
            self.post_message(self.Given(given))
            return
        first, second = self._inputs
        if self.wants_secret and not second.value:
            second.focus()
            return
        try:
            read_keys(self._text)
        except MfaTuiError as problem:
            self._problem, self._refused = problem, False
        # What was typed cannot be seen, so the user would unknowingly add to it.
        first.value = second.value = ""
        first.focus()
        self._show()

    def refuse(self, problem: MfaTuiError, *, keep: bool) -> None:
        """Say why the complete key cannot be used. What is typed next adds to it with *keep*, else replaces it."""
        self._problem, self._refused = problem, True
        first, second = self._inputs
        field = second if second.value else first
        field.focus()
        if not keep:
            field.action_select_all()
        self._show()

    async def read(self, path: str) -> None:
        """Read the key in a file. It takes the place of what is in the fields."""
        first, second = self._inputs
        try:
            found = await self._read_path(path)
        except MfaTuiError as problem:
            self._found, self._problem, self._refused, self.path = None, problem, False, path
        else:
            self._found, self._problem, self.path = found, None, path
            first.value = second.value = ""
        self._show()
