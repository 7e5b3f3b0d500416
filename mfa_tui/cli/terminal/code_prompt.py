"""The prompt for a code."""

from __future__ import annotations

from mfa_tui.cli.terminal import output, tty
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret


def ask_code(prompt: str, needed: MfaTuiError) -> Secret:
    """Ask for a code until one is typed. Raises *needed* if there is no terminal, Cancelled at end of input.

    Of a pasted text that does not begin with a code, no line is taken for one.
    """
    while True:
        try:
            return checked_code(tty.ask_secret(prompt, needed, is_code).reveal())
        except UsageError as problem:
            output.print_error(problem)


def is_code(line: str) -> bool:
    """Whether a line is a code."""
    try:
        checked_code(line)
    except UsageError:
        return False
    return True
