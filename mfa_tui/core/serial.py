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
        raise UsageError(
            "serial-malformed",
            f"The MFA serial in {where} is not one.",
            "It is an ARN such as arn:aws:iam::123456789012:mfa/NAME, or the number on a hardware token.",
            "Look it up in the IAM console under your user's security credentials, and correct it.",
        )
    serial = MfaSerial(text)
    if serial.kind == FIDO:
        raise UsageError(
            "serial-fido",
            f"The MFA device in {where} is a FIDO key or passkey; it works in the browser only.",
            "AWS's API takes six-digit codes, which FIDO devices do not give.",
            "Name a virtual MFA device's serial. If there is none, assign an authenticator app in the console, or use "
            "aws login (AWS CLI 2.32+, takes passkeys).",
        )
    if serial.kind == SMS:
        raise UsageError(
            "serial-sms",
            f"The MFA device in {where} is an SMS one, which AWS has retired.",
            "",
            "Enable a virtual MFA device, and name its serial.",
        )
    return serial
