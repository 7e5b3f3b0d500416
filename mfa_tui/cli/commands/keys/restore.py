"""``mfa-tui keys restore``."""

from __future__ import annotations

from mfa_tui.cli.devices.confirmation import ask_consent
from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import Exit, NoTerminal
from mfa_tui.services.keys.restore import plan_restore, restore_keys


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
    named = in_words(list(plan.profiles))
    no_terminal = NoTerminal(
        "no-terminal",
        "To put the key back, mfa-tui has to ask you, and there is no terminal.",
        f"The key of {named} will be in plain text on the disk again.",
        "Use --yes to put it back. Nothing was changed.",
    )
    if not ask_consent(f"Put the key of {named} back into the AWS files?", no_terminal, yes=given.yes):
        output.say("Nothing was changed.")
        return Exit.DONE
    restore_keys(operation, plan)
    for name in plan.profiles:
        output.print_result(f"{name}: the key is in the AWS files again")
    return Exit.DONE
