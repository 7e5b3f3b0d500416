"""Secrets on the clipboard, for a limited time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from mfa_tui.models import Secret


class Clipboard:
    """The clipboard, by way of the terminal (OSC 52), which does not confirm anything."""

    def __init__(self, app: App[str]) -> None:
        self._app = app

    def put(self, secret: Secret, seconds: float) -> None:
        """Send *secret* there, and clear it after *seconds* (0: never), unless something else was sent since."""
        value = secret.reveal()
        self._app.copy_to_clipboard(value)
        if seconds:
            self._app.set_timer(seconds, lambda: self._clear(secret))

    def _clear(self, secret: Secret) -> None:
        if self._app.clipboard == secret.reveal():
            self._app.copy_to_clipboard("")
