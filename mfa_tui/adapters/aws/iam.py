"""IAM's calls about a user and its MFA devices (https://docs.aws.amazon.com/IAM/latest/APIReference/).

Every method raises AwsError, AwsUnreachable, ConfigError, Cancelled. What carries codes, and what makes a device, is
sent once only: a retry would send used codes, or find the device that the first attempt has made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mfa_tui.core.aws import response_checks
from mfa_tui.models import Secret

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial

_MOST_DEVICES = 100
"""Devices that are listed at most; a user of AWS's has eight."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose keys they are. ``user`` is the IAM user's name; empty for the account's root and for a role."""

    account: str
    partition: str
    user: str

    @classmethod
    def of(cls, arn: str) -> Identity:
        """From the ARN that GetCallerIdentity answers: ``arn:aws:iam::123456789012:user/path/ana``."""
        partition, account, user = response_checks.parse_identity(arn)
        return cls(account, partition, user)


@dataclass(frozen=True, slots=True)
class Device:
    """An MFA device of an IAM user. ``enabled_at``: when it was enabled, in seconds since the epoch."""

    serial: MfaSerial
    enabled_at: int = 0


@dataclass(frozen=True, slots=True)
class CreatedDevice:
    """A virtual device that was made, and belongs to nobody until it is enabled. AWS tells its seed this once."""

    serial: MfaSerial
    seed: Secret


class Iam:
    """IAM, as far as MFA devices go."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def get_identity(self, caller: Caller, cancel: CancelScope) -> Identity:
        """Whose keys these are (STS GetCallerIdentity, which needs no permission)."""

        def call(client: Any) -> Identity:
            return Identity.of(client.get_caller_identity()["Arn"])

        return self._aws.call("sts", caller, call, cancel, attempts=2)

    def list_devices(self, caller: Caller, cancel: CancelScope) -> list[Device]:
        """The MFA devices of the user that the keys belong to (ListMFADevices)."""

        def call(client: Any) -> list[Device]:
            pages = client.get_paginator("list_mfa_devices").paginate(PaginationConfig={"MaxItems": _MOST_DEVICES})
            return [
                Device(response_checks.parse_serial(device["SerialNumber"]), int(device["EnableDate"].timestamp()))
                for page in pages
                for device in page["MFADevices"]
            ]

        return self._aws.call("iam", caller, call, cancel, attempts=2)

    def create_device(self, caller: Caller, name: str, cancel: CancelScope) -> CreatedDevice:
        """Make a virtual device (CreateVirtualMFADevice). *name*: 1 to 226 characters of ``[A-Za-z0-9_+=,.@-]``."""

        def call(client: Any) -> CreatedDevice:
            made = client.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
            # botocore has undone one base64: what is left is the base32 text.
            serial = response_checks.parse_new_serial(made["SerialNumber"], name)
            return CreatedDevice(serial, Secret(response_checks.parse_new_seed(made["Base32StringSeed"])))

        return self._aws.call("iam", caller, call, cancel, attempts=1)

    def enable_device(
        self, caller: Caller, user: str, serial: str, codes: tuple[Secret, Secret], cancel: CancelScope
    ) -> None:
        """Give a virtual device to *user*, with the codes of two consecutive steps (EnableMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.enable_mfa_device(**_coded(user, serial, codes)), cancel, attempts=1
        )

    def resync_device(
        self, caller: Caller, user: str, serial: str, codes: tuple[Secret, Secret], cancel: CancelScope
    ) -> None:
        """Let AWS find out how far a device's clock is off, from two consecutive codes (ResyncMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.resync_mfa_device(**_coded(user, serial, codes)), cancel, attempts=1
        )

    def deactivate_device(self, caller: Caller, user: str, serial: str, cancel: CancelScope) -> None:
        """Take a device from *user* (DeactivateMFADevice). A virtual one is still there, and can be deleted."""
        self._aws.call(
            "iam",
            caller,
            lambda client: client.deactivate_mfa_device(UserName=user, SerialNumber=serial),
            cancel,
            attempts=1,
        )

    def delete_device(self, caller: Caller, serial: str, cancel: CancelScope) -> None:
        """Delete a virtual device that is nobody's (DeleteVirtualMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.delete_virtual_mfa_device(SerialNumber=serial), cancel, attempts=1
        )


def _coded(user: str, serial: str, codes: tuple[Secret, Secret]) -> dict[str, str]:
    first, second = codes
    return {
        "UserName": user,
        "SerialNumber": serial,
        "AuthenticationCode1": first.reveal(),
        "AuthenticationCode2": second.reveal(),
    }
