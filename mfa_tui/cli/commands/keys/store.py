"""``mfa-tui keys store``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.cli.terminal.parser import PROFILE_HELP, Parser
from mfa_tui.core.text.display import in_words, shell_command
from mfa_tui.errors import Exit
from mfa_tui.services.keys.store import store_keys
from mfa_tui.services.keys.store_plan import describe_store, plan_store

if TYPE_CHECKING:
    from mfa_tui.services.keys.store import StoreResult
    from mfa_tui.services.keys.store_plan import StorePlan


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "keys store",
        "Move a profile's long-term keys out of the AWS files, into the keyring or the vault. They are stored, read "
        "back and tried at AWS before they are taken out of the files, and out of mfa-tui's own backups of them. "
        "Profiles with the same key are moved together. mfa-tui keys restore puts them back into the files.",
    )
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=PROFILE_HELP)
    parser.add_argument(
        "--to", choices=("keyring", "vault"), default="", help="where to (default: seed_store in the settings)"
    )
    parser.add_argument(
        "--bare",
        action="store_true",
        help="add no credential_process: AWS tools cannot use the profile itself then, only what login saves",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def run(arguments: list[str]) -> int:
    """Store the keys, after confirmation."""
    given = parse_arguments(parser(), arguments)
    operation = new_operation(open_context(secrets=True))
    plan = plan_store(operation, given.profile, place=given.to, bare=given.bare)
    name = plan.profile.name
    if not plan.changes:
        output.print_result(f"{name}: the key is in the {plan.place} already")
        _name_copies(plan)
        return Exit.DONE
    # Only a move is asked about; what else is left of one is done.
    sure = given.yes or not plan.moves
    if not ask_consent(describe_store(plan), f"Move the key to the {plan.place}?", yes=sure):
        return Exit.DONE
    _report(plan, store_keys(operation, plan))
    return Exit.DONE


def _report(plan: StorePlan, done: StoreResult) -> None:
    for name in done.profiles:
        output.print_result(f"{name}: the key is in the {done.place}")
    if plan.in_files:
        output.say(f"Undo it: {shell_command(plan.profile.name, 'mfa-tui keys restore PROFILE')}")


def _name_copies(plan: StorePlan) -> None:
    if plan.copies:
        output.say(f"Copies of the secret are left: {in_words(list(plan.copies))}")
