"""Backing up all stored secrets to one encrypted file, and restoring them, with the questions that each asks."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.services.progress import Progress
from mfa_tui.services.seeds.backup import (
    WRONG_KEY,
    BackupResult,
    RestoreResult,
    back_up,
    check_backup,
    check_new_backup,
    restore,
    secrets_in_words,
)
from mfa_tui.ui.flows.ask_path import ask_path
from mfa_tui.ui.flows.attempt import attempt

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import Secret
    from mfa_tui.ui.flows.host_screen import HostScreen

_SUGGESTED = os.path.join("~", "mfa-secrets.age")
_TO = (
    "Writes all stored secrets to one new file, in the age format, encrypted with a passphrase. Keep the file and the "
    "passphrase where you can reach them if you lose this machine."
)
_NO_WAY_BACK = "Nobody can open the backup without the passphrase. Keep a copy of it somewhere else."
_FROM = "A backup written by mfa-tui. Secrets of devices that already have one here are left as they are."


async def back_up_secrets(host: HostScreen, name: str) -> None:
    """Ask for a file and a passphrase, and write all stored secrets there. It is shown under *name*."""
    from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog

    path = await ask_path(host, "Back up secrets", _TO, _SUGGESTED, check_new_backup, yes="Continue")
    if path is None:
        return
    passphrase = await host.ask(
        PassphraseDialog("Choose a passphrase for the backup", _NO_WAY_BACK, new=True, yes="Write backup")
    )
    if passphrase is None:
        return
    done = await attempt(
        host,
        name,
        partial(_backed_up, host, path, passphrase),
        step=Progress("writing", "Writing the backup"),
        notices=lambda done: done.left_out,
    )
    if done is not None:
        host.notify_success(f"Backed up {secrets_in_words(len(done.saved))}", f"To {path}")


async def restore_secrets(host: HostScreen, name: str) -> None:
    """Ask for a backup and its passphrase, and store what is not stored yet. It is shown under *name*."""
    from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog

    path = await ask_path(host, "Restore secrets", _FROM, _SUGGESTED, check_backup, yes="Continue")
    if path is None:
        return
    wrong = ""
    while True:
        passphrase = await host.ask(
            PassphraseDialog("Open the backup", f"The passphrase for {path}", new=False, wrong=wrong, yes="Open")
        )
        if passphrase is None:
            return
        done = await attempt(
            host,
            name,
            partial(_restored, host, path, passphrase),
            step=Progress("keyring", "Opening the backup and storing its secrets"),
            notices=lambda done: done.left_out,
        )
        problem = host.app_state.action_log.entry(name).problem
        if problem is None or problem.slug != WRONG_KEY:
            break
        wrong = problem.what
    if done is not None:
        new = (*done.added, *done.replaced)
        for serial in new:
            host.app_state.codes.forget(serial)
        await host.reload()
        same = f"Already stored: {secrets_in_words(len(done.same))}." if done.same else ""
        host.notify_success(f"Restored {secrets_in_words(len(new))}" if new else "Nothing was stored", same)


def _backed_up(host: HostScreen, path: str, passphrase: Secret, scope: CancelScope) -> BackupResult:
    return back_up(host.app_state.context, path, scope, passphrase=lambda: passphrase)


def _restored(host: HostScreen, path: str, passphrase: Secret, scope: CancelScope) -> RestoreResult:
    return restore(host.app_state.context, path, scope, passphrase=lambda: passphrase)
