"""Exports of authenticator apps, made by code that shares nothing with the code that reads them."""

import base64
import json
from urllib.parse import quote

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
OTHER = "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"

TOTP, HOTP = 2, 1


def varint(value: int) -> bytes:
    head = b""
    while value >= 128:
        head += bytes([value & 127 | 128])
        value >>= 7
    return head + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def chunk(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def account(
    seed: str, name: str = "ana", issuer: str = "AWS", *, algorithm: int = 1, digits: int = 1, kind: int = TOTP
) -> bytes:
    """One account of Google Authenticator's export."""
    secret = base64.b32decode(seed + "=" * (-len(seed) % 8))
    texts = chunk(1, secret) + chunk(2, name) + chunk(3, issuer)
    return texts + number(4, algorithm) + number(5, digits) + number(6, kind)


def migration(*accounts: bytes, size: int = 1, index: int = 0, batch: int = 7) -> str:
    """One QR code of Google Authenticator's export."""
    payload = b"".join(chunk(1, one) for one in accounts) + number(2, 1) + number(3, size)
    # Protobuf leaves zeros out.
    payload += (number(4, index) if index else b"") + number(5, batch)
    return "otpauth-migration://offline?data=" + quote(base64.b64encode(payload).decode(), safe="")


def aegis(*entries: dict[str, object]) -> str:
    """An unencrypted export of Aegis."""
    header = {"slots": None, "params": None}
    return json.dumps(
        {"version": 1, "header": header, "db": {"version": 3, "entries": entries, "groups": []}}, indent=4
    )


def aegis_entry(
    seed: str, name: str = "ana", issuer: str = "AWS", kind: str = "totp", **info: object
) -> dict[str, object]:
    about = {"secret": seed, "algo": "SHA1", "digits": 6, "period": 30} | info
    return {"type": kind, "uuid": "01234567-89ab-cdef-0123-456789abcdef", "name": name, "issuer": issuer, "info": about}


def twofas(*services: dict[str, object]) -> str:
    """An unencrypted export of 2FAS."""
    return json.dumps({"services": services, "groups": [], "schemaVersion": 4, "servicesEncrypted": None})


def twofas_service(seed: str, name: str = "AWS", **otp: object) -> dict[str, object]:
    about = {"account": "ana", "issuer": None, "digits": 6, "period": 30, "algorithm": "SHA1", "tokenType": "TOTP"}
    return {"name": name, "secret": seed, "otp": about | otp, "order": {"position": 0}}
