"""Accounts, users, access keys, MFA devices and roles: moto's IAM backends, plus what moto does not keep.

moto keeps its backends for the whole process, so every directory of a process sees the same users.
"""

import base64
import datetime as dt
import json
import secrets
from collections.abc import Mapping
from typing import Any

from moto.iam.models import (
    AccessKey,
    AccessKeyLastUsed,
    IAMBackend,
    MFADevice,
    Role,
    User,
    VirtualMfaDevice,
    iam_backends,
)

from mfa_tui.demo.aws.accounts.account_state import AccountState
from mfa_tui.demo.aws.accounts.identities import Identity
from mfa_tui.demo.aws.accounts.one_time_codes import StepRecord
from mfa_tui.demo.aws.protocol import aws_errors

PARTITION = "aws"
HOME_ACCOUNT = "111122223333"
"""The default account of users."""


class Directory:
    """Reads and fills moto's IAM backends. Not locked: the caller holds the server's lock."""

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._states: dict[str, AccountState] = {}
        self._steps: dict[str, StepRecord] = {}
        self._hardware: dict[tuple[str, str], str] = {}
        """Account and serial of every hardware token, with its seed."""
        self._known_from: dict[str, float] = {}
        """When STS learns of an enabled device, in seconds since the epoch."""
        self.propagation: float = 0.0
        """Seconds until STS knows a device that is enabled from now on."""
        self.key_propagation: float = 0.0
        """Seconds until a key that is created from now on is accepted."""
        self._keys_known_from: dict[str, float] = {}
        """When a key that was created by a request is accepted, in seconds since the epoch."""

    def backend(self, account: str) -> IAMBackend:
        """The IAM of an account (twelve digits) as moto keeps it; created if it is new."""
        self._accounts.add(account)
        backend: IAMBackend = iam_backends[account][PARTITION]
        return backend

    def state(self, account: str) -> AccountState:
        """What moto does not keep of an account; created if it is new."""
        return self._states.setdefault(account, AccountState(account))

    def access_key(self, access_key_id: str) -> tuple[AccessKey, User] | None:
        """A long-term key and its user; None when it does not exist, was deleted, or its user was."""
        for account in self._accounts:
            backend = self.backend(account)
            key = backend.access_keys.get(access_key_id)
            if key is None or key.user_name is None:
                continue
            user = backend.users.get(key.user_name)
            if user is not None and user.has_access_key(access_key_id):
                return key, user
        return None

    def create_access_key(self, user: User, now: float) -> AccessKey:
        """A new active key of a user, accepted after the propagation delay."""
        key: AccessKey = self.backend(user.account_id).create_access_key(user.name)
        key.create_date = _moment(now)
        self._keys_known_from[key.access_key_id] = now + self.key_propagation
        return key

    def accepts(self, key: AccessKey, now: float) -> bool:
        """Whether requests signed with a key are accepted: it is active, and known everywhere."""
        # Without a delay nothing is waited for, even if the server's clock has been set back since.
        known = not self.key_propagation or now >= self._keys_known_from.get(key.access_key_id, now)
        return key.status == "Active" and known

    def record_use(self, key: AccessKey, now: float, service: str, region: str) -> None:
        """Note that a request was signed with a key."""
        key.last_used = AccessKeyLastUsed(_moment(now), service, region)

    def user(self, account: str, name: str) -> User:
        """The user; refuses with NoSuchEntity as IAM does."""
        user = self.backend(account).users.get(name)
        if user is None:
            raise aws_errors.no_such_entity(f"The user with name {name} cannot be found.")
        return user

    def role(self, arn: str) -> Role | None:
        """The role with this ARN."""
        account = arn.split(":")[4] if arn.count(":") >= 5 else ""  # noqa: PLR2004 - arn:aws:iam::ACCOUNT:role/NAME
        if account not in self._accounts:
            return None
        return next((role for role in self.backend(account).get_roles() if role.arn == arn), None)

    def policies(self, identity: Identity) -> list[Mapping[str, Any]]:
        """The identity policies: inline, attached, and (of a user) its groups'."""
        backend = self.backend(identity.account)
        holders: list[Any] = []
        if identity.user_name is not None:
            holders = [self.user(identity.account, identity.user_name)]
            holders += backend.get_groups_for_user(identity.user_name)
        elif identity.role_arn is not None:
            holders = [self.role(identity.role_arn)]
        documents = [text for holder in holders if holder for text in holder.policies.values()]
        attached = [policy for holder in holders if holder for policy in holder.managed_policies.values()]
        documents += [default_document(policy) for policy in attached]
        return [json.loads(text) for text in documents]

    def enabled_devices(self, account: str, user_name: str) -> list[MFADevice]:
        """The user's MFA devices of any kind."""
        return list(self.user(account, user_name).mfa_devices.values())

    def virtual_devices(self, account: str) -> list[VirtualMfaDevice]:
        """All virtual devices of an account, by serial."""
        devices: dict[str, VirtualMfaDevice] = self.backend(account).virtual_mfa_devices
        return [devices[serial] for serial in sorted(devices)]

    def owner(self, account: str, serial: str) -> User | None:
        """The user that an MFA device is enabled for."""
        users: list[User] = list(self.backend(account).users.values())
        return next((user for user in users if serial in user.mfa_devices), None)

    def owners(self, account: str) -> dict[str, User]:
        """The user of each enabled device, by serial."""
        return {serial: user for user in self.backend(account).users.values() for serial in user.mfa_devices}

    def seed(self, account: str, serial: str) -> str | None:
        """The seed of a virtual or hardware device, enabled or not; None for anything else (FIDO has none)."""
        virtual = self.backend(account).virtual_mfa_devices.get(serial)
        if virtual is not None:
            return str(virtual.base32_string_seed)
        return self._hardware.get((account, serial))

    def own_seed(self, identity: Identity, serial: str, now: float) -> str | None:
        """The seed of one of the caller's own enabled devices, if STS knows of it at ``now``."""
        if identity.user_name is None or serial not in self.user(identity.account, identity.user_name).mfa_devices:
            return None
        # Without a delay nothing is waited for, even if the server's clock has been set back since.
        if self.propagation and now < self._known_from[serial]:
            return None
        return self.seed(identity.account, serial)

    def steps(self, serial: str) -> StepRecord:
        """The steps that a device's codes were sent for."""
        return self._steps.setdefault(serial, StepRecord())

    def add_user(self, account: str, name: str, policy: Mapping[str, Any]) -> User:
        """A new user with one inline policy and no keys."""
        user = self.backend(account).create_user(PARTITION, name)
        user.id = "AIDA" + base64.b32encode(secrets.token_bytes(10)).decode()
        self.set_policy(user, policy)
        return user

    def set_policy(self, user: User, policy: Mapping[str, Any]) -> None:
        """Replace the user's inline policy."""
        user.policies = {"embedded": json.dumps(policy)}

    def create_virtual_device(self, account: str, name: str, path: str = "/", seed: str | None = None) -> str:
        """Create a virtual device that belongs to no user yet; returns its serial.

        Its seed is 64 base32 characters unless given.
        """
        device = self.backend(account).create_virtual_mfa_device(name, path)
        device.base32_string_seed = seed or _new_seed()
        serial = str(device.serial_number)
        self._steps[serial] = StepRecord()
        return serial

    def delete_virtual_device(self, account: str, serial: str) -> None:
        """Delete a virtual device; its steps can still be read."""
        self.backend(account).delete_virtual_mfa_device(serial)

    def enable(self, user: User, serial: str, now: float) -> None:
        """Enable a device for a user; ``now`` in seconds since the epoch."""
        self.backend(user.account_id).enable_mfa_device(user.name, serial, "", "")
        user.mfa_devices[serial].enable_date = dt.datetime.fromtimestamp(now, dt.UTC)
        self._known_from[serial] = now + self.propagation

    def deactivate(self, user: User, serial: str) -> None:
        """Take the device from the user; a virtual one stays as it was, with its steps and drift."""
        self.backend(user.account_id).deactivate_mfa_device(user.name, serial)

    def add_hardware_device(self, user: User, serial: str, now: float) -> None:
        """An enabled hardware token that shows codes of a seed of its own; raises ValueError if the serial is taken."""
        if (user.account_id, serial) in self._hardware:
            raise ValueError(f"there is a hardware token {serial} already")
        self._hardware[user.account_id, serial] = _new_seed()
        self._steps[serial] = StepRecord()
        self.enable(user, serial, now)

    def add_fido_device(self, user: User, name: str, now: float) -> str:
        """An enabled FIDO security key, which no API takes a code of; its serial."""
        suffix = base64.b32encode(secrets.token_bytes(15)).decode()
        serial = f"arn:{PARTITION}:iam::{user.account_id}:u2f/user/{user.name}/{name}-{suffix}"
        self.enable(user, serial, now)
        return serial

    def add_role(
        self, account: str, name: str, trust: Mapping[str, Any], max_duration: int, policy: Mapping[str, Any] | None
    ) -> Role:
        """A new role; ``max_duration`` in seconds, 3,600 to 43,200."""
        role = self.backend(account).create_role(name, json.dumps(trust), "/", None, "", [], str(max_duration))
        if policy is not None:
            role.put_policy("embedded", json.dumps(policy))
        return role


def default_document(policy: Any) -> str:
    """The text of a managed policy's default version, which is the one that counts."""
    return next(str(version.document) for version in policy.versions if version.version_id == policy.default_version_id)


def identity_of_user(user: User) -> Identity:
    """The user as a caller."""
    return Identity(account=user.account_id, arn=user.arn, user_id=user.id, user_name=user.name)


def _moment(seconds: float) -> dt.datetime:
    """A time without a zone, as moto keeps them."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)


def _new_seed() -> str:
    """As AWS makes them: 320 bits."""
    return base64.b32encode(secrets.token_bytes(40)).decode()
