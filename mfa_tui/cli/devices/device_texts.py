"""A device in ``device list``: a line, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.cli.terminal import time_format
from mfa_tui.core.sessions.expiry import format_utc

if TYPE_CHECKING:
    from mfa_tui.services.devices.list_devices import OwnDevice

_PLACES = {
    "keyring": "secret stored here",
    "vault": "secret in the vault",
    "command": "secret from seed_command",
    "code-command": "codes from code_command",
    "yubikey": "codes from the YubiKey",
    "": "secret not here",
}


def device_line(device: OwnDevice, place: str) -> str:
    """A device in a line; *place* says where its secret is (see ``SeedStore.where``)."""
    about = [device.serial.kind_words, f"since {time_format.day(device.enabled_at)}"]
    if device.serial.usable:
        about.append(_PLACES[place])
    if device.profiles:
        about.append(f"used by {', '.join(device.profiles)}")
    return f"{'*' if device.current else ' '} {device.serial.text}  {' · '.join(about)}"


def device_as_json(device: OwnDevice, place: str) -> dict[str, object]:
    """A device as ``device list --json`` has it; *place* says where its secret is."""
    return {
        "serial": device.serial.text,
        "name": device.serial.name,
        "kind": device.serial.kind,
        "usable": device.serial.usable,
        "enabled": format_utc(device.enabled_at),
        "seed_stored": device.stored,
        "seed_in": place or None,
        "profiles": list(device.profiles),
        "current": device.current,
    }
