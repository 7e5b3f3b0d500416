"""``mfa-tui device enroll``."""

from __future__ import annotations

from argparse import SUPPRESS
from typing import TYPE_CHECKING

from mfa_tui.cli.devices.enrollment import EnrollmentOptions, enroll_device
from mfa_tui.cli.devices.iam_user import add_code_option, ensure_session, load_user
from mfa_tui.cli.devices.options import add_user_options, check_json, profile_parser
from mfa_tui.cli.devices.other_user import enroll_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.core.text.display import format_account
from mfa_tui.errors import Exit
from mfa_tui.services.devices.enrollment import Enrollment, Keep

if TYPE_CHECKING:
    from argparse import Namespace

    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = profile_parser(
        "enroll",
        "Create a virtual MFA device for the IAM user behind the profile, enable it, and verify it with a first login "
        "(with --user: by two codes that the user types). An interrupted enrollment is continued.",
    )
    add_user_options(parser)
    add_enrollment_options(parser)
    return parser


def add_enrollment_options(parser: Parser) -> None:
    """Add the options of an enrollment, which ``replace`` has too."""
    parser.add_argument("--name", default="", help="the device's name (default: the user's name, then USER-backup …)")
    parser.add_argument(
        "--keep",
        choices=Keep.ALL,
        metavar="WHERE",
        help="where to keep the secret: here (this machine's keyring or vault: no codes to type), phone (only an "
        "authenticator app: the two factors stay apart), or both",
    )
    parser.add_argument(
        "--image", default="", metavar="FILE", help="write the QR code to FILE (.svg or .png), readable only by you"
    )
    add_code_option(parser)
    parser.add_argument(
        "--start-over", action="store_true", help="delete the device of an unfinished enrollment, and create a new one"
    )
    # Its name in older versions.
    parser.add_argument("--anew", dest="start_over", action="store_true", help=SUPPRESS)
    parser.add_argument(
        "--yes",
        action="store_true",
        help="do not ask: use the default name, and --keep here unless given (with --user: --keep phone)",
    )


def enrollment_options(given: Namespace) -> EnrollmentOptions:
    """The options of an enrollment as they were given."""
    return EnrollmentOptions(given.name, given.keep, given.image, start_over=given.start_over, asks=not given.yes)


def run(arguments: list[str]) -> int:
    """Enroll a device, up to a saved session."""
    given = parser().parse_args(arguments)
    check_json(given)
    if given.user is not None:
        return enroll_for(given, enrollment_options(given))
    user = load_user(new_operation(open_context(secrets=True)), given.profile)
    if user.devices is not None and not user.devices:
        output.remark(f"{user.identity.user} (account {format_account(user.identity.account)}) has no MFA device yet.")
    ensure_session(user, given.code)
    enrollment = Enrollment(user)
    made = enroll_device(enrollment, enrollment_options(given))
    enrollment.finish(made)
    if enrollment.replaces:
        output.say(
            f"It replaces {enrollment.replaces}. To finish that: " + user.command("mfa-tui device replace PROFILE")
        )
    elif len(user.usable) == 1:
        output.remark(
            "Add a second device in case you lose this one: "
            + user.command("mfa-tui device enroll PROFILE --keep phone")
        )
    return Exit.DONE
