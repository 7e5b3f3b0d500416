"""The demo's phone: it scans the QR code of every MFA device that is made, as somebody with a phone at hand would."""

import threading
from http import HTTPStatus

from mfa_tui.demo.aws.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.demo.home import files
from mfa_tui.demo.home.profiles import PhoneEntry


class Phone:
    """Keeps the phone that the interface is told of up to date; :meth:`look` watches an embedded AWS."""

    def __init__(self, aws: StrictAws, home: str, entries: list[PhoneEntry]) -> None:
        self._aws = aws
        self._home = home
        self._entries = entries
        self._scanned: dict[str, PhoneEntry] = {}
        # Requests come on threads of their own.
        self._lock = threading.Lock()

    def look(self, request: LoggedRequest, when: str) -> None:
        """A device that was made is on the phone before the program hears of it; a deleted one is no longer."""
        serial = request.serial
        if when != "after" or request.status != HTTPStatus.OK or serial is None:
            return
        with self._lock:
            if request.action == "CreateVirtualMFADevice":
                name = serial.rpartition("/")[2]
                uri = f"otpauth://totp/{name}@{serial.split(':')[4]}?secret={self._aws.seed_of(serial)}&issuer=AWS"
                self._scanned[serial] = PhoneEntry(name, uri)
            elif request.action == "DeleteVirtualMFADevice":
                self._scanned.pop(serial, None)
            else:
                return
            files.tell(self._home, [*self._entries, *self._scanned.values()])
