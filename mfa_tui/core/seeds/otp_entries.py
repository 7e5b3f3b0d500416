"""Entries with secrets in the user's input, and whether each can be used for an AWS MFA device."""

from __future__ import annotations

import re

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, parse_seed
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret

ALGORITHM = "SHA1"
"""The algorithm as google-authenticator's Key URI Format names it; AWS uses no other."""
_LONGEST_NAME = 80
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


class _Labeled:
    """An entry with the names that its source gives it."""

    __slots__ = ("account", "issuer")

    def __init__(self, issuer: str, account: str) -> None:
        self.issuer = issuer
        """The service, such as "AWS"; may be empty."""
        self.account = account
        """The user or account; may be empty."""

    @property
    def label(self) -> str:
        """``issuer: account``, without the parts that are unknown."""
        return ": ".join(filter(None, (self.issuer, self.account)))


class ImportedSeed(_Labeled):
    """A seed that can be stored: TOTP with SHA-1, six digits and steps of 30 seconds, as AWS devices use it."""

    __slots__ = ("seed",)

    def __init__(self, seed: Secret, issuer: str = "", account: str = "") -> None:
        super().__init__(issuer, account)
        self.seed = seed
        """The seed, in base32."""

    def __repr__(self) -> str:
        return f"ImportedSeed({self.seed!r}, label={self.label!r})"


class RefusedSeed(_Labeled):
    """An entry that cannot be used for an AWS MFA device."""

    __slots__ = ("refusal",)

    def __init__(self, refusal: UsageError, issuer: str = "", account: str = "") -> None:
        super().__init__(issuer, account)
        self.refusal = refusal
        """The error that says why."""

    def __repr__(self) -> str:
        return f"RefusedSeed({self.refusal.slug!r}, label={self.label!r})"


OtpEntry = ImportedSeed | RefusedSeed


class SecretsFound:
    """All entries that were found in an input."""

    __slots__ = ("entries", "notices")

    def __init__(self, entries: list[OtpEntry], notices: list[str]) -> None:
        self.entries = entries
        """The entries in the order of the input."""
        self.notices = notices
        """Remarks of one line each about parts that were left out or are missing."""

    def __repr__(self) -> str:
        return f"SecretsFound({self.entries!r}, {self.notices!r})"


def otp_entry(
    secret: str,
    *,
    issuer: str = "",
    account: str = "",
    kind: str = "totp",
    algorithm: str = ALGORITHM,
    digits: str = str(DIGITS),
    period: str = str(PERIOD),
) -> OtpEntry:
    """The entry for a secret as its source describes it: a seed that can be stored, or the reason why not.

    *digits* and *period* (seconds) are numbers as text; refusals have the slugs ``otpauth-…`` and ``seed-…``.
    """
    issuer, account = _name(issuer), _name(account)
    if issuer and account.startswith(issuer + ":"):
        # Labels are "issuer:account"; apps that store both separately may still repeat the issuer.
        account = account.removeprefix(issuer + ":").strip()
    try:
        _check_kind(kind.lower(), issuer)
        _check_numbers(algorithm, digits, period)
        return ImportedSeed(parse_seed(secret), issuer, account)
    except UsageError as refusal:
        return RefusedSeed(refusal, issuer, account)


def _check_kind(kind: str, issuer: str) -> None:
    if kind == "steam" or issuer.lower() == "steam":
        raise unusable_secret("otpauth-kind", "It is a Steam secret, whose codes are not digits.")
    if kind != "totp":
        shown = _name(kind)[:20] or "unknown"
        raise unusable_secret("otpauth-kind", f"It is of the kind {shown!r}; AWS uses time-based codes (totp).")


def _check_numbers(algorithm: str, digits: str, period: str) -> None:
    given = _name(algorithm)[:20].upper().replace("-", "").removeprefix("HMAC")
    if given != ALGORITHM:
        raise unusable_secret("otpauth-algorithm", f"Its algorithm is {given or 'empty'}; AWS devices use {ALGORITHM}.")
    if digits != str(DIGITS):
        raise unusable_secret(
            "otpauth-digits", f"Its codes have {_name(digits)[:20] or 'no'} digits; AWS's have {DIGITS}."
        )
    if period != str(PERIOD):
        raise unusable_secret(
            "otpauth-period", f"Its period is {_name(period)[:20] or 'empty'}; AWS devices use {PERIOD}."
        )


def unusable_secret(slug: str, why: str) -> UsageError:
    """The refusal of a secret that cannot generate codes for AWS."""
    return UsageError(
        slug,
        "This secret cannot be used for an AWS MFA device.",
        why,
        "Take the secret key or the QR code's otpauth://totp/ address that AWS showed for the device.",
    )


def _name(text: str) -> str:
    """*text* in one line that a terminal can show: without control and invisible characters."""
    return "".join(character for character in text if character.isprintable()).strip()[:_LONGEST_NAME]


def describe_seed(seed: ImportedSeed) -> list[str]:
    """A description of the seed for the user, in two lines that do not reveal it."""
    named = [f"{what} {name}" for what, name in (("issuer", seed.issuer), ("account", seed.account)) if name]
    count = len(seed.seed.reveal())
    return [
        ", ".join(named) if named else "no issuer, no account",
        f"time-based codes (TOTP): SHA-1, {DIGITS} digits, every {PERIOD} s; a secret of {count} characters",
    ]


def names_device(seed: ImportedSeed, serial: MfaSerial) -> bool:
    """Whether its name is that of the device: AWS's QR codes have ``NAME@ACCOUNT``, with the account's id or alias."""
    name, _, account = seed.account.rpartition("@")
    return bool(serial.account) and account == serial.account and name == serial.name


def other_device_name(seed: ImportedSeed, serial: MfaSerial) -> str:
    """The device in its name, as in AWS's QR codes, if it is another one in the serial's account; else empty."""
    name, _, account = seed.account.rpartition("@")
    return name if serial.account and account == serial.account and name != serial.name else ""


def other_account_id(seed: ImportedSeed, serial: MfaSerial) -> str:
    """The account id in its name, if it differs from the serial's; else empty."""
    accounts = _ACCOUNT.findall(seed.label)
    return accounts[0] if accounts and serial.account and serial.account not in accounts else ""
