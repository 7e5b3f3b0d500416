"""Secrets that were found in what a user gave, and whether each can serve as an AWS MFA device."""

from __future__ import annotations

import re

from mfa_tui.core.seeds.totp import DIGITS, PERIOD, parse_seed
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.models import Secret

ALGORITHM = "SHA1"
"""As the Key URI Format of google-authenticator calls it; AWS knows no other."""
_LONGEST_NAME = 80
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


class _Labeled:
    """``issuer`` and ``account`` are what the source calls it; both may be empty."""

    __slots__ = ("account", "issuer")

    def __init__(self, issuer: str, account: str) -> None:
        self.issuer = issuer
        self.account = account

    @property
    def label(self) -> str:
        """``issuer: account``, as far as they are known."""
        return ": ".join(filter(None, (self.issuer, self.account)))


class ImportedSeed(_Labeled):
    """A seed that can be stored: TOTP with SHA-1, six digits and steps of 30 seconds, as AWS has it."""

    __slots__ = ("seed",)

    def __init__(self, seed: Secret, issuer: str = "", account: str = "") -> None:
        super().__init__(issuer, account)
        self.seed = seed

    def __repr__(self) -> str:
        return f"ImportedSeed({self.seed!r}, label={self.label!r})"


class RefusedSeed(_Labeled):
    """An entry that cannot serve; ``refusal`` says why."""

    __slots__ = ("refusal",)

    def __init__(self, refusal: UsageError, issuer: str = "", account: str = "") -> None:
        super().__init__(issuer, account)
        self.refusal = refusal

    def __repr__(self) -> str:
        return f"RefusedSeed({self.refusal.slug!r}, label={self.label!r})"


OtpEntry = ImportedSeed | RefusedSeed


class SecretsFound:
    """All that was found, in its order. ``notices``: one-line remarks about what was not."""

    __slots__ = ("entries", "notices")

    def __init__(self, entries: list[OtpEntry], notices: list[str]) -> None:
        self.entries = entries
        self.notices = notices

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
    """An entry as a source describes it: a seed to be stored, or why it cannot serve.

    *digits* and *period* (seconds) are numbers as text; refusals have the slugs ``otpauth-…`` and ``seed-…``.
    """
    issuer, account = _name(issuer), _name(account)
    if issuer and account.startswith(issuer + ":"):
        # Labels are «issuer:account»; apps that keep both apart may still repeat it.
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
    """The refusal of a secret that AWS's codes cannot be made with."""
    return UsageError(
        slug,
        "This secret cannot be used for an AWS MFA device.",
        why,
        "Take the secret key or the QR code's otpauth://totp/ address that AWS showed for the device.",
    )


def _name(text: str) -> str:
    """*text* in one line that a terminal can show: without control, invisible and direction-changing characters."""
    return "".join(character for character in text if character.isprintable()).strip()[:_LONGEST_NAME]


def describe_seed(seed: ImportedSeed) -> list[str]:
    """What it is, in lines for the user."""
    named = [f"{what} {name}" for what, name in (("issuer", seed.issuer), ("account", seed.account)) if name]
    count = len(seed.seed.reveal())
    return [
        ", ".join(named) if named else "no issuer, no account",
        f"time-based codes (TOTP): SHA-1, {DIGITS} digits, every {PERIOD} s; a secret of {count} characters",
    ]


def names_device(seed: ImportedSeed, serial: MfaSerial) -> bool:
    """Whether its name is that of the device: AWS's QR codes say ``NAME@ACCOUNT``, with the account's id or alias."""
    name, _, account = seed.account.rpartition("@")
    return bool(serial.account) and account == serial.account and name == serial.name


def other_device_name(seed: ImportedSeed, serial: MfaSerial) -> str:
    """The device that its name says, as AWS's QR codes do, if it is another of the serial's account; else empty."""
    name, _, account = seed.account.rpartition("@")
    return name if serial.account and account == serial.account and name != serial.name else ""


def other_account_id(seed: ImportedSeed, serial: MfaSerial) -> str:
    """The account id in its name, if that is another than the serial's; else empty."""
    accounts = _ACCOUNT.findall(seed.label)
    return accounts[0] if accounts and serial.account and serial.account not in accounts else ""
