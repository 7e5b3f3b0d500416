"""The user's input with secrets in any form: base32, ``otpauth://``, ``otpauth-migration://``, and apps' exports."""

from __future__ import annotations

from mfa_tui.core.seeds import google_export, otpauth
from mfa_tui.core.seeds.app_exports import parse_export
from mfa_tui.core.seeds.google_export import GoogleExport, parse_google_export
from mfa_tui.core.seeds.otp_entries import ImportedSeed, OtpEntry, SecretsFound, otp_entry
from mfa_tui.core.seeds.totp import AWS_SEED_CHARACTERS
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def read_secrets(text: Secret) -> SecretsFound:
    """The secrets in *text*: a base32 secret, addresses one per line, or the JSON export of an app.

    There is at least one entry, which may be one that cannot be used.
    Raises UsageError (``migration-…``, ``export-…``) if the whole cannot be read.
    """
    plain = text.reveal().removeprefix("\ufeff").strip()
    if plain.startswith(("{", "[")):
        return SecretsFound(_distinct(parse_export(plain)), [])
    lines = [line.strip() for line in plain.splitlines()]
    addresses = [line for line in lines if _is_address(line)]
    if not addresses:
        return SecretsFound([otp_entry(plain)], [])
    found = _of_addresses(addresses)
    if others := sum(1 for line in lines if line) - len(addresses):
        found.notices.append(f"Left out: {others} other line{'s' if others > 1 else ''} without an otpauth:// address.")
    return found


def secret_of_paste(lines: Sequence[str]) -> Secret:
    """The text of *lines* that :func:`read_secrets` is to read, if they were pasted where one secret is asked for.

    Of addresses and exports it is all. A secret that AWS made may be broken over lines; of any other it is the first
    line, since what follows would otherwise become a part of it.
    """
    text = "\n".join(lines)
    if text.lstrip().startswith(("{", "[")) or any(_is_address(line.strip()) for line in lines):
        return Secret(text)
    for end in range(1, len(lines) + 1):
        if len("".join("".join(lines[:end]).split())) == AWS_SEED_CHARACTERS:
            return Secret("".join(lines[:end]))
    return Secret(next(filter(str.strip, lines), ""))


def read_codes(texts: list[Secret]) -> SecretsFound:
    """The secrets in the QR codes of a picture. Raises as :func:`read_secrets`, and UsageError ``qr-foreign``."""
    addresses = [plain for plain in (text.reveal().strip() for text in texts) if _is_address(plain)]
    if addresses:
        return _of_addresses(addresses)
    bare = [entry for entry in (otp_entry(text.reveal()) for text in texts) if isinstance(entry, ImportedSeed)]
    if bare:
        return SecretsFound(_distinct([*bare]), [])
    raise UsageError(
        "qr-foreign",
        "The QR code in this picture holds no secret.",
        "It is neither an otpauth:// address nor a base32 secret.",
        "Show the QR code of the MFA device, or the export of your authenticator app.",
    )


def _is_address(line: str) -> bool:
    return line.lower().startswith((otpauth.SCHEME, google_export.SCHEME))


def _of_addresses(addresses: list[str]) -> SecretsFound:
    entries: list[OtpEntry] = []
    parts: list[GoogleExport] = []
    for address in addresses:
        if address.lower().startswith(google_export.SCHEME):
            parts.append(parse_google_export(address))
            entries += parts[-1].entries
        else:
            entries.append(otpauth.parse_uri(address))
    return SecretsFound(_distinct(entries), _missing(parts))


def _missing(parts: list[GoogleExport]) -> list[str]:
    """A notice for each export of which some QR codes are missing."""
    notices = []
    sizes = {part.batch: part.size for part in parts}
    for batch, size in sizes.items():
        given = sorted({part.index + 1 for part in parts if part.batch == batch})
        if len(given) < size:
            numbers = ", ".join(map(str, given))
            these = f"This is part {numbers}" if len(given) == 1 else f"These are parts {numbers}"
            notices.append(f"{these} of {size} of the export; its other QR codes hold more accounts.")
    return notices


def _distinct(entries: list[OtpEntry]) -> list[OtpEntry]:
    """The entries without repeated seeds."""
    seen: set[Secret] = set()
    distinct = []
    for entry in entries:
        if isinstance(entry, ImportedSeed):
            if entry.seed in seen:
                continue
            seen.add(entry.seed)
        distinct.append(entry)
    return distinct
