"""Confirmation of what cannot be undone: with ``--yes``, or on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output, tty

if TYPE_CHECKING:
    from mfa_tui.errors import NoTerminal


def ask_consent(question: str, no_terminal: NoTerminal, *, yes: bool) -> bool:
    """Ask the user to agree, unless *yes* says that they have. Whether they agree.

    Raises *no_terminal* if there is no terminal to ask on. Its ``why`` says what is at stake, and is shown before the
    question.
    """
    if yes:
        return True
    if not tty.is_available():
        raise no_terminal
    output.say(no_terminal.why)
    return tty.confirm(question, default=False)
