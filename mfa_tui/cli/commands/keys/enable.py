"""``mfa-tui keys enable``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.keys.status import change_status, key_parser

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    return key_parser(
        "enable",
        "Activate an access key of the profile's user again. The profile must have another key, which is active, to "
        "sign the request with; otherwise an administrator has to do it, with --user.",
    )


def run(arguments: list[str]) -> int:
    """Activate the key, after confirmation."""
    return change_status(parser(), arguments, active=True)
