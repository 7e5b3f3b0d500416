"""``mfa-tui device enroll``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.devices.enrollment import EnrollmentOptions, enroll_device
from mfa_tui.cli.devices.iam_user import add_code_option, ensure_session, load_user, print_notices
from mfa_tui.cli.devices.options import profile_parser
from mfa_tui.cli.sessions.context import open_context
from mfa_tui.cli.terminal import output
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Exit
from mfa_tui.services.devices.enrollment import Enrolment, Keep

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = profile_parser(
        "enroll",
        "Give the IAM user behind the profile a virtual MFA device: made, its secret kept, enabled, and proved by a "
        "first login. What an interrupted run has begun is taken up again.",
    )
    add_enrollment_options(parser)
    return parser


def add_enrollment_options(parser: Parser) -> None:
    """What enrolling takes, whatever it is for."""
    parser.add_argument("--name", default="", help="the device's name (default: the user's, then USER-backup …)")
    parser.add_argument(
        "--keep",
        choices=Keep.ALL,
        metavar="WHERE",
        help="where the secret is kept: here (the keyring or vault of this machine: no code to type), phone (an "
        "authenticator app only: both factors stay apart), or both",
    )
    parser.add_argument(
        "--image", default="", metavar="FILE", help="write the QR code to FILE (.svg or .png), readable by you alone"
    )
    add_code_option(parser)
    parser.add_argument(
        "--anew", action="store_true", help="take a device away whose enrollment was not ended, and make a new one"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask: the usual name, and --keep here unless given")


def enrollment_options(given: Namespace) -> EnrollmentOptions:
    """What was asked for."""
    return EnrollmentOptions(given.name, given.keep, given.image, anew=given.anew, asks=not given.yes)


def run(arguments: list[str]) -> int:
    """Enrol a device, to a written session."""
    given = parser().parse_args(arguments)
    control = CancelScope()
    user = load_user(open_context(secrets=True), given.profile, control)
    if user.devices is not None and not user.devices:
        output.remark(f"{user.identity.user} (account {user.identity.account}) has no MFA device yet.")
    ensure_session(user, given.code)
    print_notices(user.notices)
    enrolment = Enrolment(user)
    made = enroll_device(enrolment, enrollment_options(given))
    enrolment.finish(made)
    if enrolment.replaces:
        output.say(
            f"It is to replace {enrolment.replaces}. To finish that: "
            + shell_command(user.name, "mfa-tui device replace PROFILE")
        )
    elif len(user.usable) == 1:
        output.remark(
            "A second device saves you when this one is lost: "
            + shell_command(user.name, "mfa-tui device enroll PROFILE --keep phone")
        )
    return Exit.DONE
