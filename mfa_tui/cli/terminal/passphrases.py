"""Passphrases, typed on the terminal without echo, or read from standard input by the commands that allow it."""

from __future__ import annotations

import sys

from mfa_tui.adapters.programs.user_prompts import NoUserToAsk
from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.seeds.passphrase import checked_passphrase, first_line
from mfa_tui.errors import NoTerminal, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from mfa_tui.models import Secret

    T = TypeVar("T")

_TRIES = 3
_NO_RECOVERY = "Nobody can open it without the passphrase, and there is no recovery. Keep a copy of it elsewhere."


class VaultPassphrase:
    """Asks for the vault's passphrase, when called (see ``adapters.programs.user_prompts``).

    In the background it asks nobody: reading the terminal would stop the process.
    """

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, new: bool) -> Secret:
        """The passphrase. Raises NoUserToAsk, UsageError (``passphrase-…``), Cancelled."""
        if not tty.is_in_foreground():
            raise NoUserToAsk
        if new:
            output.say("The vault keeps the secrets of your MFA devices in a file, encrypted with a passphrase.")
            return ask_new_passphrase("New passphrase for the vault: ")
        if self._asked:
            output.say("That is not the vault's passphrase.")
        self._asked = True
        return tty.ask_secret("Passphrase for the vault: ", _no_terminal("the vault"))


def ask_new_passphrase(prompt: str) -> Secret:
    """Ask for a new passphrase, up to three times while it is refused.

    Raises NoTerminal, UsageError (``passphrase-short``, ``passphrase-differs``), Cancelled.
    """
    output.say(_NO_RECOVERY)
    for _ in range(_TRIES - 1):
        try:
            return _ask_twice(prompt)
        except UsageError as error:
            output.print_error(error)
    return _ask_twice(prompt)


def _ask_twice(prompt: str) -> Secret:
    passphrase = checked_passphrase(tty.ask_secret(prompt, _no_terminal("it")).reveal())
    if tty.ask_secret("Repeat the passphrase: ", _no_terminal("it")) != passphrase:
        raise UsageError("passphrase-differs", "The two passphrases are different.", "", "Try again.")
    return passphrase


def get_new_passphrase(what: str) -> Secret:
    """Get a new passphrase for *what*: from standard input if it is piped and not empty, else typed twice."""
    piped = _read_piped()
    return checked_passphrase(piped.reveal()) if piped else ask_new_passphrase(f"New passphrase for {what}: ")


def open_with_passphrase(what: str, wrong: str, attempt: Callable[[Callable[[], Secret]], T]) -> T:
    """Call *attempt* with a function that gets the passphrase for *what*, and return its result.

    The passphrase comes from standard input if it is piped and not empty. Otherwise it is typed, up to three times:
    again as long as *attempt* raises a UsageError with the slug *wrong*.
    """
    typed = 0

    def passphrase() -> Secret:
        nonlocal typed
        if piped := _read_piped():
            return piped
        typed += 1
        return tty.ask_secret(f"Passphrase for {what}: ", _no_terminal(what))

    while True:
        try:
            return attempt(passphrase)
        except UsageError as error:
            if error.slug != wrong or not 0 < typed < _TRIES:
                raise
            output.say(error.what)


def _read_piped() -> Secret | None:
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return first_line(tty.read_piped_line()) or None


def _no_terminal(what: str) -> NoTerminal:
    return NoTerminal(
        "no-terminal",
        f"The passphrase for {what} is needed, and there is no terminal to ask on.",
        "",
        "Pass it on standard input.",
    )
