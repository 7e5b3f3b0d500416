"""What an administrator does for another user besides enrolling: list, reset lost devices, disable a key.

Each function takes an ``AdministeredUser`` that was loaded; the requests that it made are in ``user.calls`` afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable
from mfa_tui.core.account.user_messages import reset_message
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.core.aws.mfa_serial import VIRTUAL
from mfa_tui.core.text.display import format_account, in_words
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.services.devices.enrollment import Keep
from mfa_tui.services.devices.refusals import GONE
from mfa_tui.services.devices.removal import consequences, finish_removals, remove_device
from mfa_tui.services.history.recorded import recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import AccessKey
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.services.account.administered_user import AdministeredUser

    T = TypeVar("T")


class KeyOfUser(NamedTuple):
    """A long-term key of another user."""

    access_key_id: str
    """Its id."""
    active: bool
    """Whether AWS accepts it."""
    created_at: int
    """When it was created, in seconds since the epoch."""
    last_used_at: int | None
    """When it was last used, in seconds since the epoch; None: never."""
    use_known: bool = True
    """Whether AWS told when it was used: that is a right of its own."""


class ResetOutcome(NamedTuple):
    """A user's devices were reset."""

    removed: tuple[MfaSerial, ...]
    """The devices that AWS accepts no more."""
    message: str
    """A text to send to the user: what happened, and how to enroll again."""

    @property
    def sentence(self) -> str:
        """What was done, for the administrator."""
        return f"{'Deactivated and deleted' if _deletes(self.removed) else 'Deactivated'} {_named(self.removed)}."


def check_other(user: AdministeredUser) -> None:
    """Raise UsageError (``own-user``) if *user* is the administrator: changing one's own device takes other steps."""
    if user.is_own:
        raise UsageError(
            "own-user",
            f"{user.user_name} is the user behind {user.name} itself.",
            "--user is for another user; your own device is verified by a login, and needs your own MFA.",
            "Run the command without --user.",
        )


def check_listed(user: AdministeredUser) -> None:
    """Raise AwsRefused (``device-denied``) if a policy keeps the user's devices from the administrator."""
    if user.devices is None:
        raise AwsRefused(
            "device-denied",
            f"AWS does not let {user.administrator} list the MFA devices of {user.user_name}.",
            "No policy allows it, or one denies it.",
            f"The policies of {user.administrator} must allow iam:ListMFADevices for that user.",
        )


def list_keys(user: AdministeredUser) -> tuple[KeyOfUser, ...] | None:
    """The user's long-term keys with their last use; None if a policy denies listing them.

    Raises AwsRefused, NetworkProblem, ConfigError, Cancelled.
    """
    iam, cancel, name = user.context.iam, user.operation.cancel, user.user_name
    found = _unless_denied(user, lambda caller: iam.list_access_keys(caller, name, cancel))
    if found is None:
        return None
    return tuple(_with_last_use(user, key) for key in found)


def _with_last_use(user: AdministeredUser, key: AccessKey) -> KeyOfUser:
    iam, cancel = user.context.iam, user.operation.cancel
    used = _unless_denied(user, lambda caller: (iam.last_use(caller, key.access_key_id, cancel),))
    last, known = (used[0], True) if used is not None else (None, False)
    return KeyOfUser(key.access_key_id, key.active, key.created_at, last, known)


@recorded(lambda user, *_, active: user.action("key-enable" if active else "key-disable"))
def set_key_status(user: AdministeredUser, access_key_id: str, *, active: bool) -> None:
    """Disable, or enable again, one of the user's long-term keys.

    Raises UsageError (``key-not-users``), AwsRefused (``key-denied``), NetworkProblem, ConfigError, Cancelled.
    """
    check_other(user)
    iam, cancel, name = user.context.iam, user.operation.cancel, user.user_name
    user.operation.progress("asking", f"{'Enabling' if active else 'Disabling'} the key {access_key_id} of {name}")
    try:
        user.attempt(lambda caller: iam.set_key_status(caller, name, access_key_id, cancel, active=active))
    except AwsError as answer:
        if answer.code == GONE:
            raise UsageError(
                "key-not-users",
                f"{name} has no access key {access_key_id}.",
                "It was deleted, or it is another user's.",
                f"See the keys: {user.command('mfa-tui device list PROFILE')}",
            ) from None
        if answer.means == AwsErrorKind.DENIED:
            raise AwsRefused(
                "key-denied",
                f"AWS does not let {user.administrator} change the keys of {name}.",
                answer.message[:160],
                f"The policies of {user.administrator} must allow iam:UpdateAccessKey for that user.",
            ) from None
        raise user.error(answer) from None
    except AwsUnreachable as failure:
        raise user.error(failure) from None


def describe_key_change(user: AdministeredUser, access_key_id: str, *, active: bool) -> list[str]:
    """What :func:`set_key_status` will do, in sentences."""
    if active:
        return [f"The key {access_key_id} of {user.user_name} works again, wherever it is."]
    return [
        f"The key {access_key_id} of {user.user_name} stops working, everywhere it is used.",
        "Sessions made with it may stop working too. It can be enabled again.",
    ]


def describe_enrollment(user: AdministeredUser, keep: str, *, unfinished: bool) -> list[str]:
    """What enrolling a device for *user* does, in sentences; *keep* says where its secret will be.

    *unfinished*: an earlier enrollment continues.
    """
    name, account = user.user_name, format_account(user.identity.account)
    does = "Finishes the enrollment of" if unfinished else "Creates and enables"
    told = [f"{does} a virtual MFA device for {name} (account {account}), signed as {user.administrator}."]
    if keep != Keep.HERE:
        told.append(f"{name} scans the QR code with an authenticator app.")
    if keep == Keep.PHONE:
        told.append(f"Then {name} types two consecutive codes, or reads them to you. The secret is not kept here.")
    else:
        told.append("The secret is kept here: this machine can generate codes in the user's name.")
    return told


def describe_reset(user: AdministeredUser, serials: Sequence[str]) -> list[str]:
    """What :func:`reset_devices` will do, in sentences. Raises UsageError (``device-unknown``)."""
    if not serials:
        return [f"Finishes the removal that was interrupted earlier, signed as {user.administrator}."]
    devices = [consequences(user, serial).serial for serial in serials]
    does = "Deactivates and deletes" if _deletes(devices) else "Deactivates"
    remaining = [device.serial.name for device in user.devices or () if device.serial.text not in serials]
    name, account = user.user_name, format_account(user.identity.account)
    told = [f"{does} {_named(devices)} of {name} (account {account}), signed as {user.administrator}."]
    if remaining:
        told.append(f"{name} keeps {in_words(remaining)}.")
    else:
        told.append(f"Until {name} enrolls a new device, password or keys alone are enough to sign in.")
    if any(device.usable for device in devices):
        told.append("Sessions that were made with the device stay valid until they expire, 36 hours at most.")
    else:
        told.append("Sign-ins to the console with it stay valid until they expire, 12 hours at most.")
    return told


def _deletes(devices: Sequence[MfaSerial]) -> bool:
    """Whether AWS deletes one of them; it forgets the others when they are deactivated."""
    return any(device.kind == VIRTUAL for device in devices)


def _named(devices: Sequence[MfaSerial]) -> str:
    # A device often has the name of its user, so the name alone would read as the user's.
    return f"the MFA device{'' if len(devices) == 1 else 's'} {in_words([device.name for device in devices])}"


@recorded(lambda user, _: user.action("device-reset"))
def reset_devices(user: AdministeredUser, serials: Sequence[str]) -> ResetOutcome:
    """Deactivate and delete devices of the user, who has lost them. What an earlier run began is finished first.

    Raises UsageError (``device-unknown``, ``own-user``), what :meth:`IamUser.call` raises, KeyringProblem and
    WriteProblem.
    """
    check_other(user)
    removed = list(finish_removals(user))
    if removed:
        user.load_devices()
    for serial in serials:
        if serial in [done.text for done in removed]:
            continue
        what = consequences(user, serial)
        if changed := remove_device(user, what):
            user.operation.notify(changed)
        removed.append(what.serial)
        # Not asked for: a failure would hide that this one is removed.
        user.devices = tuple(device for device in user.devices or () if device.serial.text != serial)
    left = [device.serial for device in user.devices or ()]
    message = reset_message(user.user_name, user.identity.account, removed, left)
    return ResetOutcome(tuple(removed), message)


def _unless_denied(user: AdministeredUser, call: Callable[[Caller], T]) -> T | None:
    """The result of *call*; None if a policy denies it. Raises AwsRefused, NetworkProblem, Cancelled."""
    try:
        return user.attempt(call)
    except AwsError as answer:
        if answer.means != AwsErrorKind.DENIED:
            raise user.error(answer) from None
        return None
    except AwsUnreachable as failure:
        raise user.error(failure) from None
