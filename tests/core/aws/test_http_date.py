"""Dates of HTTP, against Python's own reader."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.aws.http_date import parse_date


@given(st.datetimes(timezones=st.just(UTC)))
def test_as_python_reads_them(moment: datetime) -> None:
    text = format_datetime(moment, usegmt=True)
    assert parse_date(text) == parsedate_to_datetime(text).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Sun, 31 Feb 2026 12:00:00 GMT",
        "Mon, 01 Jan 99999999999 00:00:00 GMT",
        "Sun, 29 Foo 2026 12:00:00 GMT",
    ],
)
def test_what_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_other_forms() -> None:
    assert parse_date("Sun, 29 Nov 2026 14:00:00 +0200") == parse_date("Sun, 29 Nov 2026 12:00:00 GMT") == 1795953600.0
