"""``mfa-tui device remove``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.cli.devices.iam_user import add_code_option, ensure_session, load_user, selected_serial
from mfa_tui.cli.devices.options import add_user_options, check_json, device_parser
from mfa_tui.cli.devices.other_user import remove_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.cli.terminal.consent import ask_consent
from mfa_tui.errors import Exit
from mfa_tui.services.devices.removal import (
    consequences,
    describe_removal,
    finish_removals,
    remove_device,
    unfinished_removals,
)

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.devices.removal import Consequences


def parser() -> Parser:
    """The parser of its arguments."""
    parser = device_parser(
        "remove",
        "Deactivate an MFA device of the IAM user, delete it if it is virtual, and remove its secret from this "
        "machine. Before that, mfa-tui shows what will stop working. An interrupted removal is finished first. To "
        "remove only the secret: mfa-tui device forget.",
    )
    add_user_options(parser)
    add_code_option(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--last", action="store_true", help="with --yes: remove even the user's last device")
    return parser


def run(arguments: list[str]) -> int:
    """Remove a device, after confirmation. The last device takes a second confirmation."""
    given = parser().parse_args(arguments)
    check_json(given)
    if given.user is not None:
        return remove_for(given)
    user = load_user(new_operation(open_context(secrets=True)), given.profile)
    if user.devices is None:
        # Some policies let users list devices only with MFA. We have to know whether it is the last one.
        ensure_session(user, given.code)
    removed = _finish_interrupted(user, given.code)
    if removed and given.serial in ("", *(name for serial in removed for name in (serial.text, serial.name))):
        # That was the device to remove. The profile may name another one by now.
        return Exit.DONE
    what = consequences(user, selected_serial(user, given.serial).text)
    if not _confirm(user, what, yes=given.yes, last=given.last):
        return Exit.DONE
    ensure_session(user, given.code)
    became = remove_device(user, what)
    output.print_result(f"{user.name}: removed {what.serial.text}")
    if became:
        output.say(became)
    return Exit.DONE


def _finish_interrupted(user: IamUser, code: str | None) -> tuple[MfaSerial, ...]:
    """Finish interrupted removals, and return their devices."""
    if unfinished_removals(user):
        ensure_session(user, code)
    removed = finish_removals(user)
    for serial in removed:
        output.print_result(f"{user.name}: removed {serial.text}")
    return removed


def _confirm(user: IamUser, what: Consequences, *, yes: bool, last: bool) -> bool:
    # The last device takes a word more, whichever way it is given.
    sure = yes and (last or not what.last)
    remedy = f"Use {'--yes --last' if what.last else '--yes'} to remove it."
    ask = partial(ask_consent, yes=sure, remedy=remedy, otherwise="Nothing was removed.")
    if not ask(describe_removal(user, what), f"Remove the MFA device {what.serial.name}?"):
        return False
    if sure or not what.last:
        return True
    return ask([f"It is the last device of {user.identity.user} that generates codes."], "Leave the user without MFA?")
