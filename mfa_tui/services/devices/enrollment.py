"""Enrolling a virtual MFA device: it is created, its secret is stored, it is enabled, and a login verifies it.

Any step can be the last one before a crash. So a note (``adapters.devices.enrollment_journal``) says what AWS is about
to be asked, and the next run continues with the device, or deletes it. The user is told of a device whose secret is
lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.qr_drawing import provisioning_uri
from mfa_tui.core.sessions.expiry import USED_AT_ONCE
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.services.devices.consecutive_codes import take_consecutive_codes, take_typed_codes
from mfa_tui.services.devices.refusals import (
    DENIED,
    IN_USE,
    LIMIT,
    TAKEN,
    TOO_MANY,
    WRONG_CODES,
    Action,
    DeviceRefused,
    device_left,
)
from mfa_tui.services.devices.removal import finish_removals, report_journal_damage
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.propagation import retry_until_known
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.aws.iam import CreatedDevice
    from mfa_tui.models import Secret
    from mfa_tui.services.devices.iam_user import IamUser

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,226}\Z")
"""VirtualMFADeviceName (IAM API reference, CreateVirtualMFADevice)."""


class Keep:
    """Where a new device's secret is kept; the names are stable (``--keep``)."""

    BOTH = "both"
    """In this machine's keyring or vault, and in an authenticator app."""
    HERE = "here"
    """In this machine's keyring or vault."""
    PHONE = "phone"
    """In an authenticator app."""
    ALL = (BOTH, HERE, PHONE)


PLACES = {
    Keep.BOTH: ("Here and on the phone", "You type no codes, and the phone helps if you lose this machine."),
    Keep.HERE: (
        "Here only",
        "You type no codes. Anyone with this machine and its login has both factors; lose it and you're locked out.",
    ),
    Keep.PHONE: (
        "On the phone only",
        "The factors stay apart, in an authenticator app; you type a code once every 12 to 36 hours.",
    ),
}
"""For the choice: what each is called, and its trade-off."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that AWS has created."""

    serial: MfaSerial
    """Its serial."""
    keep: str
    """Where its secret is kept: one of :class:`Keep`."""
    seed: Secret | None = None
    """The secret; None if it is no longer known here."""
    uri: Secret | None = None
    """The secret as an ``otpauth://`` address; None if it is no longer known here."""
    enabled: bool = False
    """Whether it is enabled already, so that only the login that verifies it is missing."""


class Enrollment:
    """One enrollment for a user.

    In this order: :meth:`resume`; if that is None, :meth:`create`; :meth:`enable`; a login with
    :meth:`verification_request`; :meth:`finish`.
    """

    def __init__(self, user: IamUser, *, replaces: str = "") -> None:
        """For a *user* that was loaded. With *replaces*, a serial, the device replaces that one."""
        self.user = user
        self.replaces = replaces
        self._context = user.context
        self._notes = EnrollmentJournal(user.context.paths)

    def unfinished(self) -> JournalEntry | None:
        """The user's latest unfinished enrollment."""
        report_journal_damage(self.user)
        notes = self._notes.entries_of(self.user.identity.account, self.user.identity.user)
        return next((note for note in reversed(notes) if note.phase != Phase.REMOVING), None)

    @recorded(lambda self, *_, **__: self.user.action("device-enroll"))
    def resume(self) -> NewDevice | None:
        """Clean up after an interrupted run. Returns the device to continue with, or None if there is none any more.

        A removal that was interrupted is finished first. A device whose secret is lost is deleted; a notice says so, or
        that AWS did not allow it. Raises what :meth:`IamUser.call` raises, UsageError (``enrolment-begun``),
        KeyringProblem, WriteProblem.
        """
        finish_removals(self.user)
        note = self.unfinished()
        if note is None:
            return None
        self.replaces = self.replaces or note.replaces
        if note.phase == Phase.CREATING:
            if told := self._remove_orphan(note.serial):
                self.user.operation.notify(told)
            return None
        serial = MfaSerial(note.serial)
        enabled = self.user.has(note.serial)
        if not enabled and note.phase in (Phase.ENABLED, Phase.VERIFIED):
            # It was removed in the meantime, by this program or by another.
            self._notes.drop(note.serial)
            return None
        if self.replaces == note.serial:
            raise UsageError(
                "enrolment-begun",
                f"The enrollment of {serial.name} was started earlier and is not finished.",
                "So it cannot be replaced yet: the enrollment would continue with the device that is to be removed.",
                f"Finish it first: {self.user.command('mfa-tui device enroll PROFILE')}",
            )
        stored = self._context.seeds.load(note.serial, self.user.operation.cancel) if note.keep != Keep.PHONE else None
        if stored is None and note.keep != Keep.PHONE and not enabled:
            if told := self._remove_orphan(note.serial):
                self.user.operation.notify(told)
            return None
        self.user.operation.notify(f"The enrollment of {serial.name} was started earlier, and continues.")
        return NewDevice(
            serial,
            note.keep,
            stored.seed if stored else None,
            self._uri(serial, stored.seed) if stored else None,
            enabled=enabled,
        )

    def check_limits(self) -> None:
        """Raise the refusal that AWS would answer if it will not enable another device of the user: DeviceRefused.

        ``device-limit``: there are as many as it allows; ``device-denied``: it wants a session that was made with one
        of them, and none generates codes (https://aws.amazon.com/security/security-bulletins/AWS-2023-001/).
        """
        if self.user.devices and not self.user.usable and not self.user.administered:
            raise self.user.refusal(DENIED, 403, action=Action.ENABLE, device=self.suggested_name())
        if len(self.user.devices or ()) >= LIMIT:
            raise self.user.refusal(TOO_MANY, 409)

    def suggested_name(self) -> str:
        """A name that self-service policies allow: the user's own, then ``ana-backup``, ``ana-backup2`` and so on."""
        return self._free_name(())

    @recorded(lambda self, *_, **__: self.user.action("device-enroll"))
    def create(self, name: str, keep: str) -> NewDevice:
        """Create the device at AWS, and store its secret before anything else happens.

        An empty *name* means the first suggested one that is free. Raises what :meth:`IamUser.call` raises, UsageError
        (``device-name``, ``seed-elsewhere``), DeviceRefused (``device-taken``, ``device-denied``, ``device-limit``),
        KeyringProblem, WriteProblem.
        """
        if name and not _NAME.match(name):
            raise UsageError(
                "device-name",
                "An MFA device cannot have that name.",
                "A name has 1 to 226 letters, digits or any of _+=,.@- and no spaces.",
                f"Choose another, such as {self.suggested_name()}",
            )
        self.check_limits()
        self._check_files()
        if keep != Keep.PHONE:
            # A keyring that is missing, locked or forgetful must show before there is a device.
            self._context.seeds.check_storage(self.user.operation.cancel)
        made = self._create(name, keep)
        serial = made.serial.text
        self._context.used_codes.forget_device(serial)
        if keep != Keep.PHONE:
            try:
                self._context.seeds.store(serial, made.seed, self._label(made.serial), self.user.operation.cancel)
            except MfaTuiError as problem:
                problem.why = f"{problem.why} {self._remove_orphan(serial)}".strip()
                raise
        self._note(serial, keep, Phase.CREATED)
        return NewDevice(made.serial, keep, made.seed, self._uri(made.serial, made.seed))

    def _check_files(self) -> None:
        """Before there is a device: check that the profile can name it, and that the first session can be written."""
        if self._keeps_its_own():
            return
        for obstacle in self._context.files.write_obstacles():
            obstacle.remedy = f"{obstacle.remedy.rstrip('.')}. Nothing was created."
            raise obstacle

    @recorded(lambda self, *_, **__: self.user.action("device-enroll"))
    def enable(self, made: NewDevice, codes: tuple[Secret, Secret] | None = None) -> None:
        """Enable the device for the user. *codes* are two consecutive typed codes; else the secret generates them.

        Raises UsageError (``code-malformed``, ``codes-same``), what :meth:`IamUser.call` raises, DeviceRefused
        (``codes-refused``: others can be typed; ``device-denied``).
        """
        self.user.operation.progress("asking", f"Enabling the device {made.serial.name}")
        if codes is not None:
            self._enable_with(made, take_typed_codes(self._context, made.serial.text, codes))
        elif made.seed is None:
            raise AssertionError("codes are typed where the secret is not stored")
        else:
            try:
                self._enable_with(made, self._take_codes(made.serial.text, made.seed))
            except DeviceRefused as refused:
                if refused.code != WRONG_CODES:
                    raise
                # The time step may have changed on the way, or AWS's clock is known better now.
                self._enable_with(made, self._take_codes(made.serial.text, made.seed))
        self._note(made.serial.text, made.keep, Phase.ENABLED)
        self.user.load_devices()

    def verification_request(self, made: NewDevice) -> LoginRequest:
        """The login that verifies the device. It need not be saved if the profile keeps its old device."""
        return LoginRequest(
            profile=self.user.name,
            serial=made.serial.text,
            renew=not self._is_verified(made.serial.text),
            remember_serial=self.writes_profile(made),
            type_code=made.keep == Keep.PHONE,
            new_device=True,
        )

    def writes_profile(self, made: NewDevice) -> bool:
        """Whether the profile will name *made*: it names no other device that works, or the replaced one."""
        named = self.user.serial
        return not self._keeps_its_own() or (named is not None and named.text == made.serial.text)

    def _keeps_its_own(self) -> bool:
        if self.user.administered:
            # The profile is the administrator's.
            return True
        named = self.user.serial
        if named is None or named.text == self.replaces:
            return False
        return self.user.devices is None or named.text in (device.serial.text for device in self.user.usable)

    def finish(self, made: NewDevice) -> None:
        """Record that a login has verified the device. Replacing another one is separate. Raises WriteProblem."""
        if self.replaces:
            self._note(made.serial.text, made.keep, Phase.VERIFIED)
        else:
            self._notes.drop(made.serial.text)

    def drop_note(self, made: NewDevice) -> None:
        """Remove the device from the journal: nothing is left to do for it. Raises WriteProblem."""
        self._notes.drop(made.serial.text)

    @recorded(lambda self, *_, **__: self.user.action("device-enroll"))
    def abandon(self, serial: str) -> None:
        """Delete a device that is no longer wanted: at AWS, then its secret here.

        If AWS does not allow it the secret is kept, and DeviceRefused says so. Raises what :meth:`IamUser.call` raises,
        KeyringProblem, WriteProblem.
        """
        self._delete(serial)
        if serial in self._context.seeds.stored():
            self._context.seeds.remove(serial, self.user.operation.cancel)
        self._notes.drop(serial)

    # Parts of the steps above

    def _create(self, name: str, keep: str) -> CreatedDevice:
        tried: list[str] = []
        while True:
            tried.append(name or self._free_name(tried))
            serial = self._serial_of(tried[-1])
            self._note(serial, keep, Phase.CREATING)
            self.user.operation.progress("asking", f"Creating the device {tried[-1]}")
            try:
                return self.user.call(
                    lambda caller: self._context.iam.create_device(caller, tried[-1], self.user.operation.cancel),
                    action=Action.CREATE,
                    device=serial,
                )
            except NetworkProblem as problem:
                command = self.user.command("mfa-tui device enroll PROFILE")
                problem.remedy = f"Run it again; it finds out whether the device was created: {command}"
                raise
            except DeviceRefused as refused:
                self._notes.drop(serial)
                if refused.code != TAKEN or name or len(tried) > LIMIT:
                    raise
                self.user.operation.notify(f"There is a device called {tried[-1]} already, so another name was chosen.")
            except MfaTuiError as problem:
                if not isinstance(problem, Cancelled):
                    # AWS has refused, or was not asked: there is no device.
                    self._notes.drop(serial)
                raise

    def _take_codes(self, serial: str, seed: Secret) -> tuple[Secret, Secret]:
        return take_consecutive_codes(self.user.operation, serial, seed)

    def _enable_with(self, made: NewDevice, codes: tuple[Secret, Secret]) -> None:
        serial, user, operation = made.serial.text, self.user.identity.user, self.user.operation

        text = f"AWS does not know the new device {made.serial.name} everywhere yet"

        def enable(caller: Caller) -> None:
            # AWS does not check the codes of a device that it does not know, or of a user: they can be sent again.
            retry_until_known(
                operation,
                lambda: self._context.iam.enable_device(caller, user, serial, codes, operation.cancel),
                text,
            )

        try:
            self.user.call(enable, action=Action.ENABLE, device=serial)
        except DeviceRefused as refused:
            # An earlier run may have enabled it, and exited before it could record that.
            if refused.code != TAKEN:
                raise
        except NetworkProblem:
            # The answer was lost; AWS may have done it all the same.
            self.user.load_devices()
            if not self.user.has(serial):
                raise

    def _remove_orphan(self, serial: str) -> str:
        """Delete a device whose secret is lost. Returns a sentence about the result, which may be empty."""
        told = ""
        name = MfaSerial(serial).name
        try:
            if self._delete(serial):
                told = f"The device {name}, whose secret was lost, was deleted."
        except MfaTuiError as problem:
            if isinstance(problem, DeviceRefused) and problem.code == IN_USE:
                told = f"The device {name} is enabled, so it was left alone."
            elif isinstance(problem, DeviceRefused):
                told = device_left(serial, "and its secret is lost")
            else:
                # The result is not known: the note stays for the next run.
                raise
        self._notes.drop(serial)
        return told

    def _delete(self, serial: str) -> bool:
        """Delete the device at AWS. Returns whether it existed."""
        return self.user.call_unless_gone(
            lambda caller: self._context.iam.delete_device(caller, serial, self.user.operation.cancel),
            action=Action.DELETE,
            device=serial,
        )

    def _is_verified(self, serial: str) -> bool:
        """Whether there is a valid session that was made with the device since it was enabled.

        An interrupted run may have made it, or this one, which needed a session: another would have to wait for a new
        code. An older session is of a device that had the same name.
        """
        enabled = [device.enabled_at for device in self.user.devices or () if device.serial.text == serial]
        session = live_session(self._context, self.user.profile, serial=serial, margin=USED_AT_ONCE, roles=())
        return bool(enabled) and session is not None and session.expires_at - session.duration >= enabled[0]

    def _note(self, serial: str, keep: str, phase: str) -> None:
        identity = self.user.identity
        self._notes.put(JournalEntry(serial, identity.account, identity.user, keep, phase, self.replaces))

    def _serial_of(self, name: str) -> str:
        identity = self.user.identity
        return f"arn:{identity.partition}:iam::{identity.account}:mfa/{name}"

    def _free_name(self, taken: list[str] | tuple[()]) -> str:
        """The first suggested name that is neither among the user's devices nor in *taken*."""
        used = {device.serial.name for device in self.user.devices or ()}.union(taken)
        user = self.user.identity.user
        backups = (f"{user}-backup{number or ''}" for number in (0, *range(2, 2 * LIMIT + 2)))
        return next(name for name in (user, *backups) if name not in used)

    def _label(self, serial: MfaSerial) -> str:
        return f"AWS: {serial.name}@{serial.account}"

    def _uri(self, serial: MfaSerial, seed: Secret) -> Secret:
        # With the device's name, as in AWS's own QR codes: a user may have several devices.
        return provisioning_uri(seed, serial.name, serial.account)
