"""Entries of Google Authenticator that AWS cannot use, and exports that are damaged."""

import base64
from urllib.parse import quote, unquote

import pytest

from mfa_tui.core.seeds.otp_entries import RefusedSeed
from mfa_tui.core.seeds.secret_input import read_secrets
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret
from tests.core.seeds.app_exports import KEY, account, migration


def refusals(uri: str) -> list[str]:
    return [one.refusal.why for one in read_secrets(Secret(uri)).entries if isinstance(one, RefusedSeed)]


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        (0, []),
        (1, []),
        (2, ["Its codes have 8 digits; AWS's have 6."]),
        (3, ["Its codes have other digits; AWS's have 6."]),
    ],
)
def test_digits(digits: int, why: list[str]) -> None:
    assert refusals(migration(account(KEY, digits=digits))) == why


@pytest.mark.parametrize(
    ("algorithm", "name"), [(0, ""), (1, ""), (2, "SHA256"), (3, "SHA512"), (4, "MD5"), (5, "UNKNOWN")]
)
def test_algorithms(algorithm: int, name: str) -> None:
    wanted = [f"Its algorithm is {name}; AWS devices use SHA1."] if name else []
    assert refusals(migration(account(KEY, algorithm=algorithm))) == wanted


@pytest.mark.parametrize("number", [b"\x80" * 9 + b"\x01", b"\x01"])
def test_numbers_of_up_to_ten_bytes_are_read(number: bytes) -> None:
    """A field that we do not know, of the type of numbers, comes before the account."""
    assert refusals(_with_field(number)) == []


@pytest.mark.parametrize("number", [b"\x80" * 10 + b"\x01", b"\x80" * 10])
def test_longer_numbers_are_damage(number: bytes) -> None:
    with pytest.raises(UsageError):
        refusals(_with_field(number))


def _with_field(number: bytes) -> str:
    before, _, data = migration(account(KEY)).partition("data=")
    content = base64.b64decode(unquote(data))
    return f"{before}data={quote(base64.b64encode(bytes([15 << 3]) + number + content).decode(), safe='')}"
