"""MFA serials: which kind of device each one names, and whether AWS's API can use it."""

from __future__ import annotations

from mfa_tui.core.aws.iam_arn import iam_parts
from mfa_tui.errors import UsageError

# Patterns are compiled when they are needed: commands that show serials need none.
_PATTERN = r"[A-Za-z0-9_+=/:,.@-]{9,256}\Z"
"""The pattern of SerialNumber in GetSessionToken (STS API reference)."""
_DEVICE = r"arn:[^:]*:iam::[^:]*:(mfa|u2f|sms-mfa)/"
"""IAM resources that are MFA devices; people also paste their user's ARN."""

VIRTUAL = "virtual"
HARDWARE = "hardware"
FIDO = "fido"
SMS = "sms"
_USUAL_NAME = 200
"""The longest name of a device that is short enough for any rule, in characters."""
_RESOURCES = {"mfa": VIRTUAL, "u2f": FIDO, "sms-mfa": SMS}
_IN_RESOURCES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_KINDS = {VIRTUAL: "virtual", HARDWARE: "hardware token", FIDO: "FIDO key or passkey", SMS: "SMS"}


class MfaSerial:
    """The serial of an MFA device, taken apart."""

    __slots__ = ("account", "is_usual", "kind", "name", "partition", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        """The whole serial."""
        rest = text.removeprefix("arn:aws:iam::")
        account, _, name = rest.partition(":mfa/")
        # Nearly all are like this; the others are looked at more closely.
        usual = name.isalnum() and account.isdecimal() and len(account) == 12 and len(rest) < len(text)  # noqa: PLR2004 - digits
        partition, account, name, kind = ("aws", account, name, VIRTUAL) if usual else _parts_of_serial(text)
        self.partition = partition
        """The partition of the ARN; empty if the serial is not an ARN."""
        self.account = account
        """The account id of the ARN; empty if the serial is not an ARN."""
        self.name = name
        """The device's name without its path, or the whole serial if it is not an ARN."""
        self.kind = kind
        """One of VIRTUAL, HARDWARE, FIDO and SMS."""
        self.is_usual = usual and len(name) <= _USUAL_NAME and text.isascii()
        """Whether it is certainly a good one of a virtual device. If this is False, nothing is known."""

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


def _parts_of_serial(text: str) -> tuple[str, str, str, str]:
    """The partition, the account, the name and the kind of the device with a serial, see :class:`MfaSerial`."""
    if found := iam_parts(text):
        partition, account, resource = found
        kind, _, name = resource.partition("/")
        if name and "\n" not in name and (kind in _RESOURCES or (kind and _IN_RESOURCES.issuperset(kind))):
            return partition, account, name.rpartition("/")[2], _RESOURCES.get(kind, HARDWARE)
    return "", "", text, HARDWARE


def checked_serial(text: str, where: str) -> MfaSerial:
    """The serial in *text*, checked so that it can be sent to AWS. *where* names the place of the text in errors.

    Raises UsageError: ``serial-malformed``, ``serial-fido``, ``serial-sms``.
    """
    text = text.strip()
    serial = MfaSerial(text)
    if serial.is_usual:
        return serial
    import re

    if not re.match(_PATTERN, text) or (text.startswith("arn:") and not re.match(_DEVICE, text)):
        raise _refused("serial-not-a-device" if resource_of(text) else "serial-malformed", where, resource_of(text))
    if not serial.usable:
        raise _refused(f"serial-{serial.kind}", where)
    return serial


def resource_of(text: str) -> str:
    """The kind of IAM resource, ``user`` for example, that an ARN names in place of an MFA device; empty if none."""
    import re

    found = re.match(r"arn:[^:]*:iam::[^:]*:(user|role|group|policy|root|instance-profile)\b", text.strip())
    return found[1] if found else ""


def _refused(name: str, where: str, kind: str = "") -> UsageError:
    from mfa_tui.core.problems.catalogue import problem

    return problem(name, where=where, kind=kind).as_error(UsageError)
