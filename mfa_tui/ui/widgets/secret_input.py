"""An input for secrets: masked, and nothing of it reaches the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events


class SecretInput(Input):
    """Copy and cut of Textual's own masked input would put the plain text on the clipboard.

    *lines*: of what is pasted all lines are kept, where Textual's own keeps the first.
    """

    ALLOW_SELECT = False

    def __init__(self, *, placeholder: str = "", lines: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=placeholder, password=True, compact=True, id=id)
        self._lines = lines

    def on_paste(self, event: events.Paste) -> None:
        """Put in what is pasted."""
        if self._lines:
            event.prevent_default()
            event.stop()
            self.replace(event.text, *self.selection)

    def action_copy(self) -> None:
        """Refused."""
        self.app.bell()

    def action_cut(self) -> None:
        """Refused."""
        self.app.bell()
