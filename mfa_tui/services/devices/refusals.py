"""IAM's refusals to change MFA devices, as errors with the next step for the user or an administrator."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import AwsRefused, MfaTuiError
from mfa_tui.services.sessions.device_discovery import beside_fido
from mfa_tui.services.sessions.refusals import error_for

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller

LIMIT = 8
"""MFA devices that a user may have (IAM quotas)."""


class Action:
    """IAM's actions that change MFA devices."""

    CREATE = "CreateVirtualMFADevice"
    ENABLE = "EnableMFADevice"
    RESYNC = "ResyncMFADevice"
    DEACTIVATE = "DeactivateMFADevice"
    DELETE = "DeleteVirtualMFADevice"


class IamRefused(AwsRefused):
    """IAM refused a request. ``code`` is AWS's own error code."""

    def __init__(self, code: str, slug: str, what: str, why: str, remedy: str) -> None:
        super().__init__(slug, what, why, remedy)
        self.code = code


class DeviceRefused(IamRefused):
    """IAM refused to change an MFA device."""


class DeviceRequest(NamedTuple):
    """What was asked of IAM."""

    caller: Caller
    """The profile with the user's keys."""
    user: str
    """The user's name; empty if it is not known yet."""
    action: str = ""
    """One of :class:`Action`; empty for a request that changes no device."""
    device: str = ""
    """The serial or the name of the device."""
    fido_only: bool = False
    """Whether the user has devices, and none that generates codes."""
    clock_offset: float = 0.0
    """AWS's time minus this machine's, in seconds."""
    administrator: str = ""
    """Who asked, if that is not the user: the name of an administrator or of a role."""


TAKEN = "EntityAlreadyExists"
"""IAM's code: the name is taken; or, for EnableMFADevice, the device is enabled already."""
GONE = "NoSuchEntity"
WRONG_CODES = "InvalidAuthenticationCode"
IN_USE = "DeleteConflict"
TOO_MANY = "LimitExceeded"
DENIED = "AccessDenied"


def device_error(failure: AwsError | AwsUnreachable, request: DeviceRequest) -> MfaTuiError:
    """The error to raise for *failure* of *request*."""
    if isinstance(failure, AwsError):
        code = failure.code
        texts = _TEXTS.get((request.action, code)) or _TEXTS.get(("", code))
        if texts is not None:
            slug, *parts = texts
            names = {"name": MfaSerial(request.device).name, "user": request.user}
            what, why, remedy = (part.format(**names) for part in parts)
            if request.administrator:
                remedy = for_user(remedy, request.user)
            return DeviceRefused(code, slug, what, why, shell_command(request.caller.profile, remedy))
        if request.action and failure.means == AwsErrorKind.DENIED:
            return _denied(failure, request)
    return error_for(failure, request.caller, offset=request.clock_offset)


def for_user(command: str, user: str) -> str:
    """*command*, which has PROFILE for a profile, as an administrator runs it for another user."""
    return command.replace("PROFILE", f"PROFILE --user {quote(user)}", 1)


def device_left(serial: str, state: str) -> str:
    """The notice of a virtual device, in some *state*, that AWS does not let the user delete."""
    return (
        f"The device {MfaSerial(serial).name} is still at AWS, {state}. An administrator can delete it: "
        f"aws iam delete-virtual-mfa-device --serial-number {serial}"
    )


def _denied(failure: AwsError, request: DeviceRequest) -> DeviceRefused:
    """A policy denies it, or MFA is required. AWS's message says which, more or less."""
    name, user, profile = MfaSerial(request.device).name, request.user, request.caller.profile
    if request.administrator:
        what = f"AWS does not let {request.administrator} {_VERBS[request.action]} {name} for {user}."
        remedy = f"The policies of {request.administrator} must allow iam:{request.action} for that user or device."
        return DeviceRefused(failure.code, "device-denied", what, without_codes(failure.message), remedy)
    if request.action == Action.CREATE and not name.startswith(user):
        why = f"Policies commonly allow only names that begin with the user's: mfa/{user}…"
        command = shell_command(profile, "mfa-tui device enroll PROFILE --name")
        remedy = f"Use such a name: {command} {quote(user)}"
    elif request.fido_only:
        why = (
            "The user has FIDO keys or passkeys only; AWS requires a session made with MFA, and these cannot make one."
        )
        remedy = beside_fido(profile)
    else:
        why = without_codes(failure.message)
        remedy = f"An administrator can allow iam:{request.action}, or do it for you: docs/trouble.md has the command."
    what = f"AWS does not let {user} {_VERBS[request.action]} {name}."
    return DeviceRefused(failure.code, "device-denied", what, why, remedy)


_VERBS = {
    Action.CREATE: "create a virtual MFA device called",
    Action.ENABLE: "enable the MFA device",
    Action.RESYNC: "resync the MFA device",
    Action.DEACTIVATE: "deactivate the MFA device",
    Action.DELETE: "delete the MFA device",
}

_TEXTS = {
    (Action.CREATE, TAKEN): (
        "device-taken",
        "A virtual MFA device called {name} already exists.",
        "Names are unique in an account; it may be another user's, or left over from an earlier attempt.",
        "Choose another name: mfa-tui device enroll PROFILE --name {user}-NAME",
    ),
    (Action.ENABLE, TAKEN): (
        "device-assigned",
        "The MFA device {name} is already enabled.",
        "",
        "Log in with it: mfa-tui login PROFILE",
    ),
    ("", TOO_MANY): (
        "device-limit",
        "{user} cannot have any more MFA devices.",
        f"A user can have {LIMIT}.",
        "Remove one that is not needed: mfa-tui device remove PROFILE --serial ARN",
    ),
    ("", WRONG_CODES): (
        "codes-refused",
        "AWS did not accept the two codes for {name}.",
        "They must be consecutive codes of this device, and neither may have been used before.",
        "Wait for the next code, then type that one and the one after it.",
    ),
    ("", GONE): (
        "device-gone",
        "AWS finds no MFA device {name} for this user.",
        "It was deactivated or deleted, or it is another user's.",
        "See which devices there are: mfa-tui device list PROFILE",
    ),
    (Action.DELETE, IN_USE): (
        "device-in-use",
        "The MFA device {name} is enabled, so AWS will not delete it.",
        "",
        "Remove it, which deactivates it first: mfa-tui device remove PROFILE",
    ),
    ("", "EntityTemporarilyUnmodifiable"): (
        "device-busy",
        "AWS is still working on {name}.",
        "It was changed a moment ago.",
        "Try again in a minute.",
    ),
}
