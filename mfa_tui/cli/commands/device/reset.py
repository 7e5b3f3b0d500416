"""``mfa-tui device reset``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.commands.device.enroll import add_enrollment_options, enrollment_options
from mfa_tui.cli.devices.options import add_user_options, device_parser
from mfa_tui.cli.devices.other_user import reset_for
from mfa_tui.cli.terminal.parser import exclusive_options
from mfa_tui.errors import UsageError

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "reset",
        "For administrators: reset the MFA of another user who has lost a device. The device is deactivated and "
        "deleted, so that the user can enroll a new one, and a text to send to the user is printed. With --enroll the "
        "new device is enrolled at once: the user scans the QR code and reads two codes to you.",
    )
    add_user_options(parser)
    parser.add_argument("--all", action="store_true", help="all devices of the user, FIDO keys and passkeys too")
    parser.add_argument("--enroll", action="store_true", help="enroll a new device at once")
    add_enrollment_options(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Reset the devices of another user."""
    given = parser().parse_args(arguments)
    if given.user is None:
        raise UsageError(
            "usage",
            "Whose MFA is to be reset?",
            "The command is for administrators, and acts for another user.",
            "Name the user with --user NAME. To replace your own device: mfa-tui device replace",
        )
    if given.all and given.serial:
        raise exclusive_options("--all", "--serial")
    return reset_for(given, enrollment_options(given))
