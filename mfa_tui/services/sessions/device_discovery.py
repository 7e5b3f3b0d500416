"""Which MFA devices a user has, as far as AWS tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify
from mfa_tui.core.awsfiles.awsconfig import AwsConfig, text
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.progress import quiet
from mfa_tui.services.sessions.external_credentials import user_keys
from mfa_tui.services.sessions.send_code import TokenMaker

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Device
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.context import Context


def find_devices(maker: TokenMaker) -> list[Device] | str:
    """The user's devices, at least one of them usable; or, if AWS does not tell, why not (one line).

    Raises ProfileProblem (``no-device``, ``fido-only``), AwsRefused, NetworkProblem, Cancelled.
    """
    try:
        devices = maker.despite_clock(lambda: maker.context.iam.list_devices(maker.caller, maker.control))
    except AwsError as answer:
        if classify(answer.code, answer.message, answer.status) == AwsErrorKind.DENIED:
            return "AWS does not let this user list MFA devices before MFA."
        raise maker.explained(answer) from None
    except AwsUnreachable as failure:
        raise maker.explained(failure) from None
    name = maker.caller.profile
    if not devices:
        raise no_device(name)
    if not any(device.serial.usable for device in devices):
        raise ProfileProblem(
            "fido-only",
            f"The user of {name} has FIDO keys or passkeys only; they work in the browser, not in the API.",
            "AWS's API takes six-digit codes, and only a session made with one can add a device.",
            beside_fido(name),
        )
    return devices


def no_device(profile: str) -> ProfileProblem:
    """The error for a user without MFA; *profile* has the user's keys."""
    what, command = f"The user of {profile} has no MFA device.", shell_command(profile, "mfa-tui device enroll PROFILE")
    return ProfileProblem("no-device", what, "", f"Enroll one: {command}")


def beside_fido(profile: str) -> str:
    """How a user gets on who has no device that gives codes; *profile* has the user's keys.

    With an MFA device enabled, AWS enables and deactivates the user's own devices only for a session made with MFA
    (https://aws.amazon.com/security/security-bulletins/AWS-2023-001/). aws login takes passkeys, from AWS CLI 2.32 on
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
    """
    app = "Assign an authenticator app in the console, signed in with the key"
    command = shell_command(profile, "mfa-tui device import PROFILE")
    return f"{app}, then: {command}; or use aws login (AWS CLI 2.32+, takes passkeys)."


def devices_of(context: Context, profile: str, control: CancelScope) -> list[Device] | str:
    """The MFA devices of the user behind a profile, as :func:`find_devices` finds them."""
    aws = context.files.load()
    understood = read_profile(aws, profile)
    caller = base_caller(aws, understood, user_keys(context, aws, understood, control))
    return find_devices(TokenMaker(context, caller, control, quiet, []))


def base_caller(aws: AwsConfig, profile: Profile, keys: AccessKeys | None = None) -> Caller:
    """Who asks for the user's session: the profile's base, with *keys*, by default those that are in the files."""
    keys = keys or profile.keys
    if keys is None:
        raise ValueError("only a profile with access keys behind it can ask for a session")
    partition = profile.serial.partition if profile.serial else ""
    if not partition and profile.roles:
        # A hardware token's number names none, but roles are of their users' partition.
        partition = profile.roles[0].arn.split(":")[1]
    region = text(aws.merged(profile.base), "region") or profile.region
    return Caller(profile.base, keys, region, partition)
