"""The IAM user that a device command is about, with a session where one is needed; what is missing is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.sessions.login_prompts import obtain_session, show_progress
from mfa_tui.cli.terminal import output
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import UsageError
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.sessions.device_discovery import no_device

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.context import Context


def add_code_option(parser: Parser) -> None:
    """``--code``, for the session that changes devices."""
    parser.add_argument(
        "--code", metavar="CODE", help="a code of a device that is enabled already, for the session that this takes"
    )


def load_user(context: Context, profile: str | None, control: CancelScope) -> IamUser:
    """The user behind *profile*, whose devices are known as far as AWS tells them."""
    user = IamUser(context, profile, control, show_progress)
    user.look()
    return user


def ensure_session(user: IamUser, code: str | None = None) -> None:
    """Make sure of a session that may change the devices; a code of a device is asked for if it must be."""
    if user.wants_session:
        output.remark("Changing MFA devices takes a session that was made with one of them.")
        request = user.session_request()._replace(code=checked_code(code) if code else None)
        user.use(obtain_session(user.context, request, user.control).session)
        if user.devices is None:
            user.list_devices()


def selected_serial(user: IamUser, given: str) -> MfaSerial:
    """The device that is meant: *given*, by its serial or name, else the profile's, else the only one that gives codes.

    Raises UsageError (``device-unclear``), ProfileProblem (``no-device``).
    """
    if given:
        # One that gives no codes can be removed all the same.
        named = [device.serial for device in user.devices or () if given in (device.serial.text, device.serial.name)]
        return named[0] if len(named) == 1 else MfaSerial(given)
    if user.serial is not None:
        return user.serial
    if user.devices is not None and not user.devices:
        raise no_device(user.name)
    usable = user.usable
    if len(usable) == 1:
        return usable[0].serial
    raise UsageError(
        "device-unclear",
        f"Which device of {user.identity.user}?",
        f"There are {', '.join(device.serial.text for device in user.devices or ())}." if user.devices else "",
        f"Name it with --serial; see {shell_command(user.name, 'mfa-tui device list PROFILE')}",
    )


def print_notices(notices: list[str]) -> None:
    """Say each notice once."""
    output.print_notices(notices)
    notices.clear()
