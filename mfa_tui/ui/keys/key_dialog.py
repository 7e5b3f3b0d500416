"""The dialog that takes a long-term key: pasted in any form, typed, or from a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.dialogs.path_dialog import PathDialog
from mfa_tui.ui.keys.key_fields import GivenKey, KeyFields
from mfa_tui.ui.widgets.command_bar import CommandBar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.core.keys.key_input import PastedKeys

FILE_TEXT = "A file with the key, such as the console's CSV:"
"""What a question for such a file says."""


class KeyDialog(Dialog[GivenKey | None]):
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
        self._fields = KeyFields(read, lambda: self.text_width)

    def compose(self) -> ComposeResult:
        """Lay out the fields, what was found in them and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content(f"Import a key for {self._profile}")
        with box:
            yield self._fields
            yield CommandBar()

    def _draw(self) -> None:
        if not self.is_open:
            return
        self._fields.draw()
        self.query_one(CommandBar).show(
            [
                ("screen.give", "⏎", "Next" if self._fields.wants_secret else "Import", not self._fields.is_empty),
                ("screen.file", "^o", "File", True),
                ("screen.cancel", "esc", "Cancel", True),
            ]
        )

    def on_key_fields_changed(self, event: KeyFields.Changed) -> None:
        """Show what Enter does now."""
        event.stop()
        self._draw()

    def on_key_fields_given(self, event: KeyFields.Given) -> None:
        """Submit the key."""
        event.stop()
        self.dismiss(event.given)

    def action_give(self) -> None:
        """Submit the key if it is complete, or say what is missing."""
        self._fields.give()

    def action_file(self) -> None:
        """Ask for a file's path, and read it."""

        def read(path: str | None) -> None:
            if path:
                self.run_worker(self._fields.read(os.path.expanduser(path)))

        self.app.push_screen(PathDialog("Read a file", FILE_TEXT, self._fields.path, lambda _: None, yes="Read"), read)

    def action_cancel(self) -> None:
        """Dismiss the dialog without a key."""
        self.dismiss(None)
