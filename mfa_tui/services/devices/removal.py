"""Taking an MFA device away from its user: deactivated and deleted at AWS, its seed removed here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.core.aws.mfa_serial import VIRTUAL, MfaSerial
from mfa_tui.core.profiles.target_edits import serial_changes, serial_removal, with_edits
from mfa_tui.core.text.display import in_words, shell_command
from mfa_tui.errors import Cancelled, MfaTuiError, NetworkProblem, UsageError
from mfa_tui.services.devices.list_devices import names_itself, profiles_naming
from mfa_tui.services.devices.refusals import DENIED, IN_USE, Action, DeviceRefused, left_behind
from mfa_tui.services.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.services.devices.enrollment import Enrolment, Made
    from mfa_tui.services.devices.iam_user import IamUser

_BY_HAND = "Tidy up that place in the file, or change mfa_serial by hand."
_NAMED = 4
"""Profiles or devices that are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What stops working when the device goes.

    ``last``: no other device of the user gives codes, so there is no MFA any more; ``profiles`` go by it; ``stored``:
    its seed is here, and goes too; ``others`` are the devices that remain and give codes; ``heir`` is the only one of
    them, which the profiles will name then. If there are several, or none, they will name none.
    """

    serial: MfaSerial
    last: bool
    profiles: tuple[str, ...]
    stored: bool
    others: tuple[MfaSerial, ...]

    @property
    def heir(self) -> MfaSerial | None:  # noqa: D102 - see above
        return self.others[0] if len(self.others) == 1 else None


def check_own(user: IamUser, serial: str) -> None:
    """Raise UsageError (``device-unknown``) if the user has no such device, as far as AWS tells."""
    known = [device.serial.text for device in user.devices or ()]
    if user.devices is not None and serial not in known:
        raise UsageError(
            "device-unknown",
            f"{user.identity.user} has no MFA device {serial}.",
            f"There are {', '.join(known)}." if known else "The user has none at all.",
            f"See {shell_command(user.name, 'mfa-tui device list PROFILE')}",
        )


def consequences(user: IamUser, serial: str) -> Consequences:
    """What removing the device would mean. Raises UsageError (``device-unknown``)."""
    check_own(user, serial)
    return _left_of(user, MfaSerial(serial))


def _left_of(user: IamUser, device: MfaSerial) -> Consequences:
    serial = device.text
    others = tuple(device.serial for device in user.usable if device.serial.text != serial)
    return Consequences(
        device,
        last=user.devices is not None and not others and device.usable,
        profiles=profiles_naming(user, serial),
        stored=serial in user.context.seeds.stored(),
        others=others,
    )


def losses(user: IamUser, what: Consequences, successor: str = "") -> list[str]:
    """*what* in sentences, for whoever is asked whether to remove the device.

    *successor* is the name of the device in its place, if one was enrolled for that.
    """
    said = []
    named = successor or (what.heir.name if what.heir else "")
    if what.profiles:
        then = f"will name {named}" if named else "can no longer log in with it"
        said.append(f"{in_words(what.profiles, _NAMED)} {then}.")
    if what.stored:
        said.append("Its secret is removed from this machine, too.")
    if what.serial.usable:
        said.append("Its codes stop working, on a phone or elsewhere.")
    else:
        said.append("It no longer signs you in to the console, either.")
    if what.last:
        said.append(f"{user.identity.user} will have no MFA: policies that require it then deny everything.")
    elif what.others and not successor and not (what.profiles and named):
        remain = "remains" if len(what.others) == 1 else "remain"
        said.append(f"{in_words([serial.name for serial in what.others], _NAMED)} {remain}.")
    return said


def remove(user: IamUser, what: Consequences) -> str:
    """Take the device away; the profiles that name it name the heir then, or none, so that AWS is asked for a device.

    Returns what became of them, in a line; empty if none named it. Raises as :func:`retire` does, FileProblem and
    TargetRefused. From the first request on, whatever breaks it off, :func:`finish_removals` goes on.
    """
    serial, identity = what.serial.text, user.identity
    if _naming_themselves(user, serial):
        for obstacle in user.context.files.write_obstacles():
            obstacle.remedy = f"{obstacle.remedy.rstrip('.')}. Nothing was removed."
            raise obstacle
    notes = EnrollmentJournal(user.context.paths)
    notes.put(JournalEntry(serial, identity.account, identity.user, "", Phase.REMOVING))
    try:
        with _going_on(user, what.serial.name, "may have been deactivated", only=NetworkProblem):
            known = _deactivate(user, serial)
    except DeviceRefused:
        # It is as it was.
        notes.drop(serial)
        raise
    return _finish(user, what, known=known)


def unfinished_removals(user: IamUser) -> tuple[MfaSerial, ...]:
    """Devices of the user, who was looked at, whose removal was begun and broken off once AWS had deactivated them."""
    tell_of_journal(user)
    if user.devices is None:
        return ()
    identity = user.identity
    begun = [
        note
        for note in EnrollmentJournal(user.context.paths).entries_of(identity.account, identity.user)
        if _is_removal(note)
    ]
    return tuple(MfaSerial(note.serial) for note in begun if not user.has(note.serial))


def finish_removals(user: IamUser) -> tuple[MfaSerial, ...]:
    """Bring to an end the removals that were begun; returns the devices that are gone. Raises as :func:`remove` does.

    Where AWS did not deactivate the device, nothing was removed, and that it was to be is forgotten.
    """
    begun = unfinished_removals(user)
    for serial in begun:
        became = _finish(user, _left_of(user, serial), known=_deactivate(user, serial.text))
        user.notices.append(
            f"The removal of {serial.name}, which was interrupted earlier, is finished now. {became}".rstrip()
        )
    notes, identity = EnrollmentJournal(user.context.paths), user.identity
    for note in notes.entries_of(identity.account, identity.user):
        if _is_removal(note) and user.has(note.serial):
            notes.drop(note.serial)
    return begun


def tell_of_journal(user: IamUser) -> None:
    """Note among the user's notices that the journal is damaged, if it is: whatever goes by it is to be doubted."""
    problem = EnrollmentJournal(user.context.paths).problem()
    if problem is not None and problem.what not in " ".join(user.notices):
        user.notices.append(f"{problem.what} {problem.why}")


def _is_removal(note: JournalEntry) -> bool:
    return note.phase == Phase.REMOVING


@contextmanager
def _going_on(
    user: IamUser, name: str, state: str, command: str = "remove", *, only: type[MfaTuiError] = MfaTuiError
) -> Iterator[None]:
    """Whatever ends it here: say how far it has come with the device *name*, and which command goes on."""
    finishing = shell_command(user.name, f"mfa-tui device {command} PROFILE")
    try:
        yield
    except (Cancelled, KeyboardInterrupt):
        raise Cancelled(f"{name} {state}. To finish: {finishing}") from None
    except only as problem:
        problem.what = f"{name} {state}: {problem.what}"
        problem.remedy = f"{problem.remedy.rstrip('.')}. Then {finishing} finishes it.".lstrip(". ")
        raise


def _finish(user: IamUser, what: Consequences, *, known: bool) -> str:
    """What is left of a removal once the device is deactivated; *known*: it was the user's until now."""
    serial = what.serial.text
    with _going_on(user, what.serial.name, "is deactivated, but not deleted"):
        _delete(user, serial, known=known)
    with _going_on(user, what.serial.name, "is removed at AWS, but not wholly here"):
        changed = _point_profiles(user, serial, what.heir.text if what.heir else "")
        _forget(user, serial)
    if not changed:
        return ""
    then = f"now names {what.heir.name} in" if what.heir else "is taken out of"
    return f"mfa_serial {then} {in_words(changed, _NAMED)}."


def retire(user: IamUser, serial: str) -> None:
    """Deactivate the device, delete a virtual one, and remove its seed; what is gone already is passed over.

    Raises what :meth:`IamUser.ask` raises, KeyringProblem, WriteProblem.
    """
    _delete(user, serial, known=_deactivate(user, serial))
    _forget(user, serial)


def _deactivate(user: IamUser, serial: str) -> bool:
    """Take it from the user at AWS; False if it was not the user's any more."""
    iam, control, name = user.context.iam, user.control, user.identity.user
    user.progress(Progress("asking", f"Removing the device {MfaSerial(serial).name}"))
    return user.ask_unless_gone(
        lambda caller: iam.deactivate_device(caller, name, serial, control), action=Action.DEACTIVATE, about=serial
    )


def _delete(user: IamUser, serial: str, *, known: bool) -> None:
    """Delete a virtual one at AWS. One that may be deactivated and not deleted is nobody's: a notice tells of it.

    *known*: it was the user's until now; otherwise one of that name may be somebody else's by now, and is left alone.
    """
    if MfaSerial(serial).kind != VIRTUAL:
        return
    iam, control = user.context.iam, user.control
    try:
        user.ask_unless_gone(
            lambda caller: iam.delete_device(caller, serial, control), action=Action.DELETE, about=serial
        )
    except DeviceRefused as refused:
        if refused.code == DENIED:
            user.notices.append(left_behind(serial, "and belongs to no user any more"))
        elif refused.code == IN_USE and not known:
            user.notices.append(f"There is a device {MfaSerial(serial).name}, which is enabled and was left alone.")
        else:
            raise


def _forget(user: IamUser, serial: str) -> None:
    """Its seed here; last of all, what the journal says of it: that it was to be enrolled, removed or replaced."""
    while serial in user.context.seeds.stored():
        # One that it had replaced comes back when the newer one goes, and is of no more use.
        user.context.seeds.remove(serial, user.control)
    notes = EnrollmentJournal(user.context.paths)
    for note in notes.entries():
        if note.serial == serial or (note.phase == Phase.PROVED and note.replaces == serial):
            notes.drop(note.serial)


def supersede(enrolment: Enrolment, made: Made) -> tuple[str, ...]:
    """Put the proved device in the place of the one that it replaces, which is then retired.

    Returns the profiles that named the old one, and name the new one now: first of all, so that nobody is left with a
    profile that no device opens. Raises as :func:`retire` does, and FileProblem, TargetRefused.
    """
    old, new = enrolment.replaces, made.serial.text
    with _going_on(enrolment.user, MfaSerial(old).name, "is not fully replaced yet", "replace"):
        named = _point_profiles(enrolment.user, old, new)
        retire(enrolment.user, old)
        enrolment.replaced(made)
    return named


def _point_profiles(user: IamUser, old: str, new: str) -> tuple[str, ...]:
    """Let profiles that name the device *old* themselves name *new*, or none if that is empty; returns which."""
    own = _naming_themselves(user, old)
    if own and user.context.files.read_only_store():
        then = f"name {new}" if new else "no longer name a device"
        path = user.context.files.config_path
        user.notices.append(
            f"{path} cannot be written. Change mfa_serial there by hand: {in_words(tuple(own), _NAMED)} should {then}."
        )
        return ()
    changes = serial_changes if new else serial_removal

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        still = [name for name in own if name in aws and names_itself(aws, name, old)]
        aws = with_edits(aws, [([name], partial(changes, profile=name, serial=new or old)) for name in still], _BY_HAND)
        return aws.config, aws.credentials

    if own:
        user.control.run_uninterrupted(
            lambda: user.context.files.edit(edit, start=user.aws, cancelled=user.control.cancelled)
        )
    return tuple(own)


def _naming_themselves(user: IamUser, serial: str) -> list[str]:
    """The profiles that log in with the device because their own sections name it."""
    return [name for name in profiles_naming(user, serial) if names_itself(user.aws, name, serial)]
