"""Single secrets: a base32 string, or an ``otpauth://`` address as in QR codes.

The format is google-authenticator's Key URI Format; AWS writes ``otpauth://totp/USER@ACCOUNT?secret=…``.
:mod:`mfa_tui.core.seeds.secret_input` reads inputs with several secrets.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from mfa_tui.core.seeds.otp_entries import ALGORITHM, ImportedSeed, OtpEntry, RefusedSeed, otp_entry, unusable_secret
from mfa_tui.core.seeds.totp import DIGITS, PERIOD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

SCHEME = "otpauth:"


def parse_secret(text: Secret) -> ImportedSeed:
    """The seed in a base32 secret or an ``otpauth://`` address.

    Raises UsageError, which says what else the text is (slug ``otpauth-…``) or what is wrong (``seed-…``).
    """
    plain = text.reveal().strip()
    if plain.lower().startswith("otpauth-migration:"):
        raise unusable_secret(
            "otpauth-migration", "It is an export of Google Authenticator, which holds several secrets."
        )
    found = parse_uri(plain) if plain.lower().startswith(SCHEME) else otp_entry(plain)
    if isinstance(found, RefusedSeed):
        raise found.refusal
    return found


def parse_uri(uri: str) -> OtpEntry:
    """The entry in an ``otpauth://`` address."""
    try:
        parts = urlsplit(uri)
        kind = (parts.hostname or "").lower()
    except ValueError:
        return RefusedSeed(unusable_secret("otpauth-malformed", "It is not an otpauth:// address."))
    fields = {key.lower(): value for key, value in parse_qsl(parts.query, keep_blank_values=True)}
    label = unquote(parts.path.lstrip("/"))
    prefix, colon, account = label.partition(":")
    issuer = fields.get("issuer") or (prefix if colon else "")
    if fields.get("encoder", "").lower() == "steam":
        kind = "steam"
    if "secret" not in fields and kind == "totp":
        return RefusedSeed(unusable_secret("otpauth-secret", "It has no secret=…."))
    return otp_entry(
        fields.get("secret", ""),
        issuer=issuer,
        account=account if colon and prefix.strip() == issuer.strip() else label,
        kind=kind,
        algorithm=fields.get("algorithm", ALGORITHM),
        digits=fields.get("digits", str(DIGITS)),
        period=fields.get("period", str(PERIOD)),
    )
