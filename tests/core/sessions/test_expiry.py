"""Durations, formats of expiries, and whether a session is still live."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.sessions import expiry
from mfa_tui.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("12h", 43_200), ("90m", 5_400), ("1h30m", 5_400), ("3600", 3_600), ("900s", 900), ("36 H", 129_600)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert expiry.parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "12x", "-1h", "1.5h", "1h 1h", "１２h"])
def test_malformed_durations_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        expiry.parse_duration(text)
    assert refusal.value.slug == "duration-malformed"


@pytest.mark.parametrize("text", ["899", "14m", "0", "37h", "129601", "999999h"])
def test_durations_that_aws_does_not_allow_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        expiry.parse_duration(text)
    assert refusal.value.slug == "duration-range"


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T11:55:42Z",
        "2026-11-24 11:55:42",  # aws-mfa: UTC, and it does not say so
        "2026-11-24T11:55:42+00:00",
        "2026-11-24T12:55:42+01:00",
    ],
)
def test_expiries_are_read_in_every_format(text: str) -> None:
    assert expiry.parse_expiry(text) == 1_795_521_342
    assert expiry.format_utc(1_795_521_342) == "2026-11-24T11:55:42Z"


@given(st.text())
def test_any_text_is_an_expiry_or_none(text: str) -> None:
    found = expiry.parse_expiry(text)
    assert found is None or isinstance(found, int)


@given(st.integers(min_value=0, max_value=4_000_000_000))
def test_an_expiry_survives_writing_and_reading(epoch: int) -> None:
    assert expiry.parse_expiry(expiry.format_utc(epoch)) == epoch
    assert expiry.format_utc(epoch) == datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "day",
    ["1970-01-01", "1972-02-29", "1999-12-31", "2000-02-28", "2000-02-29", "2000-03-01", "2024-02-29", "2025-02-28",
     "2100-02-28", "2100-03-01", "2399-12-31", "2400-02-29"],
)  # fmt: skip
def test_leap_days_and_the_ends_of_years(day: str) -> None:
    for time in ("00:00:00", "23:59:59"):
        moment = datetime.fromisoformat(f"{day}T{time}+00:00")
        assert expiry.format_utc(int(moment.timestamp())) == f"{day}T{time}Z"


@pytest.mark.parametrize(
    ("duration", "left", "live"),
    [(43_200, 901, True), (43_200, 900, False), (900, 226, True), (900, 225, False), (3_600, 901, True)],
)
def test_a_session_is_live_with_more_than_the_margin_left(duration: int, left: int, live: bool) -> None:
    assert expiry.is_live(1_000 + left, duration, 1_000) is live


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (19.9, "19 s"), (60, "1 m"), (899, "14 m"), (3_600, "1 h"), (40_800, "11 h 20 m"), (-5, "0 s")],
)
def test_durations_for_people(seconds: float, words: str) -> None:
    assert expiry.format_duration(seconds) == words


@pytest.mark.parametrize(("duration", "left"), [(43_200, 900), (1_200, 900), (1_199, 899), (900, 675)])
def test_when_a_session_is_renewed(duration: int, left: int) -> None:
    assert expiry.renewal_threshold(duration) == left
