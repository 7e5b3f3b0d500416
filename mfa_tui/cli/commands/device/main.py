"""``mfa-tui device``: MFA devices and their secrets. Each command is a module here, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import Parser
from mfa_tui.errors import Exit, UsageError

if TYPE_CHECKING:
    from types import ModuleType

COMMANDS = {
    "list": "list the user's MFA devices: kind, since when, secret stored or not, profiles that use them",
    "enroll": "create a virtual MFA device for the user, and log in with it",
    "import": "store a secret from a key, an authenticator app's export or a picture of a QR code",
    "export": "show a stored secret as a QR code for another phone, or write it to a file",
    "backup": "write all stored secrets to one encrypted file",
    "restore": "store the secrets from such a file",
    "resync": "bring a device whose clock has drifted back in sync with AWS, with two codes",
    "replace": "enroll a new device, verify it, then remove the old one",
    "reset": "for administrators: remove the lost device of another user, so that a new one can be enrolled",
    "remove": "deactivate and delete a device at AWS, and remove its secret",
    "forget": "remove a stored secret from this machine; the device at AWS stays",
}
_MODULES = {"import": "import_"}
"""Commands whose name cannot be a module's."""

_HELP = """usage: mfa-tui device COMMAND [PROFILE | FILE] …

Manage MFA devices and their secrets.

commands:
{commands}

options:
  --help     show this help; for one command: mfa-tui device COMMAND --help"""


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return Parser(
        "device", "Manage MFA devices and their secrets.", {name: _module_of(name).parser() for name in COMMANDS}
    )


def run(arguments: list[str]) -> int:
    """Run one of the device commands."""
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help"):
        output.print_result(_HELP.format(commands="\n".join(f"  {key:9}  {text}" for key, text in COMMANDS.items())))
        return Exit.DONE
    if name not in COMMANDS:
        raise _unknown_command(name)
    status: int = _module_of(name).run(arguments[1:])
    return status


def _module_of(command: str) -> ModuleType:
    import importlib

    return importlib.import_module(f"mfa_tui.cli.commands.device.{_MODULES.get(command, command)}")


def _unknown_command(name: str) -> UsageError:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, n=1)
    what = f"There is no device command {name[:40]!r}." if name else "Which device command?"
    remedy = f"Did you mean mfa-tui device {near[0]}?" if near else "mfa-tui device --help shows all device commands."
    return UsageError("usage", what, "", remedy)
