"""All MFA devices of a user: what each is, where its secret is, and which profiles use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import SERIAL_KEYS, text
from mfa_tui.core.profiles.kind import ROLES, USERS
from mfa_tui.core.profiles.profile import read_profile

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.services.devices.iam_user import IamUser


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A device of the user."""

    serial: MfaSerial
    """Its serial."""
    enabled_at: int
    """When it was enabled, in seconds since the epoch."""
    stored: bool
    """Whether no code needs to be typed: its secret is stored here, or the settings say where it is."""
    profiles: tuple[str, ...]
    """The user's profiles that log in with it."""
    current: bool
    """Whether the profile that was asked about logs in with it."""


def own_devices(user: IamUser) -> tuple[OwnDevice, ...]:
    """The devices of *user*, who was loaded; the current one first, then the oldest first."""
    stored = user.context.seeds.serials()
    named = user.serial.text if user.serial else ""
    profiles = _profiles_by_serial(user)
    found = [
        OwnDevice(
            device.serial,
            device.enabled_at,
            stored=device.serial.text in stored,
            profiles=tuple(profiles.get(device.serial.text, ())),
            current=device.serial.text == named,
        )
        for device in user.devices or ()
    ]
    return tuple(sorted(found, key=lambda device: (not device.current, device.enabled_at)))


def profiles_naming(user: IamUser, serial: str) -> tuple[str, ...]:
    """The profiles of *user* that log in with the device *serial*, in the order of the files."""
    return tuple(_profiles_by_serial(user).get(serial, ()))


def _profiles_by_serial(user: IamUser) -> dict[str, list[str]]:
    """The profiles of *user* by the device that each logs in with."""
    found: dict[str, list[str]] = {}
    for name in user.files.names:
        # A quick check first, because reading each of ten thousand profiles takes long.
        values = user.files.merged(name)
        if not any(text(values, key) for key in (*SERIAL_KEYS, "source_profile")):
            continue
        profile = read_profile(user.files, name)
        if profile.kind not in USERS and profile.kind not in ROLES:
            continue
        if profile.serial is not None and profile.has_user and user.owns(profile):
            found.setdefault(profile.serial.text, []).append(name)
    return found


def names_device(files: AwsConfig, name: str, serial: str) -> bool:
    """Whether the profile's own sections name the device."""
    values = files.merged(name)
    return serial in (text(values, key) for key in SERIAL_KEYS)
