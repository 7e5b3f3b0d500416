"""Unencrypted JSON exports of the authenticator apps Aegis and 2FAS.

Aegis documents its format (docs/vault.md in github.com/beemdevelopment/Aegis): ``db`` is an object with ``entries``,
or a string with the ciphertext. That of 2FAS has ``services``, each with ``name``, ``secret`` and ``otp``; an encrypted
one has ``servicesEncrypted`` instead (schemaVersion 1 to 4, as its open-source apps write them).
"""

from __future__ import annotations

import json

from mfa_tui.core.seeds.otp_entries import ALGORITHM, OtpEntry, otp_entry
from mfa_tui.core.seeds.totp import DIGITS, PERIOD
from mfa_tui.errors import UsageError

Json = dict[str, object]


def parse_export(text: str) -> list[OtpEntry]:
    """The entries of an export; at least one.

    Raises UsageError (``export-damaged``, ``export-unknown``, ``export-encrypted``, ``export-empty``).
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(
            "export-damaged",
            "This looks like an app's export (JSON), but cannot be read.",
            "It is cut short, or part of it was changed.",
            "Export the accounts again, and use the whole file.",
        ) from None
    if isinstance(document, dict):
        if isinstance(document.get("db"), str):
            raise _encrypted("Aegis", 'Settings, Import & Export, Export, without "Encrypt the vault"')
        if isinstance(entries := _object(document, "db").get("entries"), list):
            return [_of_aegis(entry) for entry in _objects(entries)]
        if document.get("servicesEncrypted"):
            raise _encrypted("2FAS", "Settings, 2FAS Backup, Export, without a password")
        if isinstance(services := document.get("services"), list):
            return [_of_2fas(service) for service in _objects(services)]
    raise UsageError(
        "export-unknown",
        "This is JSON, but not an export that mfa-tui can read.",
        "It reads those of Aegis and 2FAS, without encryption.",
        "Export as otpauth:// addresses if the app can, or show its QR code and use a picture of it: --image",
    )


def _of_aegis(entry: Json) -> OtpEntry:
    info = _object(entry, "info")
    return otp_entry(
        _text(info, "secret"),
        issuer=_text(entry, "issuer"),
        account=_text(entry, "name"),
        kind=_text(entry, "type"),
        algorithm=_text(info, "algo", ALGORITHM),
        digits=_text(info, "digits", str(DIGITS)),
        period=_text(info, "period", str(PERIOD)),
    )


def _of_2fas(service: Json) -> OtpEntry:
    otp = _object(service, "otp")
    return otp_entry(
        _text(service, "secret"),
        issuer=_text(otp, "issuer") or _text(service, "name"),
        account=_text(otp, "account") or _text(otp, "label"),
        kind=_text(otp, "tokenType", "totp"),
        algorithm=_text(otp, "algorithm", ALGORITHM),
        digits=_text(otp, "digits", str(DIGITS)),
        period=_text(otp, "period", str(PERIOD)),
    )


def _object(parent: Json, key: str) -> Json:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _objects(values: list[object]) -> list[Json]:
    """The entries; one that is not an object becomes an empty one, so that it is refused and not ignored."""
    if not values:
        raise UsageError(
            "export-empty", "This export contains no accounts.", "", "Export the accounts again, all of them."
        )
    return [value if isinstance(value, dict) else {} for value in values]


def _text(parent: Json, key: str, default: str = "") -> str:
    """A text or a number; *default* if it is missing or null, as apps leave out defaults."""
    value = parent.get(key)
    if value is None:
        return default
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _encrypted(app: str, way: str) -> UsageError:
    return UsageError(
        "export-encrypted",
        f"This export of {app} is encrypted.",
        "mfa-tui can only read unencrypted exports.",
        f"Export it again: {way}; delete the file afterwards.",
    )
