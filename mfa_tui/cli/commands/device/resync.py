"""``mfa-tui device resync``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.iam_user import load_user, selected_serial
from mfa_tui.cli.devices.options import add_user_options, check_json, device_parser
from mfa_tui.cli.devices.other_user import resync_for
from mfa_tui.cli.devices.two_codes import ask_two_codes
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.core.aws.mfa_serial import checked_serial
from mfa_tui.errors import Exit
from mfa_tui.services.devices.resync import needs_typed_codes, resync_by_codes

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "resync",
        "Bring an MFA device whose clock has drifted back in sync with AWS. This takes two consecutive codes, from the "
        "stored secret or typed. Use it when codes from the right device are refused.",
    )
    parser.add_argument("--type", action="store_true", help="type the codes even if a secret is stored")
    add_user_options(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Resync a device."""
    given = parser().parse_args(arguments)
    check_json(given)
    if given.user is not None:
        return resync_for(given)
    user = load_user(new_operation(open_context(secrets=True)), given.profile)
    serial = checked_serial(selected_serial(user, given.serial).text, "--serial")
    if given.type or needs_typed_codes(user, serial.text):
        ask_two_codes(serial, lambda codes: resync_by_codes(user, serial.text, codes))
    else:
        resync_by_codes(user, serial.text)
    output.print_result(f"{user.name}: {serial.text} is in sync with AWS again")
    return Exit.DONE
