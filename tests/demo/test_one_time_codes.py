"""The server's own TOTP, against the known answers of the RFCs."""

import base64

import pytest

from mfa_tui.demo.aws.accounts.one_time_codes import StepRecord, code_of, step_of

SEED = base64.b32encode(b"12345678901234567890").decode()


def test_rfc_4226_appendix_d() -> None:
    answers = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
    assert [code_of(SEED, counter) for counter in range(10)] == answers.split()


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, eight_digits: str) -> None:
    assert code_of(SEED, step_of(seconds)) == eight_digits[-6:]


def test_the_window_is_one_step_either_side() -> None:
    now = 1_000_000 * 30 + 17
    record = StepRecord()
    taken = [record.try_code(SEED, code_of(SEED, 1_000_000 + late), now) for late in (-2, -1, 0, 1, 2)]
    assert taken == [False, True, True, True, False]
    assert record.accepted == [999_999, 1_000_000, 1_000_001]
    assert record.attempted == [999_998, 999_999, 1_000_000, 1_000_001, 1_000_002]


def test_a_code_of_no_step_near_is_recorded_as_none() -> None:
    record = StepRecord()
    assert not record.try_code(SEED, code_of(SEED, 5), 1_000_000.0)
    assert record.attempted == [None]
