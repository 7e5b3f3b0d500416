"""IAM in memory: a user and a colleague with their access keys and MFA devices, for use cases called directly."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.aws.iam import AccessKey, CreatedKey, Device, Iam, Identity
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.models import AccessKeys, Secret, Session
from mfa_tui.services.operation import Operation
from tests.support.homes.bench import KEY, NOW, Bench

ACCOUNT = "111122223333"
DAY = 86_400
SECRET = "s" * 40
"""The secret of the bench's key."""


@dataclass
class KeyRecord:
    """One access key, as IAM has it."""

    secret: str = SECRET
    active: bool = True
    created_at: int = NOW - 100 * DAY
    used_at: int | None = NOW - DAY
    known_at: float = 0.0
    """When AWS knows it everywhere."""


def denied(action: str = "") -> AwsError:
    """What AWS answers where a policy denies an action."""
    return AwsError("AccessDenied", f"User ana is not authorized to perform: iam:{action}", 403)


def no_such_entity() -> AwsError:
    """What IAM answers about something that does not exist."""
    return AwsError("NoSuchEntity", "It cannot be found.", 404)


def device(serial: str) -> Device:
    """An MFA device that was enabled long ago."""
    return Device(MfaSerial(serial), NOW - 200 * DAY)


@dataclass
class IamDouble:
    """The user ``ana`` of the account 111122223333; ``failures`` says which calls fail, and how."""

    bench: Bench
    user: str = "ana"
    keys: dict[str, KeyRecord] = field(default_factory=lambda: {KEY: KeyRecord()})
    devices: list[Device] = field(default_factory=list)
    colleague: str = "bob"
    colleagues_keys: dict[str, KeyRecord] = field(default_factory=dict)
    colleagues_devices: list[Device] = field(default_factory=list)
    failures: dict[str, AwsError | AwsUnreachable] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    """The name of each call, and the id of the key that signed it."""
    aliases: list[str] = field(default_factory=list)
    """The account's aliases."""
    account_of: dict[str, str] = field(default_factory=dict)
    """The accounts of keys that are of another one."""
    spread: float = 0.0
    """Seconds until AWS knows a new key."""
    on_call: Callable[[str], None] = lambda _: None
    """Gets the name of each call before it is answered."""

    def connect(self) -> None:
        """Answer the calls of the bench's context."""
        self.bench.context._iam = cast("Iam", self)

    def operation(self) -> Operation:
        """The action of a new command of the user."""
        self.bench.renew()
        self.connect()
        return self.bench.operation()

    def other_key(self) -> str:
        """The only other key of the user."""
        (other,) = (key for key in self.keys if key != KEY)
        return other

    def add_device(self, serial: str) -> None:
        """Enable an MFA device."""
        self.devices.append(device(serial))

    def names(self) -> list[str]:
        """The names of the calls."""
        return [name for name, _ in self.calls]

    def get_identity(self, caller: Caller, cancel: CancelScope) -> Identity:
        self._answer("get_identity", caller, cancel)
        return Identity(self.account_of.get(caller.keys.access_key_id, ACCOUNT), "aws", self.user)

    def list_account_aliases(self, caller: Caller, cancel: CancelScope) -> list[str]:
        self._answer("list_account_aliases", caller, cancel)
        return self.aliases

    def list_devices(self, caller: Caller, cancel: CancelScope, *, user: str = "", owner: str = "") -> list[Device]:
        self._answer("list_devices", caller, cancel)
        assert owner in ("", self.user)
        return list(self._devices_of(user))

    def deactivate_device(self, caller: Caller, user: str, serial: str, cancel: CancelScope) -> None:
        self._answer("deactivate_device", caller, cancel)
        devices = self._devices_of(user)
        left = [device for device in devices if device.serial.text != serial]
        if left == devices:
            raise no_such_entity()
        devices[:] = left

    def delete_device(self, caller: Caller, serial: str, cancel: CancelScope) -> None:
        self._answer("delete_device", caller, cancel)
        assert serial not in [device.serial.text for device in (*self.devices, *self.colleagues_devices)]

    def list_access_keys(self, caller: Caller, user: str, cancel: CancelScope) -> list[AccessKey]:
        self._answer("list_access_keys", caller, cancel)
        return [AccessKey(key, about.active, about.created_at) for key, about in self._keys_of(user).items()]

    def last_use(self, caller: Caller, access_key_id: str, cancel: CancelScope) -> int | None:
        self._answer("last_use", caller, cancel)
        return {**self.keys, **self.colleagues_keys}[access_key_id].used_at

    def set_key_status(
        self, caller: Caller, user: str, access_key_id: str, cancel: CancelScope, *, active: bool
    ) -> None:
        self._answer("set_key_status", caller, cancel)
        self._existing(user, access_key_id).active = active

    def create_access_key(self, caller: Caller, user: str, cancel: CancelScope) -> CreatedKey:
        self._answer("create_access_key", caller, cancel)
        assert user == self.user
        if len(self.keys) > 1:
            raise AwsError("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409)
        key_id, now = f"AKIANEW{len(self.calls):09}XXXX", int(self.bench.clock.now())
        self.keys[key_id] = KeyRecord(f"new-{key_id:x<36}", created_at=now, used_at=None, known_at=now + self.spread)
        return CreatedKey(AccessKeys(key_id, Secret(self.keys[key_id].secret)), now)

    def delete_access_key(self, caller: Caller, user: str, access_key_id: str, cancel: CancelScope) -> None:
        self._answer("delete_access_key", caller, cancel)
        self._existing(user, access_key_id)
        del self._keys_of(user)[access_key_id]

    def _keys_of(self, user: str) -> dict[str, KeyRecord]:
        return {self.user: self.keys, self.colleague: self.colleagues_keys}[user]

    def _devices_of(self, user: str) -> list[Device]:
        if user not in ("", self.user, self.colleague):
            raise no_such_entity()
        return self.colleagues_devices if user == self.colleague else self.devices

    def _existing(self, user: str, access_key_id: str) -> KeyRecord:
        if access_key_id not in self._keys_of(user):
            raise no_such_entity()
        return self._keys_of(user)[access_key_id]

    def _answer(self, name: str, caller: Caller, cancel: CancelScope) -> None:
        """Check a call as AWS does: who signed it, and with which secret."""
        cancel.check()
        self.calls.append((name, caller.keys.access_key_id))
        self.on_call(name)
        if name in self.failures:
            raise self.failures[name]
        signer = caller.keys.source_key_id if isinstance(caller.keys, Session) else caller.keys.access_key_id
        known = self.keys.get(signer)
        if known is None or not known.active or known.known_at > self.bench.clock.now():
            raise AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
        if isinstance(caller.keys, AccessKeys) and caller.keys.secret_access_key.reveal() != known.secret:
            raise AwsError("SignatureDoesNotMatch", "The request signature we calculated does not match.", 403)
