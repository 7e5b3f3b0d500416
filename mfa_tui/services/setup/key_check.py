"""Checking a key that is in no profile yet: whose it is, and which MFA devices that user has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.services.keys.import_plan import ask_owner
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import Identity
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import AccessKeys
    from mfa_tui.services.operation import Operation


class CheckedKey(NamedTuple):
    """A key that AWS accepts."""

    keys: AccessKeys
    """The key."""
    identity: Identity
    """Whose it is."""
    devices: tuple[MfaSerial, ...] | None
    """The user's MFA devices; None if AWS does not say."""


def check_key(operation: Operation, keys: AccessKeys, *, profile: str, region: str) -> CheckedKey:
    """Ask AWS whose *keys* they are, and for the user's MFA devices.

    *profile* is the one that errors name, and *region* where to ask; both may be empty.
    Raises AwsRefused (``key-unknown``, ``secret-wrong`` and others), NetworkProblem, Cancelled.
    """
    context = operation.context
    operation.progress("asking", "Asking AWS whose key it is")
    caller = Caller(DEFAULT, keys, region)
    identity = ask_owner(operation, caller, profile or DEFAULT)
    operation.progress("asking", "Asking AWS for the MFA devices")
    try:
        found = retry_after_clock_sync(
            operation, lambda: context.iam.list_devices(caller, operation.cancel, owner=identity.user)
        )
    except (AwsError, AwsUnreachable):
        # A policy may deny it before MFA.
        return CheckedKey(keys, identity, None)
    return CheckedKey(keys, identity, tuple(device.serial for device in found))
