"""MFA serials: which kind of device each one names, and whether AWS's API can use it."""

from __future__ import annotations

import re

from mfa_tui.errors import UsageError

_PATTERN = re.compile(r"[A-Za-z0-9_+=/:,.@-]{9,256}\Z")
"""The pattern of SerialNumber in GetSessionToken (STS API reference)."""
_ARN = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):(?P<kind>[a-z0-9-]+)/(?P<name>.+)\Z")
_DEVICE = re.compile(r"arn:[^:]*:iam::[^:]*:(mfa|u2f|sms-mfa)/")
"""IAM resources that are MFA devices; people also paste their user's ARN."""

VIRTUAL = "virtual"
HARDWARE = "hardware"
FIDO = "fido"
SMS = "sms"
_KINDS = {VIRTUAL: "virtual", HARDWARE: "hardware token", FIDO: "FIDO key or passkey", SMS: "SMS"}


class MfaSerial:
    """The serial of an MFA device, taken apart."""

    __slots__ = ("account", "kind", "name", "partition", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        """The whole serial."""
        found = _ARN.match(text)
        self.partition = found["partition"] if found else ""
        """The partition of the ARN; empty if the serial is not an ARN."""
        self.account = found["account"] if found else ""
        """The account id of the ARN; empty if the serial is not an ARN."""
        self.name = found["name"].rpartition("/")[2] if found else text
        """The device's name without its path, or the whole serial if it is not an ARN."""
        resource = found["kind"] if found else ""
        self.kind = {"u2f": FIDO, "sms-mfa": SMS, "mfa": VIRTUAL}.get(resource, HARDWARE)
        """One of VIRTUAL, HARDWARE, FIDO and SMS."""

    @property
    def usable(self) -> bool:
        """Whether GetSessionToken can take its codes. FIDO devices and passkeys generate none."""
        return self.kind not in (FIDO, SMS)

    @property
    def kind_words(self) -> str:
        """The kind of device in words."""
        return _KINDS[self.kind]

    def __repr__(self) -> str:
        return f"MfaSerial({self.text!r})"


def checked_serial(text: str, where: str) -> MfaSerial:
    """The serial in *text*, checked so that it can be sent to AWS. *where* names the place of the text in errors.

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
    """The kind of IAM resource, ``user`` for example, that an ARN names in place of an MFA device; empty if none."""
    found = re.match(r"arn:[^:]*:iam::[^:]*:(user|role|group|policy|root|instance-profile)\b", text.strip())
    return found[1] if found else ""


def _refused(name: str, where: str, kind: str = "") -> UsageError:
    from mfa_tui.core.problems.catalogue import problem

    return problem(name, where=where, kind=kind).as_error(UsageError)
