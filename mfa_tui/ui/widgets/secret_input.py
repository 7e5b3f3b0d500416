"""An input for secrets: masked, and nothing of it reaches the clipboard."""

from __future__ import annotations

from textual.widgets import Input


class SecretInput(Input):
    """Copy and cut of Textual's own masked input would put the plain text on the clipboard."""

    ALLOW_SELECT = False

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(placeholder=placeholder, password=True, compact=True, id=id)

    def action_copy(self) -> None:
        """Refused."""
        self.app.bell()

    def action_cut(self) -> None:
        """Refused."""
        self.app.bell()
