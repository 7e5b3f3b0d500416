"""``mfa-tui keys``: long-term access keys. Each command is a module here, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit, UsageError

if TYPE_CHECKING:
    from types import ModuleType

COMMANDS = {
    "list": "list the access keys of a profile's user",
    "store": "move a profile's keys out of the AWS files, into the keyring or the vault",
    "import": "store a key for a profile, new or not",
    "restore": "put stored keys back into the AWS files, as they were",
    "rotate": "replace a profile's key with a new one",
    "disable": "deactivate a key, such as the one that rotate replaced",
    "enable": "activate a key again",
    "delete": "delete an inactive key",
}
_MODULES = {"import": "import_"}
"""Commands whose name cannot be a module's."""

_ABOUT = "Manage long-term access keys: keep them off the disk."
_HELP = """usage: mfa-tui keys COMMAND [PROFILE] …

{about}

commands:
{commands}

options:
  --help   show this help; for one command: mfa-tui keys COMMAND --help"""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return Parser("keys", _ABOUT, {name: _module_of(name).parser() for name in COMMANDS})


def run(arguments: list[str]) -> int:
    """Run one of the keys commands."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        commands = "\n".join(f"  {key:7}  {text}" for key, text in COMMANDS.items())
        output.print_result(_HELP.format(about=_ABOUT, commands=commands))
        return Exit.DONE
    if name not in COMMANDS:
        raise _unknown_command(name)
    status: int = _module_of(name).run(arguments[1:])
    return status


def _module_of(command: str) -> ModuleType:
    import importlib

    return importlib.import_module(f"mfa_tui.cli.commands.keys.{_MODULES.get(command, command)}")


def _unknown_command(name: str) -> UsageError:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    what = f"There is no keys command {name[:40]!r}." if name else "Which keys command?"
    remedy = f"Did you mean mfa-tui keys {near[0]}?" if near else "mfa-tui keys --help shows all keys commands."
    return UsageError("usage", what, "", remedy)
