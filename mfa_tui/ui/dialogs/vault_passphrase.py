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

_OLD = "The vault holds the secrets of your MFA devices. It stays open until you quit."
_NEW = (
    "The vault keeps the secrets of your MFA devices in an encrypted file. Nobody can open it without the passphrase: "
    "keep a copy of that somewhere else."
)


class PassphraseAsker:
    """What *person* is asked by as long as the interface runs: from the beginning, to the end of a ``with`` of it.

    The vault, once open, asks no more in this run. The terminal is the interface's, for no other program to ask on.
    """

    def __init__(self, app: App[str], person: UserPrompts) -> None:
        self._app = app
        self._person = person
        self._before = person.ask_passphrase, person.may_use_terminal, person.report_progress
        person.ask_passphrase, person.may_use_terminal, person.report_progress = self, lambda: False, self._tell
        self._one_at_a_time = threading.Lock()
        self._pending: Future[Secret | None] | None = None
        self._given = False

    def __enter__(self) -> None:
        """The interface runs."""

    def __exit__(self, *_: object) -> None:
        """The terminal is free again."""
        self._person.ask_passphrase, self._person.may_use_terminal, self._person.report_progress = self._before

    def __call__(self, new: bool) -> Secret | None:
        """The passphrase, None if the dialog was left; any thread but the interface's own may ask."""
        with self._one_at_a_time:
            answer = self._pending = Future()
            # Whoever is asked again has given a wrong one.
            asker = active_worker.get(None)
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
        """Show that opening takes long; called by the thread that opens."""
        self._app.call_from_thread(self._app.notify, f"{what} …")

    def leave(self) -> None:
        """The program ends: whoever waits for an answer gets none."""
        if self._pending is not None and not self._pending.done():
            self._pending.set_result(None)


def _dialog(*, new: bool, wrong: str) -> PassphraseDialog:
    from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog

    if new:
        return PassphraseDialog("Choose a passphrase for the vault", _NEW, new=True, yes="Create vault", no="Skip")
    return PassphraseDialog("Open the vault", _OLD, new=False, wrong=wrong, yes="Open", no="Skip")
