"""Storing the seed of a profile's MFA device in the keyring, and removing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.core.otpauth import parse_secret
from mfa_tui.core.profiles import understand
from mfa_tui.core.serial import MfaSerial, checked_serial
from mfa_tui.core.totp import code_at_step, seconds_left, seed_warning, step_at
from mfa_tui.errors import UsageError
from mfa_tui.services.codes import serial_of
from mfa_tui.services.names import source_profile

if TYPE_CHECKING:
    from mfa_tui.adapters.control import Control
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context


@dataclass(frozen=True, slots=True)
class Imported:
    """A seed that was stored. ``code`` is its current code, ``next_code`` the one after: the phone shows the same.

    ``replaced``: another seed was stored for the device; it is kept until the new one has worked.
    """

    profile: str
    serial: MfaSerial
    label: str
    code: Secret
    next_code: Secret
    seconds_left: float
    warning: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A seed that was removed. ``restored``: the one that it had replaced is back."""

    profile: str
    serial: MfaSerial
    restored: bool


def device_of(context: Context, profile: str | None, serial: str = "") -> tuple[str, MfaSerial]:
    """The profile that is meant and the MFA serial that its seed is stored for. Raises ProfileProblem, UsageError."""
    aws = context.files.load()
    name = source_profile(aws, profile, context.env, context.settings.target_pattern)
    if serial:
        return name, checked_serial(serial, "--serial")
    return name, serial_of(understand(aws, name))


def import_seed(context: Context, profile: str, serial: MfaSerial, secret: Secret, control: Control) -> Imported:
    """Store a base32 secret or ``otpauth://`` address for a device. Nothing is stored unless it is usable.

    Raises UsageError (``seed-…``, ``otpauth-…``), KeyringProblem, WriteProblem, Cancelled.
    """
    imported = parse_secret(secret)
    replaced = context.seeds.store(serial.text, imported.seed, imported.label, control)
    now = context.clock.aws_now()
    return Imported(
        profile,
        serial,
        imported.label,
        code_at_step(imported.seed, step_at(now)),
        code_at_step(imported.seed, step_at(now) + 1),
        seconds_left(now),
        seed_warning(imported.seed),
        replaced=replaced,
    )


def remove_seed(context: Context, profile: str, serial: MfaSerial, control: Control) -> Removed:
    """Remove the seed of a device from the keyring. Raises UsageError (``no-seed``), KeyringProblem, Cancelled."""
    if serial.text not in context.seeds.serials():
        raise UsageError("no-seed", f"No secret is stored for {profile}.", f"Its MFA device is {serial.text}.")
    return Removed(profile, serial, context.seeds.remove(serial.text, control))
