"""Enrolling a virtual MFA device: made, its seed kept, enabled, and proved by a login.

The steps come in one order, and each can be the last one before a crash: a note (``adapters.enrolments``) says what AWS
is about to be asked, so that the next run goes on with the device, or takes it away again. Nobody is left with a device
whose seed nobody has, without being told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError
from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.qr import provisioning_uri
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.services.devices.consecutive_codes import consecutive_codes, typed_codes
from mfa_tui.services.devices.iam_user import A_MOMENT
from mfa_tui.services.devices.refusals import (
    DENIED,
    IN_USE,
    LIMIT,
    TAKEN,
    TOO_MANY,
    WRONG_CODES,
    Action,
    DeviceRefused,
    device_problem,
    left_behind,
)
from mfa_tui.services.devices.removal import finish_removals, tell_of_journal
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.iam import CreatedDevice
    from mfa_tui.models import Secret
    from mfa_tui.services.devices.iam_user import IamUser

_NAME = re.compile(r"[A-Za-z0-9_+=,.@-]{1,226}\Z")
"""VirtualMFADeviceName, as the API reference of CreateVirtualMFADevice has it."""


class Keep:
    """Where a new device's seed is kept; the names are stable (``--keep``)."""

    BOTH = "both"
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
        "The factors stay apart, in an authenticator app; you type a code once in 12 to 36 hours.",
    ),
}
"""For whoever is to choose one: what it is called, and the trade-off."""


@dataclass(frozen=True, slots=True)
class Made:
    """A device that AWS has made. ``seed`` and ``uri`` (``otpauth://``) are None if nobody here has the seed any more.

    ``enabled``: it is the user's already, and waits for its proof.
    """

    serial: MfaSerial
    keep: str
    seed: Secret | None = None
    uri: Secret | None = None
    enabled: bool = False


class Enrolment:
    """One enrolment for *user*, who was looked at. With *replaces* it is for the place of that device (a serial).

    In this order: :meth:`resumed`; if that is None, :meth:`create`; :meth:`enable`; a login with
    :meth:`proof_request`; :meth:`finish`. Remarks go to the user's ``notices``.
    """

    def __init__(self, user: IamUser, *, replaces: str = "") -> None:
        self.user = user
        self.replaces = replaces
        self._context = user.context
        self._notes = EnrollmentJournal(user.context.paths)

    def unfinished(self) -> JournalEntry | None:
        """The enrolment of this user that was begun last and not brought to its end."""
        tell_of_journal(self.user)
        notes = self._notes.entries_of(self.user.identity.account, self.user.identity.user)
        return next((note for note in reversed(notes) if note.phase != Phase.REMOVING), None)

    def resumed(self) -> Made | None:
        """Settle what an interrupted run has left: the device to go on with, or None if there is none any more.

        A removal that was begun is finished first. A device whose seed nobody can have is deleted; a notice tells of
        it, or that AWS did not allow that. Raises what :meth:`IamUser.ask` raises, UsageError (``enrolment-begun``),
        KeyringProblem, WriteProblem.
        """
        finish_removals(self.user)
        note = self.unfinished()
        if note is None:
            return None
        self.replaces = self.replaces or note.replaces
        if note.phase == Phase.MAKING:
            self.user.notices += self._remove_orphan(note.serial)
            return None
        serial = MfaSerial(note.serial)
        enabled = self.user.has(note.serial)
        if not enabled and note.phase in (Phase.ENABLED, Phase.PROVED):
            # It was removed since, by this program or by another.
            self._notes.drop(note.serial)
            return None
        if self.replaces == note.serial:
            raise UsageError(
                "enrolment-begun",
                f"The enrollment of {serial.name} was begun earlier and is not ended.",
                "So it cannot be replaced yet: what goes on is the device that would be removed in the end.",
                f"End that first: {shell_command(self.user.name, 'mfa-tui device enroll PROFILE')}",
            )
        stored = self._context.seeds.load(note.serial, self.user.control) if note.keep != Keep.PHONE else None
        if stored is None and note.keep != Keep.PHONE and not enabled:
            self.user.notices += self._remove_orphan(note.serial)
            return None
        self.user.notices.append(f"The enrollment of {serial.name} was begun earlier, and goes on.")
        return Made(
            serial,
            note.keep,
            stored.seed if stored else None,
            self._uri(serial, stored.seed) if stored else None,
            enabled=enabled,
        )

    def check_room(self) -> None:
        """Raise what AWS would answer if it would enable no further device of the user: DeviceRefused.

        ``device-limit``: there are as many as it allows; ``device-denied``: it wants a session that was made with one
        of them, and none gives codes (https://aws.amazon.com/security/security-bulletins/AWS-2023-001/).
        """
        if self.user.devices and not self.user.usable:
            raise device_problem(AwsError(DENIED, "", 403), self.user, Action.ENABLE, self.suggested_name())
        if len(self.user.devices or ()) >= LIMIT:
            raise device_problem(AwsError(TOO_MANY, "", 409), self.user)

    def suggested_name(self) -> str:
        """A name that self-service policies allow: the user's own, then ``ana-backup``, ``ana-backup2`` and so on."""
        return self._free_name(())

    def create(self, name: str, keep: str) -> Made:
        """Have AWS make the device, and keep its seed where it belongs before anything else happens.

        An empty *name* is for the first suggested one that is free. Raises what :meth:`IamUser.ask` raises, UsageError
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
        self.check_room()
        self._check_files()
        if keep != Keep.PHONE:
            # A keyring that is missing, locked or forgetful must show before there is a device.
            self._context.seeds.check_storage(self.user.control)
        made = self._created(name, keep)
        serial = made.serial.text
        self._context.used_codes.forget_device(serial)
        if keep != Keep.PHONE:
            try:
                self._context.seeds.store(serial, made.seed, self._label(made.serial), self.user.control)
            except MfaTuiError as problem:
                problem.why = " ".join((problem.why, *self._remove_orphan(serial))).strip()
                raise
        self._note(serial, keep, Phase.MADE)
        return Made(made.serial, keep, made.seed, self._uri(made.serial, made.seed))

    def _check_files(self) -> None:
        """Before there is a device: whether the profile can name it, and the first session can be written."""
        if self._keeps_its_own():
            return
        for obstacle in self._context.files.write_obstacles():
            obstacle.remedy = f"{obstacle.remedy.rstrip('.')}. Nothing was made."
            raise obstacle

    def enable(self, made: Made, codes: tuple[Secret, Secret] | None = None) -> None:
        """Give the device to the user. *codes* are two consecutive ones as typed; without, they are made from the seed.

        Raises UsageError (``code-malformed``, ``codes-same``), what :meth:`IamUser.ask` raises, DeviceRefused
        (``codes-refused``: typed ones may be given anew; ``device-denied``).
        """
        self.user.progress(Progress("asking", f"Enabling the device {made.serial.name}"))
        if codes is not None:
            self._enable_with(made, typed_codes(self._context, made.serial.text, codes))
        elif made.seed is None:
            raise AssertionError("codes are typed where the seed is not kept")
        else:
            try:
                self._enable_with(made, self._own_codes(made.serial.text, made.seed))
            except DeviceRefused as refused:
                if refused.code != WRONG_CODES:
                    raise
                # The step may have turned on the way, or AWS's clock is now known better.
                self._enable_with(made, self._own_codes(made.serial.text, made.seed))
        self._note(made.serial.text, made.keep, Phase.ENABLED)
        self.user.list_devices()

    def proof_request(self, made: Made) -> LoginRequest:
        """The login that proves the device; one that is written nowhere will do if the profile keeps its old device."""
        return LoginRequest(
            profile=self.user.name,
            serial=made.serial.text,
            renew=not self._proved(made.serial.text),
            remember_serial=self.writes_profile(made),
            type_code=made.keep == Keep.PHONE,
            new_device=True,
        )

    def writes_profile(self, made: Made) -> bool:
        """Whether the profile is to name *made* from now on: it names no other device that is good, or the replaced."""
        named = self.user.serial
        return not self._keeps_its_own() or (named is not None and named.text == made.serial.text)

    def _keeps_its_own(self) -> bool:
        named = self.user.serial
        if self.replaces or named is None:
            return False
        return self.user.devices is None or named.text in (device.serial.text for device in self.user.usable)

    def finish(self, made: Made) -> None:
        """A login has proved the device. What it replaces is for whoever asked for that. Raises WriteProblem."""
        if self.replaces:
            self._note(made.serial.text, made.keep, Phase.PROVED)
        else:
            self._notes.drop(made.serial.text)

    def replaced(self, made: Made) -> None:
        """The device that this one replaces is gone. Raises WriteProblem."""
        self._notes.drop(made.serial.text)

    def abandon(self, serial: str) -> None:
        """Take away a device that was made and is not wanted: at AWS, then its seed here.

        If AWS does not allow it the seed stays, and DeviceRefused says so. Raises what :meth:`IamUser.ask` raises,
        KeyringProblem, WriteProblem.
        """
        self._delete(serial)
        if serial in self._context.seeds.stored():
            self._context.seeds.remove(serial, self.user.control)
        self._notes.drop(serial)

    # Parts of the above

    def _created(self, name: str, keep: str) -> CreatedDevice:
        tried: list[str] = []
        while True:
            tried.append(name or self._free_name(tried))
            serial = self._serial_of(tried[-1])
            self._note(serial, keep, Phase.MAKING)
            self.user.progress(Progress("asking", f"Making the device {tried[-1]}"))
            try:
                return self.user.ask(
                    lambda caller: self._context.iam.create_device(caller, tried[-1], self.user.control),
                    action=Action.CREATE,
                    about=serial,
                )
            except NetworkProblem as problem:
                command = shell_command(self.user.name, "mfa-tui device enroll PROFILE")
                problem.remedy = f"Run it again, and it finds out whether the device was made: {command}"
                raise
            except DeviceRefused as refused:
                self._notes.drop(serial)
                if refused.code != TAKEN or name or len(tried) > LIMIT:
                    raise
                self.user.notices.append(f"There is a device called {tried[-1]} already, so another name was taken.")
            except MfaTuiError as problem:
                if not isinstance(problem, Cancelled):
                    # AWS has answered, or was not asked: there is no device.
                    self._notes.drop(serial)
                raise

    def _own_codes(self, serial: str, seed: Secret) -> tuple[Secret, Secret]:
        return consecutive_codes(self._context, serial, seed, self.user.control, self.user.progress)

    def _enable_with(self, made: Made, codes: tuple[Secret, Secret]) -> None:
        serial, user = made.serial.text, self.user.identity.user
        try:
            self.user.ask(
                lambda caller: self._context.iam.enable_device(caller, user, serial, codes, self.user.control),
                action=Action.ENABLE,
                about=serial,
            )
        except DeviceRefused as refused:
            # An earlier run may have enabled it, and died before it could note that.
            if refused.code != TAKEN:
                raise
        except NetworkProblem:
            # The answer was lost; AWS may have done it all the same.
            self.user.list_devices()
            if not self.user.has(serial):
                raise

    def _remove_orphan(self, serial: str) -> list[str]:
        """Delete a device whose seed nobody has. Returns the sentence that says so, or that it is left."""
        told = []
        name = MfaSerial(serial).name
        try:
            if self._delete(serial):
                told.append(f"The device {name}, whose secret nobody had, was deleted again.")
        except MfaTuiError as problem:
            if isinstance(problem, DeviceRefused) and problem.code == IN_USE:
                told.append(f"There is a device {name}, which is enabled and was left alone.")
            elif isinstance(problem, DeviceRefused):
                told.append(left_behind(serial, "and nobody has its secret"))
            else:
                # Nobody knows yet: the note stays for the next run.
                raise
        self._notes.drop(serial)
        return told

    def _delete(self, serial: str) -> bool:
        """Delete the device at AWS; whether there was one."""
        return self.user.ask_unless_gone(
            lambda caller: self._context.iam.delete_device(caller, serial, self.user.control),
            action=Action.DELETE,
            about=serial,
        )

    def _proved(self, serial: str) -> bool:
        """Whether there is a live session that was made with the device since it was enabled.

        An interrupted run may have made it, or this one, which needed a session: another would wait for a new code. One
        that is older is of a device that had the same name.
        """
        enabled = [device.enabled_at for device in self.user.devices or () if device.serial.text == serial]
        session = live_session(self._context, self.user.profile, serial=serial, margin=A_MOMENT, roles=())
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
        # By the device's name, as AWS's own QR codes have it: a user has several.
        return provisioning_uri(seed, serial.name, serial.account)
