"""``mfa-tui device list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.devices.device_texts import device_as_json, device_line
from mfa_tui.cli.devices.iam_user import ensure_session, load_user
from mfa_tui.cli.devices.options import add_user_options, profile_parser
from mfa_tui.cli.devices.other_user import list_for
from mfa_tui.cli.sessions.context import new_operation, open_context
from mfa_tui.cli.terminal import output
from mfa_tui.errors import Exit
from mfa_tui.services.devices.enrollment import Enrollment
from mfa_tui.services.devices.list_devices import own_devices
from mfa_tui.services.devices.removal import unfinished_removals

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.devices.iam_user import IamUser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = profile_parser(
        "list",
        "List all MFA devices of the IAM user behind the profile: kind, enabled since when, whether the secret is "
        "stored here, and which profiles use it. * marks the profile's own device.",
    )
    add_user_options(parser, "print the devices as JSON")
    return parser


def run(arguments: list[str]) -> int:
    """List the devices."""
    given = parser().parse_args(arguments)
    if given.user is not None:
        return list_for(given)
    user = load_user(new_operation(open_context(secrets=True)), given.profile)
    if user.devices is None:
        # Some policies let users list devices only with MFA.
        ensure_session(user, takes_code=False)
    devices, places = own_devices(user), user.context.seeds.places()
    if (lost := user.context.seeds.index_problem()) is not None:
        output.warn(lost.what)
    if given.json:
        identity = user.identity
        output.print_json(
            {
                "profile": user.name,
                "user": identity.user,
                "account": identity.account,
                "known": user.devices is not None,
                "devices": [device_as_json(device, places.get(device.serial.text, "")) for device in devices],
            }
        )
        return Exit.DONE
    if user.devices is None:
        output.say("AWS does not let this user list MFA devices.")
    elif not devices:
        output.say(
            f"{user.identity.user} has no MFA device. Enroll one: " + user.command("mfa-tui device enroll PROFILE")
        )
    for device in devices:
        output.print_result(device_line(device, places.get(device.serial.text, "")))
    _show_unfinished(user)
    if any(not device.serial.usable for device in devices):
        output.remark(
            "FIDO keys and passkeys work only in the browser (which aws login uses): AWS's API takes six-digit codes."
        )
    return Exit.DONE


def _show_unfinished(user: IamUser) -> None:
    """Show what interrupted commands have left to do."""
    removing = unfinished_removals(user)
    unfinished = Enrollment(user).unfinished()
    for serial in removing:
        output.say(
            f"The removal of {serial.text} is not finished. To finish: " + user.command("mfa-tui device remove PROFILE")
        )
    if unfinished is not None:
        output.say(
            f"The enrollment of {unfinished.serial} is not finished. To continue: "
            + user.command("mfa-tui device enroll PROFILE")
        )
