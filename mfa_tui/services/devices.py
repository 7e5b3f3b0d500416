"""All MFA devices of a user: what each is, where its seed is, and who uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mfa_tui.core.awsconfig import text
from mfa_tui.core.profiles import ROLES, Kind, understand

if TYPE_CHECKING:
    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.core.serial import MfaSerial
    from mfa_tui.services.iamuser import IamUser


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A device of the user.

    ``enabled_at`` is in seconds since the epoch; ``stored``: its seed is here, so no code need be typed; ``profiles``
    are those of this user that go by it; ``current``: it is the one of the profile that was asked about.
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
    found = [
        OwnDevice(
            device.serial,
            device.enabled_at,
            stored=device.serial.text in stored,
            profiles=profiles_naming(user, device.serial.text),
            current=device.serial.text == named,
        )
        for device in user.devices or ()
    ]
    return tuple(sorted(found, key=lambda device: (not device.current, device.enabled_at)))


def profiles_naming(user: IamUser, serial: str) -> tuple[str, ...]:
    """The profiles of *user* that log in with the device *serial*, in the order of the files."""
    key_id = user.caller.keys.access_key_id
    found = []
    for name in user.aws.names:
        # Looked at first, because understanding each of ten thousand profiles takes long.
        if not names_itself(user.aws, name, serial) and not text(user.aws.merged(name), "source_profile"):
            continue
        profile = understand(user.aws, name)
        if profile.kind != Kind.ACCESS_KEYS and profile.kind not in ROLES:
            continue
        same_user = profile.keys is not None and profile.keys.access_key_id == key_id
        if same_user and profile.serial is not None and profile.serial.text == serial:
            found.append(name)
    return tuple(found)


def names_itself(aws: AwsConfig, name: str, serial: str) -> bool:
    """Whether the profile's own sections name the device."""
    values = aws.merged(name)
    return serial in (text(values, "mfa_serial"), text(values, "aws_mfa_device"))
