"""Accounts, users, access keys, MFA devices and roles: moto's IAM backends, plus what moto does not keep.

moto keeps its backends for the whole process, so every directory of a process sees the same users.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from moto.iam.models import AccessKey, IAMBackend, MFADevice, Role, User, iam_backends

from mfa_tui.demo import refusals
from mfa_tui.demo.identities import Identity
from mfa_tui.demo.one_time_codes import StepRecord

PARTITION = "aws"
HOME_ACCOUNT = "111122223333"
"""The account of everybody who has no other."""


class Directory:
    """Reads and fills moto's IAM backends. Not locked: the caller holds the server's lock."""

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._steps: dict[str, StepRecord] = {}

    def backend(self, account: str) -> IAMBackend:
        """The IAM of an account (twelve digits) as moto keeps it; opened if it is new."""
        self._accounts.add(account)
        backend: IAMBackend = iam_backends[account][PARTITION]
        return backend

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

    def user(self, account: str, name: str) -> User:
        """The user; raises NoSuchEntity as IAM does."""
        user = self.backend(account).users.get(name)
        if user is None:
            raise refusals.no_such_entity(f"The user with name {name} cannot be found.")
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
        documents += [policy.document for holder in holders if holder for policy in holder.managed_policies.values()]
        return [json.loads(text) for text in documents]

    def enabled_devices(self, account: str, user_name: str) -> list[MFADevice]:
        """The user's MFA devices of any kind."""
        return list(self.user(account, user_name).mfa_devices.values())

    def seed(self, identity: Identity, serial: str) -> str | None:
        """The seed of one of the caller's own enabled virtual devices; None for anything else (FIDO has none)."""
        if identity.user_name is None or serial not in self.user(identity.account, identity.user_name).mfa_devices:
            return None
        device = self.backend(identity.account).virtual_mfa_devices.get(serial)
        return None if device is None else device.base32_string_seed

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
        """Replaces the user's inline policy."""
        user.policies = {"embedded": json.dumps(policy)}

    def add_virtual_device(self, user: User, name: str, seed: str | None) -> tuple[str, str]:
        """An enabled virtual device: its serial and its seed (64 base32 characters unless given)."""
        backend = self.backend(user.account_id)
        device = backend.create_virtual_mfa_device(name, "/")
        device.base32_string_seed = seed or base64.b32encode(secrets.token_bytes(40)).decode()
        backend.enable_mfa_device(user.name, device.serial_number, "", "")
        self._steps[device.serial_number] = StepRecord()
        return device.serial_number, device.base32_string_seed

    def add_fido_device(self, user: User, name: str) -> str:
        """An enabled FIDO security key, which no API takes a code of; its serial."""
        suffix = base64.b32encode(secrets.token_bytes(15)).decode()
        serial = f"arn:{PARTITION}:iam::{user.account_id}:u2f/user/{user.name}/{name}-{suffix}"
        self.backend(user.account_id).enable_mfa_device(user.name, serial, "", "")
        return serial

    def add_role(
        self, account: str, name: str, trust: Mapping[str, Any], max_duration: int, policy: Mapping[str, Any] | None
    ) -> Role:
        """A new role; ``max_duration`` in seconds, 3,600 to 43,200."""
        role = self.backend(account).create_role(name, json.dumps(trust), "/", None, "", [], str(max_duration))
        if policy is not None:
            role.put_policy("embedded", json.dumps(policy))
        return role


def identity_of_user(user: User) -> Identity:
    """The user as a caller."""
    return Identity(account=user.account_id, arn=user.arn, user_id=user.id, user_name=user.name)
