"""``mfa-tui keys``: long-term access keys. Each command is a module here, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal.command_group import CommandGroup

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

_GROUP = CommandGroup(
    "keys",
    "Manage long-term access keys: keep them off the disk.",
    "[PROFILE]",
    {
        "list": "list the access keys of a profile's user",
        "store": "move a profile's keys out of the AWS files, into the keyring or the vault",
        "import": "store a key for a profile, new or not",
        "restore": "put stored keys back into the AWS files, as they were",
        "rotate": "replace a profile's key with a new one",
        "disable": "deactivate a key, such as the one that rotate replaced",
        "enable": "activate a key again",
        "delete": "delete an inactive key",
    },
    width=7,
)


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return _GROUP.parser()


def run(arguments: list[str]) -> int:
    """Run one of the keys commands."""
    return _GROUP.run(arguments)
