"""MFA serials: what kind of device they name, and whether AWS's API can use it."""

from __future__ import annotations

import re

from mfa_tui.errors import UsageError

_PATTERN = re.compile(r"[A-Za-z0-9_+=/:,.@-]{9,256}\Z")
"""As the STS API reference has it for GetSessionToken's SerialNumber."""
_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):(?P<kind>[a-z0-9-]+)/(?P<name>.+)\Z")
_DEVICE = re.compile(r"arn:[^:]*:iam::[^:]*:(mfa|u2f|sms-mfa)/")
"""Resources of IAM that are MFA devices; people also paste their user's ARN."""

VIRTUAL = "virtual"
HARDWARE = "hardware"
FIDO = "fido"
SMS = "sms"
_KINDS = {VIRTUAL: "virtual", HARDWARE: "hardware token", FIDO: "FIDO key or passkey", SMS: "SMS"}


class MfaSerial:
    """A serial, taken apart. ``kind`` is one of VIRTUAL, HARDWARE, FIDO, SMS; account and partition may be empty."""

    __slots__ = ("account", "kind", "name", "partition", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        found = _ARN.match(text)
        self.partition = found["partition"] if found else ""
        self.account = found["account"] if found else ""
        self.name = found["name"].rsplit("/", 1)[-1] if found else text
        resource = found["kind"] if found else ""
        self.kind = {"u2f": FIDO, "sms-mfa": SMS, "mfa": VIRTUAL}.get(resource, HARDWARE)

    @property
    def usable(self) -> bool:
        """Whether GetSessionToken can take a code of it. FIDO devices and passkeys never give one."""
        return self.kind not in (FIDO, SMS)

    @property
    def kind_words(self) -> str:
        """What kind of device it is, for people."""
        return _KINDS[self.kind]

    def __repr__(self) -> str:
        return f"MfaSerial({self.text!r})"


def checked_serial(text: str, where: str) -> MfaSerial:
    """The serial in *text*, as it may be sent to AWS; *where* says in the error where it stands.

    Raises UsageError: ``serial-malformed``, ``serial-fido``, ``serial-sms``.
    """
    text = text.strip()
    if not _PATTERN.match(text) or (text.startswith("arn:") and not _DEVICE.match(text)):
        raise _refused("serial-not-a-device" if resource_of(text) else "serial-malformed", where, resource_of(text))
    serial = MfaSerial(text)
    if not serial.usable:
        raise _refused(f"serial-{serial.kind}", where)
    return serial


def resource_of(text: str) -> str:
    """What of IAM an ARN names that is no MFA device's: ``user``, say; empty if it names none. People paste those."""
    found = re.match(r"arn:[^:]*:iam::[^:]*:(user|role|group|policy|root|instance-profile)\b", text.strip())
    return found[1] if found else ""


def _refused(name: str, where: str, kind: str = "") -> UsageError:
    from mfa_tui.core.problems.catalogue import problem

    found = problem(name, where=where, kind=kind)
    return UsageError(found.code, found.what, found.why, found.remedy)
