"""Texts that an administrator sends to a user after changing the user's MFA devices."""

from __future__ import annotations

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, VIRTUAL
from mfa_tui.core.text.display import format_account, in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.aws.mfa_serial import MfaSerial

_WARNING = "If you did not ask for this, tell your administrator at once."
_KINDS = {
    FIDO: ("security key or passkey", "security keys or passkeys"),
    HARDWARE: ("hardware token", "hardware tokens"),
}
_OTHER = ("MFA device", "MFA devices")
"""One device, and several."""
_HOW = (
    "  on the command line: mfa-tui device enroll PROFILE (PROFILE is the one with your access keys)",
    "  or in the AWS console: your name at the top right, Security credentials, Assign MFA device",
)


def reset_message(user: str, account: str, removed: Sequence[MfaSerial], left: Sequence[MfaSerial]) -> str:
    """The text for a *user* whose devices *removed* were deleted.

    *left* are the devices that the user still has; without one that generates codes, the user must enroll again.
    """
    then = "was removed and no longer works" if len(removed) == 1 else "were removed and no longer work"
    gone = f"your {_named(removed)} for the AWS account {format_account(account)} {then}."
    lines = [f"Hello {user},", gone, *_clean_up(removed)]
    with_codes = [serial.name for serial in left if serial.usable]
    if with_codes:
        lines.append(f"Use {in_words(with_codes)} from now on.")
    elif left:
        names = in_words([serial.name for serial in left])
        lines += [f"You can still use {names} in the AWS console. To get a device that generates codes:", *_HOW]
    else:
        lines += ["Enroll a new device:", *_HOW]
    return "\n".join([*lines, _WARNING])


def _named(devices: Sequence[MfaSerial]) -> str:
    """*devices* with their kinds: ``MFA devices a and b``, ``MFA device a and hardware token b``."""
    if len(devices) > 1 and len({device.kind for device in devices}) == 1:
        return f"{_KINDS.get(devices[0].kind, _OTHER)[1]} {in_words([device.name for device in devices])}"
    return in_words([f"{_KINDS.get(device.kind, _OTHER)[0]} {device.name}" for device in devices])


def _clean_up(removed: Sequence[MfaSerial]) -> list[str]:
    """What the user should delete, by the kinds of devices: only apps and password managers keep something."""
    kinds = [device.kind for device in removed]
    lines = []
    if (entries := kinds.count(VIRTUAL)) > 0:
        lines.append(f"Delete the old {'entry' if entries == 1 else 'entries'} from your authenticator app.")
    if FIDO in kinds:
        lines.append("If you saved a passkey for it, delete that passkey from your phone or password manager.")
    return lines


def enrolled_message(user: str, account: str, device: MfaSerial, removed: Sequence[MfaSerial] = ()) -> str:
    """The text for a *user* for whom *device* was enrolled, after or before the devices *removed* were deleted."""
    works = "works" if len(removed) == 1 else "work"
    gone = [f"Your {_named(removed)} no longer {works}.", *_clean_up(removed)] if removed else []
    return "\n".join(
        [
            f"Hello {user},",
            f"your MFA device {device.name} for the AWS account {format_account(account)} is enabled.",
            *gone,
            "AWS accepts each code once, so wait for the next code before you sign in or log in.",
            f"  In the profile with your access keys: mfa_serial = {device.text}",
            "  Then: mfa-tui login PROFILE",
            _WARNING,
        ]
    )
