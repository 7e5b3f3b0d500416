"""``mfa-tui keys restore``."""

from __future__ import annotations

from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.errors import Exit
from mfa_tui.services.keys.restore import describe_restore, plan_restore, restore_keys


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "keys restore",
        "Put a profile's stored long-term keys back into the AWS files, where and as they were, and remove them from "
        "the keyring or the vault. Profiles with the same key get it back together.",
    )
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def run(arguments: list[str]) -> int:
    """Restore the keys, after confirmation."""
    given = parse_arguments(parser(), arguments)
    operation = new_operation(open_context(secrets=True))
    plan = plan_restore(operation, given.profile)
    if not ask_consent(describe_restore(plan), "Put the key back into the AWS files?", yes=given.yes):
        return Exit.DONE
    restore_keys(operation, plan)
    for name in plan.profiles:
        output.print_result(f"{name}: the key is in the AWS files again")
    return Exit.DONE
