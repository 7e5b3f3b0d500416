"""What IAM's refusals mean where MFA devices are managed, each with the next step here or at an administrator's."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify, without_codes
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import AwsRefused, MfaTuiError
from mfa_tui.services.sessions.device_discovery import beside_fido
from mfa_tui.services.sessions.failures import explained

if TYPE_CHECKING:
    from mfa_tui.services.devices.iam_user import IamUser

LIMIT = 8
"""MFA devices that a user may have (IAM quotas)."""


class Action:
    """IAM's actions that change MFA devices."""

    CREATE = "CreateVirtualMFADevice"
    ENABLE = "EnableMFADevice"
    RESYNC = "ResyncMFADevice"
    DEACTIVATE = "DeactivateMFADevice"
    DELETE = "DeleteVirtualMFADevice"


class DeviceRefused(AwsRefused):
    """IAM refused to change an MFA device. ``code`` is AWS's own error code."""

    def __init__(self, code: str, slug: str, what: str, why: str, remedy: str) -> None:
        super().__init__(slug, what, why, remedy)
        self.code = code


TAKEN = "EntityAlreadyExists"
"""IAM's code: the name is taken; or, at EnableMFADevice, the device is somebody's already."""
GONE = "NoSuchEntity"
WRONG_CODES = "InvalidAuthenticationCode"
IN_USE = "DeleteConflict"
TOO_MANY = "LimitExceeded"
DENIED = "AccessDenied"


def device_problem(failure: AwsError | AwsUnreachable, user: IamUser, action: str = "", about: str = "") -> MfaTuiError:
    """The error to raise for *failure* of *action* on the device with the serial or name *about*."""
    if isinstance(failure, AwsError):
        name = MfaSerial(about).name
        code = failure.code
        words = _WORDS.get((action, code)) or _WORDS.get(("", code))
        if words is None and action and classify(code, failure.message, failure.status) == AwsErrorKind.DENIED:
            return _denied(failure, user, action, about)
        if words is not None:
            slug, *texts = words
            what, why, remedy = (text.format(name=name, user=user.identity.user) for text in texts)
            return DeviceRefused(code, slug, what, why, shell_command(user.name, remedy))
    offset = user.context.clock.offset or 0.0
    return explained(failure, user.caller, offset=offset)


def left_behind(serial: str, state: str) -> str:
    """The remark on a virtual device, in whatever *state*, that AWS does not let the user delete."""
    return (
        f"The device {MfaSerial(serial).name} is left at AWS, {state}. An administrator can delete it: "
        f"aws iam delete-virtual-mfa-device --serial-number {serial}"
    )


def _denied(failure: AwsError, user: IamUser, action: str, about: str) -> DeviceRefused:
    """A policy says no, or MFA was wanted. The message of AWS says which, more or less."""
    name, who = MfaSerial(about).name, user.identity.user
    message = without_codes(failure.message)
    ask = f"An administrator can allow iam:{action}, or do it: docs/trouble.md has the call."
    if action == Action.CREATE and not name.startswith(who):
        why = f"Policies commonly allow only names that begin with the user's: mfa/{who}…"
        remedy = f"Give it such a name: {shell_command(user.name, 'mfa-tui device enroll PROFILE --name')} {quote(who)}"
    elif user.devices and not user.usable:
        why = "The user has FIDO keys or passkeys only, and AWS wants a session made with MFA, which those do not give."
        remedy = beside_fido(user.name)
    else:
        why, remedy = message, ask
    return DeviceRefused(failure.code, "device-denied", f"AWS does not let {who} {_DOING[action]} {name}.", why, remedy)


_DOING = {
    Action.CREATE: "make a virtual MFA device called",
    Action.ENABLE: "enable the MFA device",
    Action.RESYNC: "resynchronise the MFA device",
    Action.DEACTIVATE: "deactivate the MFA device",
    Action.DELETE: "delete the MFA device",
}

_WORDS = {
    (Action.CREATE, TAKEN): (
        "device-taken",
        "There is a virtual MFA device called {name} already.",
        "Names are one for each account; it may be somebody else's, or left over from an earlier try.",
        "Give another name: mfa-tui device enroll PROFILE --name {user}-NAME",
    ),
    (Action.ENABLE, TAKEN): (
        "device-assigned",
        "The MFA device {name} is enabled already.",
        "",
        "Log in with it: mfa-tui login PROFILE",
    ),
    ("", TOO_MANY): (
        "device-limit",
        "AWS allows {user} no more MFA devices.",
        f"A user may have {LIMIT}.",
        "Remove one that is not needed: mfa-tui device remove PROFILE --serial ARN",
    ),
    ("", WRONG_CODES): (
        "codes-refused",
        "AWS did not accept the two codes for {name}.",
        "They must be two that follow each other, of this device, and neither used before.",
        "Wait for the next code, then type that one and the one after it.",
    ),
    ("", GONE): (
        "device-gone",
        "AWS knows no MFA device {name} of this user.",
        "It was deactivated or deleted, or it is another user's.",
        "See which there are: mfa-tui device list PROFILE",
    ),
    (Action.DELETE, IN_USE): (
        "device-in-use",
        "The MFA device {name} is enabled, so AWS does not delete it.",
        "",
        "Remove it, which deactivates it first: mfa-tui device remove PROFILE",
    ),
    ("", "EntityTemporarilyUnmodifiable"): (
        "device-busy",
        "AWS is still at work on {name}.",
        "It was changed a moment ago.",
        "Try again in a minute.",
    ),
}
