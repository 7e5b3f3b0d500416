"""Fills an account of the embedded AWS with what an audit finds: passwords, old keys, groups, root, sign-ins."""

import datetime as dt
import json
import secrets
import threading
from collections.abc import Mapping
from typing import Any

from moto.iam.models import AccessKeyLastUsed, AWSManagedPolicy, IAMBackend, ManagedPolicy

from mfa_tui.demo.aws.accounts.account_state import AccountState, Event, ServiceCredential
from mfa_tui.demo.aws.accounts.directory import Directory, default_document
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.protocol.clock import ServerClock, iso

_DAY = 86_400.0
_REGION = "us-east-1"
AUDITOR: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "iam:GenerateCredentialReport", "iam:Get*", "iam:List*", "cloudtrail:LookupEvents", "sts:AssumeRole",
            ],
            "Resource": "*",
        }
    ],
}  # fmt: skip
"""What an audit needs, and no more."""


class AccountSetup:
    """One account. Ages are in days before now, by the server's clock."""

    def __init__(self, directory: Directory, account: str, clock: ServerClock, lock: threading.RLock) -> None:
        self._directory = directory
        self._account = account
        self._clock = clock
        self._lock = lock

    @property
    def state(self) -> AccountState:
        """Root, password policy, report: change it freely."""
        with self._lock:
            return self._directory.state(self._account)

    @property
    def _backend(self) -> IAMBackend:
        return self._directory.backend(self._account)

    def add_user(self, name: str, *, password: bool = False, age: float = 400, signed_in: float | None = None) -> str:
        """A user without keys and policies; its ARN. *signed_in*: when the password was last used."""
        with self._lock:
            user = self._directory.add_user(self._account, name, {})
            user.policies = {}
            user.create_date = self._moment(age)
            arn: str = user.arn
        if password:
            self.set_password(name, signed_in=signed_in)
        return arn

    def set_password(self, name: str, *, signed_in: float | None = None) -> None:
        """Let the user sign in to the console."""
        with self._lock:
            user = self._directory.user(self._account, name)
            user.password = secrets.token_urlsafe(12)
            if signed_in is not None:
                user.password_last_used = self._moment(signed_in)  # type: ignore[assignment]

    def add_key(self, name: str, *, age: float = 1, used: float | None = 0, active: bool = True) -> str:
        """An access key that was made *age* days ago and last used *used* days ago (None: never); its id."""
        with self._lock:
            key = self._backend.create_access_key(name)
        self.date_key(name, key.access_key_id, age=age, used=used, active=active)
        return str(key.access_key_id)

    def date_key(self, name: str, key_id: str, *, age: float, used: float | None, active: bool = True) -> None:
        """Change when a key was made and last used."""
        with self._lock:
            user = self._directory.user(self._account, name)
            key = next(one for one in user.access_keys if one.access_key_id == key_id)
            key.create_date = self._moment(age)
            key.last_used = None if used is None else AccessKeyLastUsed(self._moment(used), "s3", "eu-central-1")
            key.status = "Active" if active else "Inactive"

    def add_device(self, name: str, kind: str = "virtual") -> str:
        """An enabled device of a kind (virtual, fido, hardware); its serial."""
        with self._lock:
            user, now = self._directory.user(self._account, name), self._clock.now()
            if kind == "fido":
                return self._directory.add_fido_device(user, "key", now)
            if kind == "hardware":
                serial = f"GAHT{secrets.token_hex(4).upper()}"
                self._directory.add_hardware_device(user, serial, now)
                return serial
            serial = self._directory.create_virtual_device(self._account, f"{name}-{secrets.token_hex(3)}")
            self._directory.enable(user, serial, now)
            return serial

    def add_root_device(self) -> str:
        """A virtual device of the root user; its serial."""
        with self._lock:
            self.state.root.device = self._directory.create_virtual_device(self._account, "root-account-mfa-device")
            return self.state.root.device

    def add_group(self, name: str, members: list[str]) -> None:
        """A group with members."""
        with self._lock:
            self._backend.create_group(name)
            for member in members:
                self._backend.add_user_to_group(name, member)

    def attached_policies(self, group: str) -> dict[str, Mapping[str, Any]]:
        """The managed policies of a group: their texts by name."""
        with self._lock:
            attached = self._backend.groups[group].managed_policies.values()
            return {policy.name: json.loads(default_document(policy)) for policy in attached}

    def allow(self, holder: str, document: Mapping[str, Any], *, group: bool = False, name: str = "inline") -> None:
        """Add an inline policy to a user or a group."""
        with self._lock:
            one: Any = self._backend.get_group(holder) if group else self._directory.user(self._account, holder)
            one.policies[name] = json.dumps(document)

    def attach(self, holder: str, name: str, document: Mapping[str, Any], *, group: bool = False) -> None:
        """Attach a managed policy of the account to a user or a group; it is made on first use."""
        arn = f"arn:aws:iam::{self._account}:policy/{name}"
        with self._lock:
            if arn not in self._backend.managed_policies:
                policy = ManagedPolicy(name, account_id=self._account, region=_REGION, document=json.dumps(document))  # type: ignore[abstract]
                self._backend.managed_policies[arn] = policy
        self._attach(holder, arn, group=group)

    def attach_of_aws(self, holder: str, name: str = "AdministratorAccess", *, group: bool = False) -> None:
        """Attach one of AWS's own policies; all have the document of AdministratorAccess here."""
        arn = f"arn:aws:iam::aws:policy/{name}"
        with self._lock:
            if arn not in self._backend.managed_policies:
                document = json.dumps(ADMINISTRATOR)
                policy = AWSManagedPolicy(name, account_id=self._account, region=_REGION, document=document)  # type: ignore[abstract]
                self._backend.managed_policies[arn] = policy
        self._attach(holder, arn, group=group)

    def _attach(self, holder: str, arn: str, *, group: bool) -> None:
        with self._lock:
            one: Any = self._backend.get_group(holder) if group else self._directory.user(self._account, holder)
            self._backend.managed_policies[arn].attach_to(one)

    def set_password_policy(self, length: int, reuse: int) -> None:
        """A password policy that demands nothing else."""
        policy = {"MinimumPasswordLength": str(length), "AllowUsersToChangePassword": "true"}
        if reuse:
            policy["PasswordReusePrevention"] = str(reuse)
        with self._lock:
            self.state.password_policy = policy

    def add_credential(
        self, user: str, service: str = "bedrock.amazonaws.com", *, status: str = "Active", expires: float | None = None
    ) -> str:
        """A service-specific credential, which expires in *expires* days; its id."""
        now = self._clock.now()
        expires_at = None if expires is None else now + expires * _DAY
        one = ServiceCredential(
            user, service, f"ACCA{secrets.token_hex(8).upper()}", status, now - 9 * _DAY, expires_at
        )
        with self._lock:
            self.state.credentials.append(one)
        return one.id

    def add_sign_in(
        self,
        user: str = "root",
        *,
        age: float = 1,
        mfa: bool = False,
        region: str = _REGION,
        kind: str = "",
        success: bool = True,
    ) -> None:
        """A sign-in to the console, by root unless *user* is named; *kind* is another type of identity."""
        kind = kind or ("Root" if user == "root" else "IAMUser")
        path = "root" if kind == "Root" else f"user/{user}"
        at = self._clock.now() - age * _DAY
        identity = {"type": kind, "arn": f"arn:aws:iam::{self._account}:{path}", "accountId": self._account}
        if kind != "Root":
            identity["userName"] = user
        record = {
            "eventVersion": "1.09",
            "userIdentity": identity,
            "eventTime": iso(at),
            "eventSource": "signin.amazonaws.com",
            "eventName": "ConsoleLogin",
            "awsRegion": region,
            "responseElements": {"ConsoleLogin": "Success" if success else "Failure"},
            "additionalEventData": {"LoginTo": "https://console.aws.amazon.com/", "MFAUsed": "Yes" if mfa else "No"},
        }
        with self._lock:
            self.state.events.setdefault(region, []).append(Event(at, "ConsoleLogin", user, record))

    def _moment(self, age: float) -> dt.datetime:
        """A moment so many days ago, without a zone, as moto keeps them."""
        return dt.datetime.fromtimestamp(self._clock.now() - age * _DAY, dt.UTC).replace(tzinfo=None)
