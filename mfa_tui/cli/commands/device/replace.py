"""``mfa-tui device replace``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.commands.device.enroll import add_enrollment_options, enrollment_options
from mfa_tui.cli.devices.enrollment import enroll_device
from mfa_tui.cli.devices.iam_user import ensure_session, load_user, selected_serial
from mfa_tui.cli.devices.options import add_user_options, check_json, device_parser
from mfa_tui.cli.devices.other_user import replace_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.errors import Exit
from mfa_tui.services.devices.enrollment import Enrollment
from mfa_tui.services.devices.removal import check_own
from mfa_tui.services.devices.replacement import replace_device

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "replace",
        "Enroll a new MFA device, verify it with a login (with --user: by two codes), and only then remove the old one "
        "(--serial; default: the profile's). Profiles that named the old device then name the new one. An interrupted "
        "replacement is continued.",
    )
    add_user_options(parser)
    add_enrollment_options(parser)
    return parser


def run(arguments: list[str]) -> int:
    """Replace a device with a new one."""
    given = parser().parse_args(arguments)
    check_json(given)
    if given.user is not None:
        return replace_for(given, enrollment_options(given))
    user = load_user(new_operation(open_context(secrets=True)), given.profile)
    ensure_session(user, given.code)
    unfinished = Enrollment(user).unfinished()
    replaced = unfinished.replaces if unfinished else ""
    old = replaced if replaced and not given.serial else selected_serial(user, given.serial).text
    if old != replaced:
        # The old device of an interrupted run may be removed already.
        check_own(user, old)
    enrollment = Enrollment(user, replaces=old)
    made = enroll_device(enrollment, enrollment_options(given))
    enrollment.finish(made)
    for name in replace_device(enrollment, made):
        output.say(f"{name} now uses {made.serial.name}.")
    output.print_result(f"{user.name}: removed {old}, replaced by {made.serial.text}")
    if not MfaSerial(old).usable:
        output.remark("It was a FIDO key or passkey, so it no longer signs you in to the console either.")
    return Exit.DONE
