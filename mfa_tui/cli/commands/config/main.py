"""``mfa-tui config``: the settings. Each command is a module here, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal.command_group import CommandGroup

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

_GROUP = CommandGroup(
    "config",
    "Show and change the settings in config.toml.",
    "[KEY]",
    {
        "get": "show all settings, or the value of one",
        "set": "set a setting to a value",
        "unset": "remove a setting, so that its default applies again",
        "edit": "open the file in your editor, and check it afterwards",
        "path": "print the path of the file",
    },
    width=6,
)
KEY_HELP = (
    "such as duration, keymap.login, scopes.NAME.services or devices.SERIAL.yubikey; mfa-tui config get shows all"
)
"""The help of the argument KEY."""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return _GROUP.parser()


def run(arguments: list[str]) -> int:
    """Run one of the config commands."""
    return _GROUP.run(arguments)
