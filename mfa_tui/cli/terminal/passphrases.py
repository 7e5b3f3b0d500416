"""Passphrases: typed on the terminal without echo, or from standard input where a command takes them from there."""

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
_NO_WAY_BACK = "Nobody can open it without the passphrase: there is no way back. Keep a copy of it elsewhere."


class VaultPassphrase:
    """Asks for the vault's passphrase (see ``adapters.person``); nobody, in the background: reading would stop us."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, new: bool) -> Secret:
        """The passphrase. Raises NoUserToAsk, UsageError (``passphrase-…``), Cancelled."""
        if not tty.is_in_front():
            raise NoUserToAsk
        if new:
            output.say("The vault keeps the secrets of MFA devices in a file, encrypted by a passphrase.")
            return typed_twice("New passphrase of the vault: ")
        if self._asked:
            output.say("That is not the passphrase of the vault.")
        self._asked = True
        return tty.ask_secret("Passphrase of the vault: ", _nobody("the vault"))


def typed_twice(prompt: str) -> Secret:
    """A new passphrase; one that will not do is asked for again, twice.

    Raises NoTerminal, UsageError (``passphrase-short``, ``passphrase-differs``), Cancelled.
    """
    output.say(_NO_WAY_BACK)
    for _ in range(_TRIES - 1):
        try:
            return _typed_twice(prompt)
        except UsageError as error:
            output.problem(error)
    return _typed_twice(prompt)


def _typed_twice(prompt: str) -> Secret:
    passphrase = checked_passphrase(tty.ask_secret(prompt, _nobody("it")).reveal())
    if tty.ask_secret("The same once more: ", _nobody("it")) != passphrase:
        raise UsageError("passphrase-differs", "The two passphrases are not the same.", "", "Try again.")
    return passphrase


def new_for(what: str) -> Secret:
    """A new passphrase for *what*: from standard input, if that is no terminal and not empty; else typed twice."""
    piped = _piped()
    return checked_passphrase(piped.reveal()) if piped else typed_twice(f"New passphrase of {what}: ")


def opened(what: str, wrong: str, attempt: Callable[[Callable[[], Secret]], T]) -> T:
    """What *attempt* returns, which gets the passphrase of *what* from its argument, if it needs one.

    That is from standard input, if that is no terminal and not empty; else typed, and twice more while it is wrong:
    while *attempt* raises a UsageError of that slug.
    """
    typed = 0

    def passphrase() -> Secret:
        nonlocal typed
        if piped := _piped():
            return piped
        typed += 1
        return tty.ask_secret(f"Passphrase of {what}: ", _nobody(what))

    while True:
        try:
            return attempt(passphrase)
        except UsageError as error:
            if error.slug != wrong or not 0 < typed < _TRIES:
                raise
            output.say(error.what)


def _piped() -> Secret | None:
    if sys.stdin is None or sys.stdin.isatty():
        return None
    return first_line(tty.piped_line()) or None


def _nobody(what: str) -> NoTerminal:
    return NoTerminal(
        "no-terminal",
        f"The passphrase of {what} would be asked for, and there is no terminal.",
        "",
        "Give it on standard input.",
    )
