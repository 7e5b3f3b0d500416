"""``mfa-tui keys rotate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.options import parse_arguments
from mfa_tui.cli.keys.key_owner import keys_parser, load_owner
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.core.text.display import shortened_key
from mfa_tui.errors import Exit
from mfa_tui.services.keys.rotation import rotate_key
from mfa_tui.services.keys.rotation_plan import describe_rotation, plan_rotation

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = keys_parser(
        "rotate",
        "Replace a profile's access key: create a new one, store it, wait until AWS accepts it, give it to every "
        "profile of the old one, and deactivate the old one, which is not deleted. An interrupted rotation is finished "
        "by the next run. mfa-tui keys enable activates the old key again; its secret stays here only if it was in the "
        "keyring or the vault. mfa-tui keys delete deletes it later.",
    )
    parser.add_argument(
        "--key",
        default="",
        metavar="AKIA…",
        help="the other key of the user, to delete if there are two: AWS allows no third",
    )
    parser.add_argument(
        "--yes", action="store_true", help="do not ask, unless a key must be deleted that --key does not name"
    )
    return parser


def run(arguments: list[str]) -> int:
    """Rotate the key, after confirmation."""
    given = parse_arguments(parser(), arguments)
    owner = load_owner(new_operation(open_context(secrets=True)), given.profile, given.code)
    plan = plan_rotation(owner, retire=given.key)
    # A key that may be in use elsewhere is deleted only if the user names it, or sees it in a question.
    sure = given.yes and (plan.in_the_way is None or plan.in_the_way.access_key_id == given.key)
    option = f"--yes --key {plan.in_the_way.access_key_id}" if plan.in_the_way else "--yes"
    about = describe_rotation(owner, plan)
    if not ask_consent(about, "Rotate the key?", yes=sure, remedy=f"Use {option} to do it."):
        return Exit.DONE
    done = rotate_key(owner, plan)
    for name in done.profiles:
        output.print_result(f"{name}: the key is {done.new_key_id} now")
    old = shortened_key(done.old_key_id)
    output.say(f"The old key {old} is inactive. Log in again: {owner.command('mfa-tui login PROFILE')}")
    output.say(f"Delete it once nothing misses it: {owner.command('mfa-tui keys delete PROFILE')}")
    return Exit.DONE
