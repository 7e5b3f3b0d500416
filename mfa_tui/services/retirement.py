"""Taking an MFA device away from its user: deactivated and deleted at AWS, its seed removed here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.adapters.enrolments import Enrolments
from mfa_tui.core.serial import VIRTUAL, MfaSerial
from mfa_tui.core.targetedits import edited, serial_changes, serial_removal
from mfa_tui.errors import Cancelled, MfaTuiError, UsageError
from mfa_tui.services.deviceproblems import DENIED, Action, DeviceRefused, left_behind
from mfa_tui.services.devices import names_itself, profiles_naming
from mfa_tui.services.progress import Progress

if TYPE_CHECKING:
    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.core.document import Document
    from mfa_tui.services.enrolment import Enrolment, Made
    from mfa_tui.services.iamuser import IamUser

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
            f"See mfa-tui device list {quote(user.name)}",
        )


def consequences(user: IamUser, serial: str) -> Consequences:
    """What removing the device would mean. Raises UsageError (``device-unknown``)."""
    check_own(user, serial)
    others = tuple(device.serial for device in user.usable if device.serial.text != serial)
    return Consequences(
        MfaSerial(serial),
        last=user.devices is not None and not others and MfaSerial(serial).usable,
        profiles=profiles_naming(user, serial),
        stored=serial in user.context.seeds.kept(),
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
        said.append(f"{_listed(what.profiles)} {then}.")
    if what.stored:
        said.append("Its secret goes from this machine, too.")
    if what.serial.usable:
        said.append("Its codes are worth nothing any more, on a phone or elsewhere.")
    else:
        said.append("It no longer signs you in to the console, either.")
    if what.last:
        said.append(f"{user.identity.user} will have no MFA: policies that want it then deny everything.")
    elif what.others and not successor and not (what.profiles and named):
        remain = "remains" if len(what.others) == 1 else "remain"
        said.append(f"{_listed(tuple(serial.name for serial in what.others))} {remain}.")
    return said


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def remove(user: IamUser, what: Consequences) -> str:
    """Take the device away; the profiles that name it name the heir then, or none, so that AWS is asked for a device.

    Returns what became of them, in a line; empty if none named it. Raises as :func:`retire` does, and FileProblem,
    TargetRefused; what was met once the device was gone says that it is, as it cannot be removed again.
    """
    serial = what.serial.text
    _take_away(user, serial)
    try:
        changed = _point_profiles(user, serial, what.heir.text if what.heir else "")
        _forget(user, serial)
    except Cancelled:
        raise Cancelled(f"{what.serial.name} is removed at AWS; its secret may still be here.") from None
    except MfaTuiError as problem:
        problem.what = f"{what.serial.name} is removed at AWS, but not wholly here: {problem.what}"
        raise
    if not changed:
        return ""
    then = f"now names {what.heir.name} in" if what.heir else "is taken out of"
    return f"mfa_serial {then} {_listed(changed)}."


def retire(user: IamUser, serial: str) -> None:
    """Deactivate the device, delete a virtual one, and remove its seed; what is gone already is passed over.

    Raises what :meth:`IamUser.ask` raises, KeyringProblem, WriteProblem.
    """
    _take_away(user, serial)
    _forget(user, serial)


def _take_away(user: IamUser, serial: str) -> None:
    """At AWS. One that may be deactivated and not deleted is nobody's then: a notice tells of it."""
    iam, control = user.context.iam, user.control
    user.progress(Progress("asking", f"Removing the device {MfaSerial(serial).name}"))
    name = user.identity.user
    user.ask_unless_gone(
        lambda caller: iam.deactivate(caller, name, serial, control), action=Action.DEACTIVATE, about=serial
    )
    if MfaSerial(serial).kind == VIRTUAL:
        try:
            user.ask_unless_gone(lambda caller: iam.delete(caller, serial, control), action=Action.DELETE, about=serial)
        except DeviceRefused as refused:
            if refused.code != DENIED:
                raise
            user.notices.append(left_behind(serial, "and is nobody's any more"))


def _forget(user: IamUser, serial: str) -> None:
    """Its seed here, and that its enrolment was not ended, if that is so."""
    Enrolments(user.context.paths).drop(serial)
    while serial in user.context.seeds.kept():
        # One that it had replaced comes back when the newer one goes, and is of no more use.
        user.context.seeds.remove(serial, user.control)


def supersede(enrolment: Enrolment, made: Made) -> tuple[str, ...]:
    """Put the proved device in the place of the one that it replaces, which is then retired.

    Returns the profiles that named the old one, and name the new one now: first of all, so that nobody is left with a
    profile that no device opens. Raises as :func:`retire` does, and FileProblem, TargetRefused.
    """
    old, new = enrolment.replaces, made.serial.text
    named = _point_profiles(enrolment.user, old, new)
    retire(enrolment.user, old)
    enrolment.replaced(made)
    return named


def _point_profiles(user: IamUser, old: str, new: str) -> tuple[str, ...]:
    """Let profiles that name the device *old* themselves name *new*, or none if that is empty; returns which."""
    own = [name for name in profiles_naming(user, old) if names_itself(user.aws, name, old)]
    changes = serial_changes if new else serial_removal

    def edit(aws: AwsConfig) -> tuple[Document, Document]:
        still = [name for name in own if name in aws and names_itself(aws, name, old)]
        aws = edited(aws, [([name], partial(changes, profile=name, serial=new or old)) for name in still], _BY_HAND)
        return aws.config, aws.credentials

    if own:
        user.control.commit(lambda: user.context.files.edit(edit, cancelled=user.control.cancelled))
    return tuple(own)
