"""All MFA devices of a user: what each is, where its seed is, and who uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import SERIAL_KEYS, text
from mfa_tui.core.profiles.profile import ROLES, USERS, read_profile

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.services.devices.iam_user import IamUser


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A device of the user.

    ``enabled_at`` is in seconds since the epoch; ``stored``: its seed is here, or where the settings say, so no code
    need be typed; ``profiles`` are those of this user that go by it; ``current``: it is the one of the profile that was
    asked about.
    """

    serial: MfaSerial
    enabled_at: int
    stored: bool
    profiles: tuple[str, ...]
    current: bool


def own_devices(user: IamUser) -> tuple[OwnDevice, ...]:
    """The devices of *user*, who was looked at, as AWS lists them; the current one first, then by age."""
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
    origin = user.profile.credential_id
    found: dict[str, list[str]] = {}
    for name in user.aws.names:
        # Looked at first, because understanding each of ten thousand profiles takes long.
        values = user.aws.merged(name)
        if not any(text(values, key) for key in (*SERIAL_KEYS, "source_profile")):
            continue
        profile = read_profile(user.aws, name)
        if profile.kind not in USERS and profile.kind not in ROLES:
            continue
        if profile.serial is not None and profile.has_user and profile.credential_id == origin:
            found.setdefault(profile.serial.text, []).append(name)
    return found


def names_itself(aws: AwsConfig, name: str, serial: str) -> bool:
    """Whether the profile's own sections name the device."""
    values = aws.merged(name)
    return serial in (text(values, key) for key in SERIAL_KEYS)
