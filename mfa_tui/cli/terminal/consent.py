"""Consent to a change: what it will do is said first, then the user agrees, with ``--yes`` or on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.text.display import in_one_line
from mfa_tui.errors import NoTerminal

if TYPE_CHECKING:
    from collections.abc import Sequence


def ask_consent(
    plan: Sequence[str],
    question: str,
    *,
    yes: bool,
    remedy: str = "Use --yes to do it.",
    otherwise: str = "Nothing was changed.",
) -> bool:
    """Say what will be done, and ask whether to do it, unless *yes* says so. Whether the user agrees.

    *plan* has one sentence for each line on standard error. *remedy* is for users without a terminal; *otherwise* is
    what they and those who say no are told in the end. Raises NoTerminal if there is no terminal to ask on.
    """
    lines = [in_one_line(sentence) for sentence in plan]
    for line in lines:
        output.say(line)
    if yes:
        return True
    if not tty.is_available():
        raise NoTerminal("no-terminal", "There is no terminal to ask you on.", "", f"{remedy} {otherwise}")
    # Whoever answers must have seen it, wherever standard error goes.
    shown = [] if output.stderr_is_terminal() else lines
    if tty.confirm("\n".join([*shown, question]), default=False):
        return True
    output.say(otherwise)
    return False
