"""Which MFA devices a user has, as far as AWS tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.awsfiles.awsconfig import AwsConfig, text
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.sessions.external_credentials import get_user_keys
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile


def find_devices(operation: Operation, caller: Caller) -> list[Device] | str:
    """Ask AWS for the devices of the user whose long-term keys *caller* has; at least one generates codes.

    If AWS does not allow that, return why, in one line.
    Raises ProfileProblem (``no-device``, ``fido-only``), AwsRefused, NetworkProblem, Cancelled.
    """
    context = operation.context
    try:
        devices = retry_after_clock_sync(operation, lambda: context.iam.list_devices(caller, operation.cancel))
    except (AwsError, AwsUnreachable) as failure:
        if isinstance(failure, AwsError) and _is_denied(failure):
            return "AWS does not let this user list MFA devices before MFA."
        raise error_for(failure, caller, offset=context.clock.known_offset) from None
    # Not at the top: a login with a valid session loads this module, and asks nobody.
    from mfa_tui.services.profiles.known_user import remember_devices

    remember_devices(context.paths, caller.keys, devices)
    if not devices:
        raise no_device(caller.profile)
    if not any(device.serial.usable for device in devices):
        raise ProfileProblem(
            "fido-only",
            f"The user of {caller.profile} has FIDO keys or passkeys only; they work in the browser, not in the API.",
            "AWS's API takes six-digit codes, and only a session made with one can add a device.",
            beside_fido(caller.profile),
        )
    return devices


def _is_denied(answer: AwsError) -> bool:
    return answer.means == AwsErrorKind.DENIED


def no_device(profile: str) -> ProfileProblem:
    """The error for a user without MFA; *profile* has the user's keys."""
    what, command = f"The user of {profile} has no MFA device.", shell_command(profile, "mfa-tui device enroll PROFILE")
    return ProfileProblem("no-device", what, "", f"Enroll one: {command}")


def beside_fido(profile: str) -> str:
    """What a user can do who has no device that generates codes; *profile* has the user's keys.

    With an MFA device enabled, AWS enables and deactivates the user's own devices only for a session made with MFA
    (https://aws.amazon.com/security/security-bulletins/AWS-2023-001/). aws login takes passkeys, from AWS CLI 2.32 on
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
    """
    app = "Assign an authenticator app in the console, signed in with the key"
    command = shell_command(profile, "mfa-tui device import PROFILE")
    return f"{app}, then: {command}; or use aws login (AWS CLI 2.32+, takes passkeys)."


def find_devices_of(operation: Operation, resolved: ResolvedProfile) -> list[Device] | str:
    """Ask AWS for the devices of the user behind a profile; see :func:`find_devices`."""
    files, profile = resolved
    caller = base_caller(files, profile, get_user_keys(operation, files, profile))
    return find_devices(operation, caller)


def base_caller(aws: AwsConfig, profile: Profile, keys: AccessKeys | None = None) -> Caller:
    """Who requests the user's session: the profile's base, with *keys*, by default those in the files."""
    keys = keys or profile.keys
    if keys is None:
        raise ValueError("only a profile with access keys behind it can ask for a session")
    partition = profile.serial.partition if profile.serial else ""
    if not partition and profile.roles:
        # A hardware token's number names none, but roles are of their users' partition.
        partition = profile.roles[0].partition
    region = text(aws.merged(profile.base), "region") or profile.region
    return Caller(profile.base, keys, region, partition)
