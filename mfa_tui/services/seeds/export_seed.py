"""Exporting a stored secret to another device, as the address that authenticator apps scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.core.seeds.qr_drawing import provisioning_uri
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import UsageError
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action

if TYPE_CHECKING:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context


@dataclass(frozen=True, slots=True)
class ExportedSeed:
    """A secret that was exported."""

    serial: MfaSerial
    """The device."""
    seed: Secret
    """The secret."""
    uri: Secret
    """Its ``otpauth://`` address, whose QR code fits a terminal of 80x24."""
    doubt: str
    """A warning in a line; empty if there is none."""


def check_stored(context: Context, profile: str, serial: MfaSerial) -> None:
    """Raise UsageError (``no-seed``) if there is no secret of the device here. No store is opened for it.

    Raises KeyringProblem (``seeds-index``), too.
    """
    if not context.seeds.where(serial.text):
        context.seeds.check_index()
        raise UsageError(
            "no-seed",
            f"No secret of {profile}'s MFA device is stored here.",
            f"The device is {serial.text}.",
            "AWS shows it only once. If you have it elsewhere, store it: "
            + shell_command(profile, "mfa-tui device import PROFILE"),
        )


@recorded(
    lambda context, profile, *_: (context, Action("device-export", profile)),
    lambda done: f"Showed the secret of {done.serial.name}.",
)
def export_seed(context: Context, profile: str, serial: MfaSerial, cancel: CancelScope) -> ExportedSeed:
    """Read the secret of a device, for an app. Raises UsageError (``no-seed``), KeyringProblem, Cancelled."""
    check_stored(context, profile, serial)
    stored = context.seeds.load(serial.text, cancel)
    if stored is None:
        raise UsageError("no-seed", f"The secret of {serial.text} is no longer where it was stored.")
    unproved = "AWS has not accepted a code of this secret yet; the one that it replaced is still kept."
    uri = provisioning_uri(stored.seed, serial.name, serial.account)
    return ExportedSeed(serial, stored.seed, uri, unproved if stored.unverified else "")
