"""Secrets as they come: a base32 string, or an ``otpauth://`` address as QR codes hold it.

The format is described in the Key URI Format of google-authenticator; AWS writes
``otpauth://totp/USER@ACCOUNT?secret=…``.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from mfa_tui.core.totp import DIGITS, PERIOD, normalised_seed
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.models import Secret

_WANTED = {"algorithm": "SHA1", "digits": str(DIGITS), "period": str(PERIOD)}


class ImportedSeed:
    """A seed to be stored, with the label that its source gave it (``issuer: account``, may be empty)."""

    __slots__ = ("label", "seed")

    def __init__(self, seed: Secret, label: str = "") -> None:
        self.seed = seed
        self.label = label

    def __repr__(self) -> str:
        return f"ImportedSeed({self.seed!r}, label={self.label!r})"


def parse_secret(text: Secret) -> ImportedSeed:
    """Read a base32 secret or an ``otpauth://`` address.

    Raises UsageError that says what else it was (slug ``otpauth-…``) or what is wrong (``seed-…``).
    """
    plain = text.reveal().strip()
    if plain.lower().startswith("otpauth-migration:"):
        raise _refused("otpauth-migration", "It is an export of Google Authenticator, which holds several secrets.")
    if plain.lower().startswith("otpauth:"):
        return _parse_uri(plain)
    return ImportedSeed(normalised_seed(plain))


def _parse_uri(uri: str) -> ImportedSeed:
    try:
        parts = urlsplit(uri)
        kind = (parts.hostname or "").lower()
    except ValueError:
        raise _refused("otpauth-malformed", "It is no otpauth:// address.") from None
    if kind != "totp":
        raise _refused(
            "otpauth-kind", f"It is of the kind {kind[:20] or 'unknown'!r}; AWS uses time-based codes (totp)."
        )
    fields = {key.lower(): value for key, value in parse_qsl(parts.query)}
    label = unquote(parts.path.lstrip("/"))
    if fields.get("encoder", "").lower() == "steam" or fields.get("issuer", "").lower() == "steam":
        raise _refused("otpauth-kind", "It is a Steam secret, whose codes are no digits.")
    for name, wanted in _WANTED.items():
        given = fields.get(name, wanted).upper().replace("-", "")
        if given != wanted:
            raise _refused(f"otpauth-{name}", f"Its {name} is {given[:20]}; AWS devices use {wanted}.")
    if "secret" not in fields:
        raise _refused("otpauth-secret", "It holds no secret=….")
    issuer = fields.get("issuer", "")
    if issuer and not label.startswith(issuer):
        label = f"{issuer}: {label}" if label else issuer
    return ImportedSeed(normalised_seed(fields["secret"]), "".join(c for c in label if c.isprintable())[:80])


def _refused(slug: str, why: str) -> UsageError:
    return UsageError(
        slug,
        "This secret cannot serve as an AWS MFA device.",
        why,
        "Take the secret key or the QR code's otpauth://totp/ address that AWS showed for the device.",
    )
