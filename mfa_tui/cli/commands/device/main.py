"""``mfa-tui device``: MFA devices and their secrets. Each command is a module here, imported when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal.command_group import CommandGroup

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser

_GROUP = CommandGroup(
    "device",
    "Manage MFA devices and their secrets.",
    "[PROFILE | FILE]",
    {
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
    },
    width=9,
)


def parser() -> Parser:
    """The parser of its commands' arguments."""
    return _GROUP.parser()


def run(arguments: list[str]) -> int:
    """Run one of the device commands."""
    return _GROUP.run(arguments)
