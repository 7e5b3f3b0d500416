"""Roles in profiles: accepted as AWS would accept them, or refused with a reason."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.profiles.role import checked_role_duration, parse_role, session_name
from mfa_tui.errors import UsageError

ARN = "arn:aws:iam::444455556666:role/path/admin"
KEYS = ("role_arn", "role_session_name", "external_id", "duration_seconds")
VALUES = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"arn:aws[a-z-]{0,5}:iam::\d{12}:role/[\w+=,.@/-]{1,9}\n?", fullmatch=True),
    st.from_regex(r"[\w+=,.@:/ -]{0,6}", fullmatch=True),
    st.integers(-1, 50_000).map(str),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, VALUES)))
def test_any_values_make_a_role_or_an_error(values: dict[str, str | dict[str, str]]) -> None:
    """As the STS API reference has the parameters of AssumeRole."""
    try:
        role = parse_role("p", values)
    except ValueError as error:
        # It fits behind the profile's name.
        reject = str(error).startswith(tuple(f"{key} is " for key in KEYS))
        assert reject, error  # noqa: PT017 - either is right, for one value or another
        return
    assert re.fullmatch(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+", role.arn)
    assert re.fullmatch(r"([A-Za-z0-9_+=,.@-]{2,64})?", role.session_name)
    assert re.fullmatch(r"([A-Za-z0-9_+=,.@:/-]{2,1224})?", role.external_id)
    assert role.duration == 0 or 900 <= role.duration <= 43_200
    # These identify its sessions, in one line of a cache file.
    length = [] if role.duration in (0, 3600) else [str(role.duration)]
    assert role.identity.split(" ") == [role.arn, role.session_name, role.external_id, *length]
    assert len(role.identity.splitlines()) == 1


@given(st.text(max_size=80), st.text(min_size=1, max_size=80))
def test_any_session_name_is_valid(device: str, base: str) -> None:
    role = parse_role("p", {"role_arn": ARN})
    for serial in (None, MfaSerial(device), MfaSerial(f"arn:aws:iam::111122223333:mfa/{device}")):
        assert re.fullmatch(r"[A-Za-z0-9_+=,.@-]{2,64}", session_name(role, serial, base))


def test_the_session_name_identifies_the_user() -> None:
    role = parse_role("p", {"role_arn": ARN})
    assert session_name(role, MfaSerial("arn:aws:iam::111122223333:mfa/ana"), "dev") == "ana"
    assert session_name(role, MfaSerial("GAHT12345678"), "dev") == "mfa-tui-dev"
    assert session_name(role, None, "d ev") == "mfa-tui-d-ev"
    assert session_name(parse_role("p", {"role_arn": ARN, "role_session_name": "me"}), None, "dev") == "me"


@pytest.mark.parametrize(("text", "seconds"), [("", 0), ("900", 900), ("3600", 3600), ("43200", 43_200)])
def test_the_duration_in_a_profile(text: str, seconds: int) -> None:
    role = parse_role("p", {"role_arn": ARN, "duration_seconds": text})
    assert role.duration == seconds
    assert role.identity.endswith(f" {seconds}") is (seconds not in (0, 3600))


@pytest.mark.parametrize("text", ["0", "899", "43201", "-900", "1e3", "9000000", "１０００"])
def test_a_bad_duration_in_a_profile(text: str) -> None:
    with pytest.raises(ValueError, match="duration_seconds is not a number from 900 to 43200"):
        parse_role("p", {"role_arn": ARN, "duration_seconds": text})


@pytest.mark.parametrize(("seconds", "chained"), [(900, False), (43_200, False), (900, True), (3600, True)])
def test_durations_in_range(seconds: int, *, chained: bool) -> None:
    assert checked_role_duration(seconds, chained=chained) == seconds


def test_a_chained_role_has_one_hour() -> None:
    with pytest.raises(UsageError) as refusal:
        checked_role_duration(3601, chained=True)
    assert refusal.value.slug == "duration-chained"


@pytest.mark.parametrize("seconds", [899, 43_201])
@pytest.mark.parametrize("chained", [False, True])
def test_durations_out_of_range(seconds: int, *, chained: bool) -> None:
    with pytest.raises(UsageError, match="AWS does not allow"):
        checked_role_duration(seconds, chained=chained)
