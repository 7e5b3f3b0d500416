"""``mfa-tui keys disable``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.keys.status import change_status, key_parser

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    return key_parser(
        "disable",
        "Deactivate an access key of the profile's user. AWS then refuses it, and may refuse sessions that were made "
        "with it. The key in use is deactivated only if --key names it. mfa-tui keys enable activates a key again, but "
        "needs another active key of the user for that; without one, an administrator has to, with --user.",
    )


def run(arguments: list[str]) -> int:
    """Deactivate the key, after confirmation."""
    return change_status(parser(), arguments, active=False)
