"""A yes to what cannot be taken back: given with ``--yes``, or asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output, tty

if TYPE_CHECKING:
    from mfa_tui.errors import NoTerminal


def ask_consent(question: str, nobody: NoTerminal, *, yes: bool) -> bool:
    """Whether the user agrees; *yes*: that was said beforehand.

    Raises *nobody* if it would have to ask and there is no terminal. Its ``why`` says what is at stake, which whoever
    is asked is told, too.
    """
    if yes:
        return True
    if not tty.is_available():
        raise nobody
    output.say(nobody.why)
    return tty.confirm(question, default=False)
