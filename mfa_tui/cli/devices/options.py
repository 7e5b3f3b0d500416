"""The arguments that the device commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.errors import UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def profile_parser(command: str, description: str) -> Parser:
    """A parser with PROFILE."""
    parser = Parser(f"device {command}", description)
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    return parser


def device_parser(command: str, description: str) -> Parser:
    """A parser with PROFILE and ``--serial``."""
    parser = profile_parser(command, description)
    parser.add_argument(
        "--serial", default="", metavar="ARN", help="the MFA device (default: the profile's mfa_serial)"
    )
    return parser


def add_user_options(
    parser: Parser, json_help: str = "with --user: print what was done, and each AWS request, as JSON"
) -> None:
    """Add ``--user`` and ``--json``, for administrators; *json_help* describes the latter.

    An empty ``--user``, from a variable that is not set, is not the same as none: it must not change one's own devices.
    """
    parser.add_argument(
        "--user",
        metavar="NAME",
        help="act for this IAM user of the account, as an administrator: PROFILE's session signs the requests",
    )
    parser.add_argument("--json", action="store_true", help=json_help)


def check_json(given: Namespace) -> None:
    """Raise UsageError if ``--json`` was given without ``--user``."""
    if given.json and given.user is None:
        raise UsageError("usage", "--json needs --user here.", "", "Leave it out, or name another user with --user.")


def parse_arguments(parser: Parser, arguments: list[str]) -> Namespace:
    """Parse the arguments, one PROFILE at most. An extra argument is not shown: it may be a secret."""
    given, rest = parser.parse_known_args(arguments)
    if rest and rest[0].startswith("-"):
        parser.error(f"unrecognized arguments: {rest[0].partition('=')[0]}")
    if rest:
        raise UsageError(
            "usage",
            f"{parser.prog} takes one PROFILE.",
            "Secrets are not accepted on the command line, where others can see them.",
            f"Pass a secret on standard input or at the prompt; see {parser.prog} --help",
        )
    return given
