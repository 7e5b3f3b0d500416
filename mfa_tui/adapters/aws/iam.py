"""IAM's calls for a user, its MFA devices and its long-term keys (https://docs.aws.amazon.com/IAM/latest/APIReference/).

Every method raises AwsError, AwsUnreachable, ConfigError, Cancelled. Calls that carry codes or make a device are sent
only once: a retry would send used codes, or find the device that the first attempt made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mfa_tui.adapters.aws.paging import pages
from mfa_tui.core.aws import response_checks
from mfa_tui.models import AccessKeys, Secret

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.sts import Aws
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the keys belong to."""

    account: str
    """The account's id, twelve digits."""
    partition: str
    """The partition: ``aws``, ``aws-cn``, ``aws-us-gov``, …"""
    user: str
    """The IAM user's name; empty for the account's root user and for a role."""
    is_role: bool = False
    """Whether it is a session of a role, or of a federated user."""

    @classmethod
    def of(cls, arn: str) -> Identity:
        """The identity in the ARN that GetCallerIdentity returns: ``arn:aws:iam::123456789012:user/path/ana``."""
        partition, account, user = response_checks.parse_identity(arn)
        return cls(account, partition, user, is_role=arn.split(":")[2] == "sts")


@dataclass(frozen=True, slots=True)
class Device:
    """An MFA device of an IAM user."""

    serial: MfaSerial
    """Its serial: an ARN for a virtual device, else the number of a hardware device."""
    enabled_at: int = 0
    """When it was enabled, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class CreatedDevice:
    """A virtual device that was just made. It belongs to no user until it is enabled."""

    serial: MfaSerial
    """Its serial, an ARN."""
    seed: Secret
    """Its TOTP key in base32. AWS shows it only once."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A long-term access key of an IAM user, without its secret."""

    access_key_id: str
    """Its id."""
    active: bool
    """Whether AWS accepts it."""
    created_at: int
    """When it was created, in seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A long-term access key that was just created."""

    keys: AccessKeys
    """Its id and its secret, which AWS shows only once."""
    created_at: int
    """When it was created, in seconds since the epoch."""


class Iam:
    """The calls of IAM for MFA devices and access keys."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def get_identity(self, caller: Caller, cancel: CancelScope) -> Identity:
        """Who the keys belong to (STS GetCallerIdentity, which needs no permission)."""
        return self._aws.ask("GetCallerIdentity", caller, {}, lambda answer: Identity.of(answer["Arn"]), cancel)

    def list_devices(self, caller: Caller, cancel: CancelScope, *, user: str = "", owner: str = "") -> list[Device]:
        """The MFA devices of *user*, by default of the user who owns the keys (ListMFADevices).

        *owner* is the name of that one, if it is known: a device of somebody else is not AWS's answer.
        """
        about = {"UserName": user} if user else {}

        def call(client: Any) -> list[Device]:
            found = [device for page in pages(client, "list_mfa_devices", **about) for device in page["MFADevices"]]
            if user or owner:
                for device in found:
                    response_checks.check_owner(device["UserName"], user or owner)
            return [
                Device(response_checks.parse_serial(device["SerialNumber"]), self._aws.past(device["EnableDate"]))
                for device in found
            ]

        return self._aws.call("iam", caller, call, cancel, attempts=2)

    def list_account_aliases(self, caller: Caller, cancel: CancelScope) -> list[str]:
        """The alias of the account, if it has one (ListAccountAliases). It is part of the account's sign-in page."""

        def call(client: Any) -> list[str]:
            return [response_checks.parse_alias(alias) for alias in client.list_account_aliases()["AccountAliases"]]

        return self._aws.call("iam", caller, call, cancel, attempts=2)

    def create_device(self, caller: Caller, name: str, cancel: CancelScope) -> CreatedDevice:
        """Make a virtual device (CreateVirtualMFADevice). *name*: 1 to 226 characters of ``[A-Za-z0-9_+=,.@-]``."""

        def call(client: Any) -> CreatedDevice:
            made = client.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
            # botocore has decoded the base64; the base32 text is left.
            serial = response_checks.parse_new_serial(made["SerialNumber"], name)
            return CreatedDevice(serial, Secret(response_checks.parse_new_seed(made["Base32StringSeed"])))

        return self._aws.call("iam", caller, call, cancel, attempts=1)

    def enable_device(
        self, caller: Caller, user: str, serial: str, codes: tuple[Secret, Secret], cancel: CancelScope
    ) -> None:
        """Assign a virtual device to *user*, with the codes of two consecutive steps (EnableMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.enable_mfa_device(**_coded(user, serial, codes)), cancel, attempts=1
        )

    def resync_device(
        self, caller: Caller, user: str, serial: str, codes: tuple[Secret, Secret], cancel: CancelScope
    ) -> None:
        """Let AWS measure how far a device's clock has drifted, by two consecutive codes (ResyncMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.resync_mfa_device(**_coded(user, serial, codes)), cancel, attempts=1
        )

    def deactivate_device(self, caller: Caller, user: str, serial: str, cancel: CancelScope) -> None:
        """Remove a device from *user* (DeactivateMFADevice). A virtual device still exists and can be deleted."""
        self._aws.call(
            "iam",
            caller,
            lambda client: client.deactivate_mfa_device(UserName=user, SerialNumber=serial),
            cancel,
            attempts=1,
        )

    def delete_device(self, caller: Caller, serial: str, cancel: CancelScope) -> None:
        """Delete a virtual device that belongs to no user (DeleteVirtualMFADevice)."""
        self._aws.call(
            "iam", caller, lambda client: client.delete_virtual_mfa_device(SerialNumber=serial), cancel, attempts=1
        )

    def list_access_keys(self, caller: Caller, user: str, cancel: CancelScope) -> list[AccessKey]:
        """The long-term keys of *user* (ListAccessKeys)."""

        def call(client: Any) -> list[AccessKey]:
            found = [
                key for page in pages(client, "list_access_keys", UserName=user) for key in page["AccessKeyMetadata"]
            ]
            for key in found:
                response_checks.check_owner(key["UserName"], user)
            return [
                AccessKey(
                    response_checks.parse_key_id(key["AccessKeyId"]),
                    response_checks.is_active(key["Status"]),
                    self._aws.past(key["CreateDate"]),
                )
                for key in found
            ]

        return self._aws.call("iam", caller, call, cancel, attempts=2)

    def last_use(self, caller: Caller, access_key_id: str, cancel: CancelScope) -> int | None:
        """When a key was last used, in seconds since the epoch; None: never, as far as AWS knows.

        GetAccessKeyLastUsed; AWS has recorded it since April 2015.
        """

        def call(client: Any) -> int | None:
            used = client.get_access_key_last_used(AccessKeyId=access_key_id)["AccessKeyLastUsed"].get("LastUsedDate")
            return self._aws.past(used) if used else None

        return self._aws.call("iam", caller, call, cancel, attempts=2)

    def set_key_status(
        self, caller: Caller, user: str, access_key_id: str, cancel: CancelScope, *, active: bool
    ) -> None:
        """Activate or deactivate a long-term key of *user* (UpdateAccessKey)."""
        status = "Active" if active else "Inactive"

        def call(client: Any) -> None:
            client.update_access_key(UserName=user, AccessKeyId=access_key_id, Status=status)

        self._aws.call("iam", caller, call, cancel, attempts=2)

    def create_access_key(self, caller: Caller, user: str, cancel: CancelScope) -> CreatedKey:
        """Create a long-term key of *user* (CreateAccessKey). It is sent only once: a retry could make a second key."""

        def call(client: Any) -> CreatedKey:
            made = client.create_access_key(UserName=user)["AccessKey"]
            key_id, secret = made["AccessKeyId"], made["SecretAccessKey"]
            response_checks.check_new_key(key_id, secret)
            response_checks.check_owner(made["UserName"], user)
            return CreatedKey(AccessKeys(key_id, Secret(secret)), self._aws.past(made["CreateDate"]))

        return self._aws.call("iam", caller, call, cancel, attempts=1)

    def delete_access_key(self, caller: Caller, user: str, access_key_id: str, cancel: CancelScope) -> None:
        """Delete a long-term key of *user* (DeleteAccessKey)."""

        def call(client: Any) -> None:
            client.delete_access_key(UserName=user, AccessKeyId=access_key_id)

        self._aws.call("iam", caller, call, cancel, attempts=1)


def _coded(user: str, serial: str, codes: tuple[Secret, Secret]) -> dict[str, str]:
    first, second = codes
    return {
        "UserName": user,
        "SerialNumber": serial,
        "AuthenticationCode1": first.reveal(),
        "AuthenticationCode2": second.reveal(),
    }
