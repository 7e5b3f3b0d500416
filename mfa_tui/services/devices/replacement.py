"""Replacing an MFA device: once the new one is verified, the profiles name it, and the old one is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.services.devices.removal import point_profiles, remove_replaced, resumable
from mfa_tui.services.history.recorded import recorded

if TYPE_CHECKING:
    from mfa_tui.services.devices.enrollment import Enrollment, NewDevice


@recorded(lambda enrollment, _: enrollment.user.action("device-replace"))
def replace_device(enrollment: Enrollment, made: NewDevice) -> tuple[str, ...]:
    """Put the verified device in place of the one that it replaces, and remove that one.

    Returns the profiles that named the old one, and name the new one now. They are changed first, so that no profile is
    left without a device that works. Raises as :func:`remove_replaced` does, and FileProblem, TargetRefused.
    """
    old, new = enrollment.replaces, made.serial.text
    with resumable(enrollment.user, MfaSerial(old).name, "is not fully replaced yet", "replace"):
        changed = point_profiles(enrollment.user, old, new)
        remove_replaced(enrollment.user, old)
        enrollment.drop_note(made)
    return changed
