"""The MFA devices of a user as the device screen shows them, without the screen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.aws.mfa_serial import FIDO, HARDWARE, SMS, VIRTUAL
from mfa_tui.core.text.display import format_account
from mfa_tui.services.devices.refusals import LIMIT
from mfa_tui.ui.commands.device_commands import DeviceSituation
from mfa_tui.ui.text.cells import GUTTER, cells_of, fitting_columns, titles_of
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, top_line, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.devices.list_devices import OwnDevice

_KINDS = {VIRTUAL: "virtual", HARDWARE: "token", FIDO: "FIDO key", SMS: "SMS"}
_COLUMNS = {"TYPE": 8, "SINCE": 10, "SECRET": 9, "PROFILES": 8}
_SPARE = ("SINCE", "PROFILES", "TYPE")
"""Columns that narrow terminals leave out, in this order."""
_LONGEST_NAME = 26
_PLACES = {"keyring": "here", "vault": "here", "command": "command", "code-command": "command", "yubikey": "YubiKey"}


class UserDevices(NamedTuple):
    """A user's MFA devices, as AWS listed them."""

    user: IamUser
    """The IAM user."""
    devices: tuple[OwnDevice, ...]
    """Its devices."""
    begun: str
    """The name of a device whose enrollment is unfinished; empty if there is none."""
    wants_session: bool
    """Whether changes need a session with MFA first; see ``IamUser.needs_session``."""
    removing: tuple[MfaSerial, ...]
    """The devices whose removal is unfinished."""


class DeviceList:
    """The devices of *profile*'s user; with a cursor on one of them."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.loaded: UserDevices | None = None
        """None until AWS has answered."""
        self.cursor = 0
        """The index of the device under the cursor."""

    @property
    def devices(self) -> tuple[OwnDevice, ...]:
        """The devices; none until AWS has answered."""
        return self.loaded.devices if self.loaded else ()

    @property
    def current(self) -> OwnDevice | None:
        """The device under the cursor."""
        return self.devices[self.cursor] if self.devices else None

    def take(self, loaded: UserDevices) -> None:
        """Show the devices just loaded. The cursor stays on its device, if that is still there."""
        before = self.current.serial.text if self.current else ""
        self.loaded = loaded
        serials = [device.serial.text for device in loaded.devices]
        self.cursor = serials.index(before) if before in serials else 0

    def point(self, index: int) -> None:
        """Put the cursor on a device."""
        self.cursor = max(0, min(len(self.devices) - 1, index))

    def situation(self, places: Mapping[str, str], *, kept: bool, running: bool) -> DeviceSituation:
        """What the commands depend on; *places* says where secrets are, by serial; *kept*: whether any is stored."""
        device = self.current
        return DeviceSituation(
            devices=len(self.devices),
            device=device,
            place=places.get(device.serial.text, "") if device else "",
            kept=kept,
            running=running,
            wants_session=self.loaded is not None and self.loaded.wants_session,
        )

    # What it shows.

    def title(self, width: int) -> Line:
        """The top line."""
        whom, right = [], ""
        if self.loaded is not None:
            identity = self.loaded.user.identity
            whom = [identity.user, format_account(identity.account)]
            right = f"{len(self.devices)} of {LIMIT} devices" if self.loaded.user.devices is not None else ""
        return top_line(f"MFA devices of {self.profile}", whom, right, width)

    def table(self, places: Mapping[str, str], width: int) -> list[list[Line]]:
        """The column titles, and a line for each device."""
        longest = max((len(device.serial.name) for device in self.devices), default=0)
        name = max(12, min(_LONGEST_NAME, longest))
        columns = fitting_columns({"DEVICE": name, **_COLUMNS}, width - GUTTER, _SPARE)
        rows = []
        for index, device in enumerate(self.devices):
            at_cursor = index == self.cursor
            usable = device.serial.usable
            secret = _PLACES.get(places.get(device.serial.text, ""), "not here") if usable else "no codes"
            tone = (Tone.STRONG if at_cursor else Tone.PLAIN) if usable else Tone.DIM
            cells = {
                "DEVICE": Span(device.serial.name, tone),
                "TYPE": Span(_KINDS[device.serial.kind], Tone.DIM),
                "SINCE": Span(time.strftime("%Y-%m-%d", time.localtime(device.enabled_at)), Tone.DIM),
                "SECRET": Span(secret, Tone.GOOD if device.stored and usable else Tone.DIM),
                "PROFILES": Span(", ".join(device.profiles) or "–", tone),
            }
            marks = Span(" ›" if at_cursor else "  ", Tone.KEY), Span("● " if device.current else "  ", Tone.KEY)
            rows.append([line(*marks, *cells_of(cells, columns))])
        return [[line(*titles_of(columns, Tone.DIM))], *rows]

    def about(self, places: Mapping[str, str], keys: Mapping[str, str], width: int) -> list[Line]:
        """Details of the device under the cursor, or why there is none."""
        lines: list[Line] = []
        if self.loaded is not None and self.loaded.begun:
            told = f"The enrollment of {self.loaded.begun} is unfinished. Press {keys['device-enroll']} to continue it."
            lines += [*wrapped(told, width, Tone.WARN, first=Span("! ", Tone.WARN)), EMPTY]
        for serial in self.loaded.removing if self.loaded is not None else ():
            told = f"The removal of {serial.name} is unfinished. Press {keys['device-reload']} to finish it."
            lines += [*wrapped(told, width, Tone.WARN, first=Span("! ", Tone.WARN)), EMPTY]
        user = self.loaded.user if self.loaded else None
        named = user.serial if user is not None and user.devices else None
        if user is not None and named is not None and not user.has(named.text):
            told = (
                f"{self.profile} names {named.text}, which is not one of these. "
                "Press ^d in the code dialog to choose another."
            )
            lines += [*wrapped(told, width, Tone.WARN, first=Span("! ", Tone.WARN)), EMPTY]
        if self.current is not None:
            return lines + _about(self.current, self.profile, places.get(self.current.serial.text, ""), width)
        return lines

    def nothing(self, keys: Mapping[str, str], width: int) -> list[Line]:
        """What is shown in place of the table while there are no devices."""
        if self.loaded is None or self.devices:
            return []
        user = self.loaded.user
        if user.devices is None:
            lines = wrapped(f"AWS does not let {user.identity.user} list MFA devices.", width, Tone.STRONG)
            if self.loaded.wants_session:
                text = "logs in with MFA; then AWS may allow it."
                lines += [EMPTY, *wrapped(text, width, first=Span(f"{keys['device-log-in']} ", Tone.KEY))]
            text = "shows what an administrator can do."
            return [*lines, *wrapped(text, width, first=Span(f"{keys['device-trouble']} ", Tone.KEY))]
        lines = [line(Span(f"{user.identity.user} has no MFA device yet", Tone.STRONG))]
        if self.loaded.begun:
            # The details say so, and what to do.
            return lines
        text = "enrolls one. It takes less than a minute, and logs you in."
        return [*lines, EMPTY, *wrapped(text, width, first=Span(f"{keys['device-enroll']} ", Tone.KEY))]


def _about(device: OwnDevice, profile: str, place: str, width: int) -> list[Line]:
    serial = device.serial
    lines = wrapped(serial.text, width, Tone.DIM)
    if device.current:
        lines += wrapped(f"{profile} logs in with it", width, first=Span("● ", Tone.KEY))
    others = [name for name in device.profiles if name != profile]
    if others:
        also = "also used by" if device.current else "used by"
        lines += wrapped(f"{also} {', '.join(others)}", width, first=Span("  "))
    if not serial.usable:
        words = {
            FIDO: "A FIDO key or passkey, which works in the browser only. AWS's API needs 6-digit codes, which "
            "it cannot generate.",
            SMS: "An SMS device, which AWS no longer supports.",
        }
        return [*lines, *wrapped(words[serial.kind], width, Tone.WARN, first=Span("! ", Tone.WARN))]
    words = {
        "keyring": "Its secret is in this machine's keyring, so you type no codes.",
        "vault": "Its secret is in the vault, so you type no codes once the vault is open.",
        "command": "Its secret comes from the command in your settings, so you type no codes.",
        "code-command": "Its codes come from the command in your settings.",
        "yubikey": "Its codes come from the YubiKey.",
        "": "Its secret is not stored here, so you type its codes.",
    }
    return [*lines, *wrapped(words[place], width, first=Span("  "))]
