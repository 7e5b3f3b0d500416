"""What stops working when an MFA device goes, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.serial import MfaSerial

if TYPE_CHECKING:
    from mfa_tui.services.retirement import Consequences

_NAMED = 4


def losses(user: str, what: Consequences, successor: str = "") -> list[str]:
    """For the question whether the device of *user* shall go; *successor* is the name of the one in its place."""
    said = []
    if what.profiles and successor:
        said.append(f"{_names(what.profiles)} will name {successor}.")
    elif what.profiles:
        said.append(f"{_names(what.profiles)} can no longer log in with it.")
    if what.stored:
        said.append("Its secret goes from this machine, too.")
    if not what.serial.usable:
        said.append("It no longer signs you in to the console, either.")
    else:
        said.append("Its codes are worth nothing any more, on a phone or elsewhere.")
    if what.last:
        said.append(f"{user} will have no MFA: policies that want it then deny everything.")
    elif what.others and not successor:
        said.append(f"{_names(tuple(MfaSerial(serial).name for serial in what.others))} remains.")
    return said


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
