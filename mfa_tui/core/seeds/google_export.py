"""Exports of Google Authenticator: ``otpauth-migration://offline?data=…``, base64 of a protobuf message.

Google has not published a schema; the fields are those that Aegis and others read
(``MigrationPayload``: 1 otp_parameters, 2 version, 3 batch_size, 4 batch_index, 5 batch_id;
``OtpParameters``: 1 secret, 2 name, 3 issuer, 4 algorithm, 5 digits, 6 type, 7 counter). The encoding is protobuf's:
https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import binascii
from base64 import b32encode, b64decode
from urllib.parse import parse_qsl, urlsplit

from mfa_tui.core.seeds.otp_entries import OtpEntry, otp_entry
from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "otpauth-migration:"

_ALGORITHMS = {0: "SHA1", 1: "SHA1", 2: "SHA256", 3: "SHA512", 4: "MD5"}
_DIGITS = {0: "6", 1: "6", 2: "8"}
_KINDS = {1: "hotp", 2: "totp"}
_URL_SAFE = str.maketrans("-_ ", "+/+")
"""Some encoders use the URL-safe alphabet (RFC 4648, section 5); and in a query, an unescaped + means a space."""


class GoogleExport:
    """One QR code of an export; large exports have several."""

    __slots__ = ("batch", "entries", "index", "size")

    def __init__(self, entries: list[OtpEntry], *, size: int, index: int, batch: int) -> None:
        self.entries = entries
        """The accounts in this QR code."""
        self.size = size
        """The number of QR codes in the export."""
        self.index = index
        """The number of this QR code, from 0."""
        self.batch = batch
        """A number that all QR codes of one export share."""

    def __repr__(self) -> str:
        return f"GoogleExport({self.entries!r}, part {self.index + 1} of {self.size})"


def parse_google_export(uri: str) -> GoogleExport:
    """The accounts of one ``otpauth-migration://`` address. Raises UsageError (``migration-damaged``)."""
    try:
        fields = dict(parse_qsl(urlsplit(uri).query, keep_blank_values=True))
        return _payload(_decoded(fields.get("data", "")))
    except ValueError:
        raise UsageError(
            "migration-damaged",
            "This Google Authenticator export is damaged.",
            "It is cut short, or part of it was changed.",
            "Export the accounts again, and read the whole QR code.",
        ) from None


def _decoded(data: str) -> bytes:
    text = data.translate(_URL_SAFE).rstrip("=")
    if not text:
        raise ValueError("no data")
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _payload(data: bytes) -> GoogleExport:
    entries: list[OtpEntry] = []
    numbers: dict[int, int] = {}
    for field, value in _fields(data):
        if isinstance(value, int):
            numbers[field] = value
        elif field == 1:
            entries.append(_account(value))
    if not entries or not numbers.get(2):
        # The version comes after the accounts: without it, the end is missing.
        raise ValueError("no accounts or no version")
    size, index = numbers.get(3, 1), numbers.get(4, 0)
    if not index < size <= _MOST_PARTS:
        size, index = 1, 0
    return GoogleExport(entries, size=size, index=index, batch=numbers.get(5, 0))


_MOST_PARTS = 1000
"""The largest number of QR codes that is believed; a larger one would only make a long list of missing parts."""


def _account(data: bytes) -> OtpEntry:
    numbers: dict[int, int] = {}
    texts: dict[int, bytes] = {}
    for field, value in _fields(data):
        if isinstance(value, int):
            numbers[field] = value
        else:
            texts[field] = value
    issuer = texts.get(3, b"").decode(errors="replace")
    name = texts.get(2, b"").decode(errors="replace")
    prefix, colon, rest = name.partition(":")
    if colon and not issuer:
        issuer, name = prefix, rest
    return otp_entry(
        b32encode(texts.get(1, b"")).decode(),
        issuer=issuer,
        account=name,
        kind=_KINDS.get(numbers.get(6, 0), "unknown"),
        algorithm=_ALGORITHMS.get(numbers.get(4, 0), "unknown"),
        digits=_DIGITS.get(numbers.get(5, 0), "other"),
        period=str(PERIOD),
    )


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message, each with its number and value. Raises ValueError if it is cut short or malformed."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        field, wire = tag >> 3, tag & 7
        if not field:
            raise ValueError("field 0")
        if wire == 0:
            number, at = _varint(data, at)
            yield field, number
            continue
        if wire == 2:  # noqa: PLR2004 - the encoding's number for LEN
            length, at = _varint(data, at)
        elif wire in (1, 5):  # I64, I32
            length = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if length > len(data) - at:
            raise ValueError("cut short")
        yield field, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:  # noqa: PLR2004 - the highest bit says whether more follows
            return value, at
    raise ValueError("cut short")
