"""Asking for the vault's passphrase: a thread that needs it waits until the dialog is answered."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual.worker import active_worker

if TYPE_CHECKING:
    from textual.app import App

    from mfa_tui.adapters.programs.user_prompts import UserPrompts
    from mfa_tui.models import Secret
    from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog

_OLD = "The vault has the secrets that mfa-tui keeps for you. It stays open until you quit."
_NEW = (
    "The vault is an encrypted file for access keys and the secrets of MFA devices. Nobody can open it without the "
    "passphrase: keep a copy of that somewhere else."
)


class PassphraseAsker:
    """Lets the adapters ask through the interface while it runs; *prompts* are theirs.

    It is a context manager, held while the interface runs. An open vault does not ask again in this run. The terminal
    belongs to the interface: no other program may ask on it.
    """

    def __init__(self, app: App[str], prompts: UserPrompts) -> None:
        self._app = app
        self._prompts = prompts
        self._before = prompts.ask_passphrase, prompts.may_use_terminal, prompts.report_progress
        prompts.ask_passphrase, prompts.may_use_terminal, prompts.report_progress = self, lambda: False, self._tell
        self._one_at_a_time = threading.Lock()
        self._pending: Future[Secret | None] | None = None
        self._given = False

    def __enter__(self) -> None:
        """The prompts go to the interface already."""

    def __exit__(self, *_: object) -> None:
        """Stop asking: the terminal is free again."""
        self._prompts.ask_passphrase, self._prompts.may_use_terminal, self._prompts.report_progress = self._before

    def __call__(self, new: bool) -> Secret | None:
        """Ask for the passphrase; None if the dialog was dismissed. Any thread but the interface's own may call it."""
        with self._one_at_a_time:
            answer = self._pending = Future()
            asker = active_worker.get(None)
            # Asking again means that the last passphrase was wrong.
            wrong = "That is not the vault's passphrase." if self._given and not new else ""

            def ask() -> None:
                def take(given: Secret | None) -> None:
                    if not answer.done():
                        answer.set_result(given)

                dialog = _dialog(new=new, wrong=wrong)
                dialog.asker = asker
                self._app.push_screen(dialog, take)

            self._app.call_from_thread(ask)
            given = answer.result()
            self._given = given is not None
            return given

    def _tell(self, what: str) -> None:
        """Show that opening the vault takes long; called by the thread that opens it."""
        self._app.call_from_thread(self._app.notify, f"{what} …")

    def leave(self) -> None:
        """End all waiting: the program exits, so no thread gets an answer any more."""
        if self._pending is not None and not self._pending.done():
            self._pending.set_result(None)


def _dialog(*, new: bool, wrong: str) -> PassphraseDialog:
    from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog

    if new:
        return PassphraseDialog("Choose a passphrase for the vault", _NEW, new=True, yes="Create vault")
    return PassphraseDialog("Open the vault", _OLD, new=False, wrong=wrong, yes="Open", no="Skip")
