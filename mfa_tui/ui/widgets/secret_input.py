"""An input for secrets: masked, and never copied to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.widgets.ordered_input import OrderedInput

if TYPE_CHECKING:
    from textual import events


class SecretInput(OrderedInput):
    """Textual's own masked input would copy the plain text.

    With *lines* all lines of a pasted text are kept, of which Textual keeps only the first.
    """

    ALLOW_SELECT = False

    def __init__(self, *, placeholder: str = "", lines: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=placeholder, password=True, compact=True, id=id)
        self._lines = lines

    def on_paste(self, event: events.Paste) -> None:
        """Insert the pasted text."""
        if self._lines:
            event.prevent_default()
            event.stop()
            self.replace(event.text, *self.selection)

    def action_copy(self) -> None:
        """Do nothing."""
        self.app.bell()

    def action_cut(self) -> None:
        """Do nothing."""
        self.app.bell()
