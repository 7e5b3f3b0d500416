"""Removing an MFA device: it is deactivated and deleted at AWS, and its secret is removed here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import VIRTUAL, MfaSerial
from mfa_tui.core.profiles.target_edits import serial_changes, serial_removal, with_edits
from mfa_tui.core.text.display import format_account, in_words
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.services.devices.list_devices import names_device, profiles_naming
from mfa_tui.services.devices.refusals import DENIED, IN_USE, Action, DeviceRefused, device_left
from mfa_tui.services.history.recorded import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.services.devices.iam_user import IamUser

_BY_HAND = "Clean up that part of the file, or change mfa_serial by hand."
_NAMED = 4
"""How many profiles or devices are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What removing a device means for its user."""

    serial: MfaSerial
    """The device."""
    last: bool
    """Whether no other device of the user generates codes, so that the user has no MFA any more."""
    profiles: tuple[str, ...]
    """The profiles that log in with it."""
    stored: bool
    """Whether its secret is stored here, and is removed too."""
    others: tuple[MfaSerial, ...]
    """The devices that remain and generate codes."""

    @property
    def successor(self) -> MfaSerial | None:
        """The device that the profiles will name: the only other one. If there are several, or none, they name none."""
        return self.others[0] if len(self.others) == 1 else None


def check_own(user: IamUser, serial: str) -> None:
    """Raise UsageError (``device-unknown``) if the user has no such device, as far as AWS tells."""
    known = [device.serial.text for device in user.devices or ()]
    if user.devices is not None and serial not in known:
        raise UsageError(
            "device-unknown",
            f"{user.identity.user} has no MFA device {serial}.",
            f"There are {', '.join(known)}." if known else "The user has none at all.",
            f"See {user.command('mfa-tui device list PROFILE')}",
        )


def consequences(user: IamUser, serial: str) -> Consequences:
    """What removing the device means. Raises UsageError (``device-unknown``)."""
    check_own(user, serial)
    return _consequences(user, MfaSerial(serial))


def _consequences(user: IamUser, device: MfaSerial) -> Consequences:
    serial = device.text
    others = tuple(device.serial for device in user.usable if device.serial.text != serial)
    return Consequences(
        device,
        last=user.devices is not None and not others and device.usable,
        profiles=profiles_naming(user, serial),
        stored=serial in user.context.seeds.stored(),
        others=others,
    )


def describe_removal(user: IamUser, what: Consequences) -> list[str]:
    """What :func:`remove_device` will do, in sentences for the user."""
    name, who = what.serial.name, f"{user.identity.user} (account {format_account(user.identity.account)})"
    does = "Deactivates and deletes" if what.serial.kind == VIRTUAL else "Deactivates"
    return [f"{does} the MFA device {name} of {who}.", *describe_consequences(user, what)]


def describe_consequences(user: IamUser, what: Consequences, successor: str = "") -> list[str]:
    """*what* in sentences, for the question whether to remove the device.

    *successor* is the name of the device that was enrolled in its place, if there is one.
    """
    sentences = []
    named = successor or (what.successor.name if what.successor else "")
    if what.profiles:
        then = f"will name {named}" if named else "can no longer log in with it"
        sentences.append(f"{in_words(what.profiles, _NAMED)} {then}.")
    if what.stored:
        sentences.append("Its secret is removed from this machine, too.")
    if what.serial.usable:
        sentences.append("Its codes stop working, on a phone or elsewhere.")
    else:
        sentences.append("It no longer signs you in to the console, either.")
    if what.last:
        sentences.append(f"{user.identity.user} will have no MFA: policies that require it then deny everything.")
    elif what.others and not successor and not (what.profiles and named):
        remain = "remains" if len(what.others) == 1 else "remain"
        sentences.append(f"{in_words([serial.name for serial in what.others], _NAMED)} {remain}.")
    return sentences


@recorded(lambda user, _: user.action("device-remove"))
def remove_device(user: IamUser, what: Consequences) -> str:
    """Remove the device. Profiles that name it name its successor afterwards, or none: then login asks AWS.

    Returns what was changed in them, in a line; empty if none named it. Raises as :func:`remove_replaced` does,
    FileProblem and TargetRefused. If it is interrupted after the first request, :func:`finish_removals` continues it.
    """
    serial, identity = what.serial.text, user.identity
    if _profiles_naming_it(user, serial):
        for obstacle in user.context.files.write_obstacles():
            obstacle.remedy = f"{obstacle.remedy.rstrip('.')}. Nothing was removed."
            raise obstacle
    notes = EnrollmentJournal(user.context.paths)
    notes.put(JournalEntry(serial, identity.account, identity.user, "", Phase.REMOVING))
    try:
        with resumable(user, what.serial.name, "may have been deactivated", only=NetworkProblem):
            known = _deactivate(user, serial)
    except DeviceRefused:
        # Nothing was changed.
        notes.drop(serial)
        raise
    return _finish(user, what, known=known)


def unfinished_removals(user: IamUser) -> tuple[MfaSerial, ...]:
    """Devices of the user, who was loaded, whose removal was interrupted after AWS had deactivated them."""
    report_journal_damage(user)
    if user.devices is None:
        return ()
    identity = user.identity
    begun = [
        note
        for note in EnrollmentJournal(user.context.paths).entries_of(identity.account, identity.user)
        if _is_removal(note)
    ]
    return tuple(MfaSerial(note.serial) for note in begun if not user.has(note.serial))


@recorded(lambda user: user.action("device-remove"))
def finish_removals(user: IamUser) -> tuple[MfaSerial, ...]:
    """Finish interrupted removals; returns the devices that were removed. Raises as :func:`remove_device` does.

    If AWS did not deactivate a device, nothing of it was removed, and its removal is forgotten.
    """
    begun = unfinished_removals(user)
    for serial in begun:
        changed = _finish(user, _consequences(user, serial), known=_deactivate(user, serial.text))
        user.operation.notify(
            f"The removal of {serial.name}, which was interrupted earlier, is finished now. {changed}".rstrip()
        )
    notes, identity = EnrollmentJournal(user.context.paths), user.identity
    for note in notes.entries_of(identity.account, identity.user):
        if _is_removal(note) and user.has(note.serial):
            notes.drop(note.serial)
    return begun


def report_journal_damage(user: IamUser) -> None:
    """Report a damaged journal: its entries may be wrong or missing."""
    problem = EnrollmentJournal(user.context.paths).problem()
    if problem is not None:
        user.operation.notify(f"{problem.what} {problem.why}")


def _is_removal(note: JournalEntry) -> bool:
    return note.phase == Phase.REMOVING


@contextmanager
def resumable(
    user: IamUser, name: str, state: str, command: str = "remove", *, only: type[MfaTuiError] = MfaTuiError
) -> Iterator[None]:
    """If the block fails, add the *state* of the device *name* to the error, and the *command* that continues."""
    finishing = user.command(f"mfa-tui device {command} PROFILE")
    try:
        yield
    except (Cancelled, KeyboardInterrupt):
        raise Cancelled(f"{name} {state}. To finish: {finishing}") from None
    except only as problem:
        problem.what = f"{name} {state}: {problem.what}"
        problem.remedy = f"{problem.remedy.rstrip('.')}. Then {finishing} finishes it.".lstrip(". ")
        raise


def _finish(user: IamUser, what: Consequences, *, known: bool) -> str:
    """Finish a removal after the device was deactivated; *known* says that it was the user's until now."""
    serial = what.serial.text
    with resumable(user, what.serial.name, "is deactivated, but not deleted"):
        _delete(user, serial, known=known)
    with resumable(user, what.serial.name, "is removed at AWS, but not completely here"):
        changed = point_profiles(user, serial, what.successor.text if what.successor else "")
        _forget(user, serial)
    if not changed:
        return ""
    then = f"now names {what.successor.name} in" if what.successor else "is taken out of"
    return f"mfa_serial {then} {in_words(changed, _NAMED)}."


def remove_replaced(user: IamUser, serial: str) -> None:
    """Deactivate the device, delete a virtual one, and remove its secret; what is already gone is skipped.

    Raises what :meth:`IamUser.call` raises, KeyringProblem, WriteProblem.
    """
    _delete(user, serial, known=_deactivate(user, serial))
    _forget(user, serial)


def _deactivate(user: IamUser, serial: str) -> bool:
    """Deactivate the device at AWS; False if it was not the user's any more."""
    iam, cancel, name = user.context.iam, user.operation.cancel, user.identity.user
    user.operation.progress("asking", f"Removing the device {MfaSerial(serial).name}")
    return user.call_unless_gone(
        lambda caller: iam.deactivate_device(caller, name, serial, cancel), action=Action.DEACTIVATE, device=serial
    )


def _delete(user: IamUser, serial: str, *, known: bool) -> None:
    """Delete a virtual device at AWS; a notice says so if AWS let the user deactivate it, but not delete it.

    *known*: it was the user's until now; otherwise another user may have one of that name now, which is left alone.
    """
    if MfaSerial(serial).kind != VIRTUAL:
        return
    iam, cancel = user.context.iam, user.operation.cancel
    try:
        user.call_unless_gone(
            lambda caller: iam.delete_device(caller, serial, cancel), action=Action.DELETE, device=serial
        )
    except DeviceRefused as refused:
        if refused.code == DENIED:
            user.operation.notify(device_left(serial, "but no longer belongs to a user"))
        elif refused.code == IN_USE and not known:
            user.operation.notify(f"The device {MfaSerial(serial).name} is enabled, so it was left alone.")
        else:
            raise


def _forget(user: IamUser, serial: str) -> None:
    """Remove its secret here, and at the end what the journal says of its enrollment, removal or replacement."""
    while serial in user.context.seeds.stored():
        # Removing a secret brings back the one that it had replaced, which is of no use here.
        user.context.seeds.remove(serial, user.operation.cancel)
    notes = EnrollmentJournal(user.context.paths)
    for note in notes.entries():
        if note.serial == serial or (note.phase == Phase.VERIFIED and note.replaces == serial):
            notes.drop(note.serial)


def point_profiles(user: IamUser, old: str, new: str) -> tuple[str, ...]:
    """Let the profiles whose own sections name the device *old* name *new*, or none if that is empty; returns which."""
    own = _profiles_naming_it(user, old)
    if own and user.context.files.read_only_store():
        then = f"name {new}" if new else "no longer name a device"
        path = user.context.files.config_path
        user.operation.notify(
            f"{path} cannot be written. Change mfa_serial there by hand: {in_words(tuple(own), _NAMED)} should {then}."
        )
        return ()
    changes = serial_changes if new else serial_removal

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        still = [name for name in own if names_device(aws, name, old)]
        aws = with_edits(aws, [([name], partial(changes, profile=name, serial=new or old)) for name in still], _BY_HAND)
        return aws.documents

    if own:
        cancel = user.operation.cancel
        cancel.run_uninterrupted(lambda: user.context.files.edit(edit, start=user.files, cancelled=cancel.cancelled))
    return tuple(own)


def _profiles_naming_it(user: IamUser, serial: str) -> list[str]:
    """The profiles that log in with the device and whose own sections name it."""
    return [name for name in profiles_naming(user, serial) if names_device(user.files, name, serial)]
