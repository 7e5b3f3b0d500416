"""The demo's phone: it scans the QR code of every MFA device that is created, as a user with a phone would."""

import threading
from http import HTTPStatus

from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.demo.home import files
from mfa_tui.demo.home.profiles import PhoneEntry


class Phone:
    """Keeps the phone that the interface shows up to date. :meth:`watch` takes the requests of an embedded AWS."""

    def __init__(self, aws: StrictAws, home: str, entries: list[PhoneEntry]) -> None:
        self._aws = aws
        self._home = home
        self._entries = entries
        self._scanned: dict[str, PhoneEntry] = {}
        # Each request is on its own thread.
        self._lock = threading.Lock()

    def watch(self, request: LoggedRequest, when: str) -> None:
        """Put a device that was created on the phone before the program gets the answer; take a deleted one off."""
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
            files.write_phone(self._home, [*self._entries, *self._scanned.values()])
