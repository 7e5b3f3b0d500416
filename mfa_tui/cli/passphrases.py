"""Passphrases: typed on the terminal without echo, or from standard input where a command takes them from there."""

from __future__ import annotations

import sys

from mfa_tui.adapters.passphrases import nobody_to_ask
from mfa_tui.cli import output, terminal
from mfa_tui.core.passphrases import first_line, new_passphrase
from mfa_tui.errors import NoTerminal, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

_NO_WAY_BACK = "Nobody can open it without the passphrase: there is no way back. Keep a copy of it elsewhere."


class VaultPassphrase:
    """Asks for the vault's passphrase (see ``adapters.person``); nobody, in the background: reading would stop us."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, new: bool) -> Secret:
        """The passphrase. Raises VaultLocked, UsageError (``passphrase-…``), Cancelled."""
        if not terminal.is_in_front():
            raise nobody_to_ask()
        if new:
            output.say("The vault keeps the secrets of MFA devices in a file, encrypted by a passphrase.")
            return typed_twice("New passphrase of the vault: ")
        if self._asked:
            output.say("That is not the passphrase of the vault.")
        self._asked = True
        return terminal.ask_secret("Passphrase of the vault: ", _nobody("the vault"))


def typed_twice(prompt: str) -> Secret:
    """A new passphrase. Raises NoTerminal, UsageError (``passphrase-short``, ``passphrase-differs``), Cancelled."""
    output.say(_NO_WAY_BACK)
    passphrase = new_passphrase(terminal.ask_secret(prompt, _nobody("it")).reveal())
    if terminal.ask_secret("The same once more: ", _nobody("it")) != passphrase:
        raise UsageError("passphrase-differs", "The two passphrases are not the same.", "", "Try again.")
    return passphrase


def new_for(what: str) -> Secret:
    """A new passphrase for *what*: from standard input, if that is no terminal and not empty; else typed twice."""
    piped = _piped()
    return new_passphrase(piped.reveal()) if piped else typed_twice(f"New passphrase of {what}: ")


def existing_for(what: str) -> Secret:
    """The passphrase of *what*: from standard input, if that is no terminal and not empty; else typed."""
    return _piped() or terminal.ask_secret(f"Passphrase of {what}: ", _nobody(what))


def _piped() -> Secret | None:
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return first_line(terminal.piped_line()) or None


def _nobody(what: str) -> NoTerminal:
    return NoTerminal(
        "no-terminal",
        f"The passphrase of {what} would be asked for, and there is no terminal.",
        "",
        "Give it on standard input.",
    )
