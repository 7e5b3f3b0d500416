"""What ``keys disable`` and ``keys enable`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.options import add_user_options, check_json, parse_arguments
from mfa_tui.cli.keys.key_owner import keys_parser, load_owner
from mfa_tui.cli.keys.other_user import change_status_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import Exit
from mfa_tui.services.keys.retirement import choose_key, describe_status, set_status

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def key_parser(command: str, description: str) -> Parser:
    """A parser with PROFILE, ``--code``, ``--key`` and ``--yes``."""
    parser = keys_parser(command, description)
    parser.add_argument(
        "--key",
        default="",
        metavar="AKIA…",
        help="the key (default: the one that mfa-tui keys rotate retired; with --user: the only one)",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_user_options(parser)
    return parser


def change_status(parser: Parser, arguments: list[str], *, active: bool) -> int:
    """Activate or deactivate a key, after confirmation."""
    given = parse_arguments(parser, arguments)
    check_json(given)
    if given.user is not None:
        return change_status_for(given, active=active)
    owner = load_owner(new_operation(open_context(secrets=True)), given.profile, given.code)
    key = choose_key(owner, given.key).key
    state = "active" if active else "inactive"
    if key.active == active:
        output.print_result(f"{owner.name}: the key {key.access_key_id} is {state} already")
        return Exit.DONE
    verb = "Activate" if active else "Deactivate"
    plan = describe_status(owner, key, active=active)
    if not ask_consent(plan, f"{verb} the key {shortened_key(key.access_key_id)}?", yes=given.yes):
        return Exit.DONE
    set_status(owner, key, active=active)
    output.print_result(f"{owner.name}: the key {key.access_key_id} is {state} now")
    return Exit.DONE
