"""The IAM user that a device command is about, and a session where one is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.sessions.login_prompts import obtain_session
from mfa_tui.cli.terminal import output
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import UsageError
from mfa_tui.services.devices.iam_user import IamUser
from mfa_tui.services.sessions.device_discovery import no_device

if TYPE_CHECKING:
    from mfa_tui.cli.terminal.parser import Parser
    from mfa_tui.services.operation import Operation


def add_code_option(parser: Parser) -> None:
    """Add ``--code``, for the session that changes devices."""
    parser.add_argument(
        "--code", metavar="CODE", help="a code from a device that is already enabled, for the session that this needs"
    )


def load_user(operation: Operation, profile: str | None) -> IamUser:
    """Load the user behind *profile* from AWS. Its devices are None if AWS refuses to list them without MFA."""
    user = IamUser(operation, profile)
    user.load()
    return user


def ensure_session(user: IamUser, code: str | None = None, *, takes_code: bool = True) -> None:
    """Get a session with MFA for changing devices, if *user* needs one. A code is asked for if necessary.

    *takes_code*: the command has an option ``--code``; *code* is what it was given.
    """
    if user.needs_session():
        output.remark("Changing MFA devices needs a session with MFA.")
        request = user.session_request()._replace(code=checked_code(code) if code else None)
        user.use_session(obtain_session(user.operation, request, takes_code=takes_code).session)
        if user.devices is None:
            user.load_devices()


def selected_serial(user: IamUser, given: str) -> MfaSerial:
    """The device to use: *given* (serial or name), else the profile's, else the only one that generates codes.

    Raises UsageError (``device-unclear``), ProfileProblem (``no-device``).
    """
    if given:
        # Devices that generate no codes can be removed too.
        named = [device.serial for device in user.devices or () if given in (device.serial.text, device.serial.name)]
        return named[0] if len(named) == 1 else MfaSerial(given)
    if user.serial is not None:
        return user.serial
    if user.devices is not None and not user.devices:
        raise no_device(user.name)
    usable = user.usable
    if len(usable) == 1:
        return usable[0].serial
    serials = [device.serial.text for device in user.devices or ()]
    there = f"There are {in_words(serials)}." if serials else ""
    raise UsageError(
        "device-unclear",
        f"Which device of {user.identity.user}?",
        f"The only one is {serials[0]}, which generates no codes." if len(serials) == 1 else there,
        f"Choose one with --serial; see {user.command('mfa-tui device list PROFILE')}",
    )
