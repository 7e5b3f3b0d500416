"""The commands of the screen of MFA devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import SMS, VIRTUAL
from mfa_tui.services.devices.refusals import LIMIT
from mfa_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from mfa_tui.services.devices.list_devices import OwnDevice


class DeviceSituation(NamedTuple):
    """What the commands of the device screen depend on."""

    devices: int = 0
    """How many devices the user has."""
    device: OwnDevice | None = None
    """The device under the cursor."""
    place: str = ""
    """Where its secret is; see ``SeedStore.where``."""
    kept: bool = False
    """Whether any secrets are stored, of whatever device."""
    running: bool = False
    """Whether something is running."""
    wants_session: bool = False
    """Whether IAM needs a session with MFA to show or change devices."""


def _free(now: DeviceSituation) -> str:
    return "something is running" if now.running else ""


def _can_enroll(now: DeviceSituation) -> str:
    full = f"the user has {LIMIT} devices, the most that AWS allows" if now.devices >= LIMIT else ""
    return _free(now) or full


def _chosen(now: DeviceSituation) -> str:
    return _free(now) or ("" if now.device else "there is no device here")


def _has_codes(now: DeviceSituation) -> str:
    return _chosen(now) or ("" if now.device and now.device.serial.usable else "it does not generate codes")


def _is_virtual(now: DeviceSituation) -> str:
    other = "only virtual devices have a secret to import" if now.device and now.device.serial.kind != VIRTUAL else ""
    return _chosen(now) or other


def _can_export(now: DeviceSituation) -> str:
    why = {
        "": "its secret is not stored here",
        "yubikey": "its secret cannot be read from the YubiKey",
        "code-command": "a command provides only its codes",
    }
    return _chosen(now) or why.get(now.place, "")


def _can_back_up(now: DeviceSituation) -> str:
    return _free(now) or ("" if now.kept else "no secret is stored")


def _can_replace(now: DeviceSituation) -> str:
    return _can_enroll(now) or _chosen(now) or _not_sms(now)


def _not_sms(now: DeviceSituation) -> str:
    return "AWS has retired SMS devices" if now.device and now.device.serial.kind == SMS else ""


def _can_log_in(now: DeviceSituation) -> str:
    return _free(now) or ("" if now.wants_session else "there is a session already, or no device to get one with")


DEVICE_COMMANDS: tuple[Command[DeviceSituation], ...] = (
    Command("device-enroll", "New", "Enroll a new virtual MFA device, up to the first login with it.", _can_enroll),
    Command("device-import", "Import", "Store the device's secret on this machine.", _is_virtual),
    Command(
        "device-resync",
        "Resync",
        "Bring the device back in sync when AWS refuses correct codes.",
        _has_codes,
    ),
    Command(
        "device-replace",
        "Replace",
        "Enroll a new device, test it, and only then remove this one.",
        _can_replace,
    ),
    Command("device-remove", "Remove", "Remove the device from the user, and delete it.", _chosen),
    Command("device-export", "QR code", "Show the stored secret as a QR code, for another phone.", _can_export),
    Command(
        "device-backup",
        "Back up",
        "Write all stored secrets, of all users, to one encrypted file.",
        _can_back_up,
        in_footer=False,
    ),
    Command("device-restore", "Restore", "Store the secrets from a backup.", _free, in_footer=False),
    Command(
        "device-log-in",
        "Log in",
        "Log in with MFA. Without that, AWS may not list the devices.",
        _can_log_in,
        in_footer=False,
    ),
    Command("device-reload", "Reload", "Ask AWS for the devices again.", _free, in_footer=False, repaints=True),
    Command("device-trouble", "Troubleshoot", "What to do when a device is lost or a code is refused."),
    Command("device-help", "Help", "All keys, and why some do nothing now."),
    Command("device-back", "Back", "Stop what is running; if nothing is, go back to the profiles."),
)

SPARE = (
    "device-resync",
    "device-import",
    "device-export",
    "device-replace",
    "device-trouble",
    "device-remove",
    "device-enroll",
)
"""What the bottom line leaves out where there is little room, in this order."""

COMMAND_LINE = {
    "mfa-tui device enroll": ("device-enroll", "enroll a device"),
    "mfa-tui device import": ("device-import", "import the secret"),
    "mfa-tui device remove": ("device-remove", "remove the device"),
    "mfa-tui device list": ("device-reload", "list the devices again"),
    "try again": ("device-reload", "try again"),
}
"""Command lines that remedies name: for each, the id of this screen's command that does the same, and what it does."""
