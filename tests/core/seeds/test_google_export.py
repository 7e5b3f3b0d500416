"""The protobuf message in Google Authenticator's exports, field by field."""

import base64

import pytest

from mfa_tui.core.seeds.google_export import GoogleExport, parse_google_export
from mfa_tui.errors import UsageError
from tests.core.seeds.app_exports import KEY, account, chunk, migration, number, varint


def parsed(payload: bytes) -> GoogleExport:
    data = base64.b64encode(payload).decode().replace("+", "%2B")
    return parse_google_export(f"otpauth-migration://offline?data={data}")


def fixed(field: int, wire: int, size: int) -> bytes:
    return varint(field << 3 | wire) + b"\x01" * size


WHOLE = chunk(1, account(KEY)) + number(2, 1)


@pytest.mark.parametrize(
    "unknown",
    [fixed(9, 1, 8), fixed(9, 5, 4), number(9, 2**63), chunk(9, "text"), chunk(9, ""), number(200, 1)],
    ids=["64 bits", "32 bits", "long number", "text", "empty text", "large field number"],
)
def test_unknown_fields_are_skipped(unknown: bytes) -> None:
    for payload in (
        unknown + WHOLE,
        WHOLE + unknown,
        chunk(1, unknown + account(KEY)) + number(2, 1),
        chunk(1, account(KEY) + unknown) + number(2, 1),
    ):
        (entry,) = parsed(payload).entries
        assert (entry.issuer, entry.account) == ("AWS", "ana")
        assert getattr(entry, "seed", None) is not None


@pytest.mark.parametrize(
    "damaged",
    [
        fixed(9, 1, 7), fixed(9, 5, 3), varint(9 << 3 | 2) + b"\x02a", varint(9 << 3), varint(9 << 3) + b"\x80",
        number(0, 1), fixed(9, 3, 0), fixed(9, 4, 0), fixed(9, 6, 8), fixed(9, 7, 8),
        varint(9 << 3) + b"\x80" * 10 + b"\x00",
    ],
    ids=[
        "64 bits cut short", "32 bits cut short", "text cut short", "number missing", "number cut short",
        "field 0", "group start", "group end", "wire type 6", "wire type 7", "number of 11 bytes",
    ],
)  # fmt: skip
def test_a_damaged_message_is_refused(damaged: bytes) -> None:
    for payload in (WHOLE + damaged, chunk(1, account(KEY) + damaged) + number(2, 1)):
        with pytest.raises(UsageError) as refusal:
            parsed(payload)
        assert refusal.value.slug == "migration-damaged"


def test_a_number_may_take_ten_bytes() -> None:
    assert len(parsed(WHOLE + varint(9 << 3) + b"\x80" * 9 + b"\x00").entries) == 1


@pytest.mark.parametrize("payload", [b"", number(2, 1), chunk(1, account(KEY)), chunk(1, account(KEY)) + number(2, 0)])
def test_accounts_and_a_version_are_needed(payload: bytes) -> None:
    with pytest.raises(UsageError) as refusal:
        parsed(payload)
    assert refusal.value.slug == "migration-damaged"


@pytest.mark.parametrize(
    ("size", "index", "found"),
    [(3, 0, (3, 0)), (3, 2, (3, 2)), (3, 3, (1, 0)), (1000, 999, (1000, 999)), (1001, 0, (1, 0)), (0, 0, (1, 0))],
)
def test_which_part_of_an_export_it_is(size: int, index: int, found: tuple[int, int]) -> None:
    export = parse_google_export(migration(account(KEY), size=size, index=index, batch=5))
    assert (export.size, export.index, export.batch) == (*found, 5)
    assert repr(export).endswith(f"part {found[1] + 1} of {found[0]})")


def test_an_export_without_part_numbers_is_whole() -> None:
    export = parsed(WHOLE)
    assert (export.size, export.index, export.batch) == (1, 0, 0)
