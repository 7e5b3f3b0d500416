"""Codes, by the known answers of RFC 4226 and RFC 6238, and messages about bad seeds and codes."""

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.seeds import totp
from mfa_tui.errors import UsageError
from mfa_tui.models import Secret

RFC_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_4226_D = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
RFC_6238_B = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226_D)))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert totp.code_at_step(totp.parse_seed(RFC_KEY), counter).reveal() == code


@pytest.mark.parametrize(("time", "eight_digits"), list(RFC_6238_B.items()))
def test_codes_are_those_of_rfc_6238(time: int, eight_digits: str) -> None:
    code = totp.code_at_step(totp.parse_seed(RFC_KEY), totp.step_at(time))
    assert code.reveal() == eight_digits[-6:]


SEEDS = st.text(totp._ALPHABET, min_size=23, max_size=totp.LONGEST_SEED).filter(
    lambda seed: len(seed) % 8 not in (1, 3, 6)
)
"""Every length of a seed, and in the last character bits that belong to no byte."""


@given(SEEDS, st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 2**30)))
def test_codes_are_those_of_pyotp(seed: str, step: int) -> None:
    assert totp.code_at_step(totp.parse_seed(seed), step).reveal() == pyotp.TOTP(seed).generate_otp(step)


@given(SEEDS, st.floats(0, 253402300799))
def test_a_code_of_a_moment_is_that_of_pyotp(seed: str, time: float) -> None:
    assert totp.code_at_step(Secret(seed), totp.step_at(time)).reveal() == pyotp.TOTP(seed).at(time)


def test_no_code_is_used_for_a_new_device_unless_pyotp_generates_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = Secret(RFC_KEY)
    assert [code.reveal() for code in totp.proven_codes(seed, 1)] == RFC_4226_D[1:3]
    monkeypatch.setattr(totp, "code_at_step", lambda _, step: Secret(f"{step:06d}"))
    with pytest.raises(RuntimeError, match="pyotp"):
        totp.proven_codes(seed, 1)


@pytest.mark.parametrize(
    "written",
    [
        RFC_KEY.lower(),
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ",
        "gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq\n",
        RFC_KEY + "====",
        "\tGEZDGNBVGY3TQOJQ\u00a0GEZDGNBVGY3TQOJQ ",
    ],
)
def test_a_seed_is_accepted_as_people_copy_it(written: str) -> None:
    assert totp.parse_seed(written).reveal() == RFC_KEY


@pytest.mark.parametrize(
    ("written", "slug", "word"),
    [
        ("", "seed-empty", "empty"),
        ("  ==", "seed-empty", "empty"),
        ("GEZDGNBV0Y3TQOJQGEZDGNBVGY3TQOJQ", "seed-alphabet", "Character 9 is '0'"),
        ("GEZDGNBV1Y3TQOJQGEZDGNBVGY3TQOJQ", "seed-alphabet", "I or L"),
        ("GEZDGNBV\x00Y3TQOJQ", "seed-alphabet", "cannot be shown"),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", "seed-length", "33 characters"),
        ("GEZDGNBVGY3TQOJQ", "seed-short", "80 bits"),
        ("A" * 21, "seed-short", "104 bits"),
        ("A" * 257, "seed-long", "more than 256"),
        ("A" * 264, "seed-long", "more than 256"),
    ],
)
def test_a_bad_seed_is_refused_with_what_is_wrong(written: str, slug: str, word: str) -> None:
    with pytest.raises(UsageError) as refusal:
        totp.parse_seed(written)
    assert refusal.value.slug == slug
    assert word in refusal.value.why
    assert len(refusal.value.lines()) <= 4


@pytest.mark.parametrize("characters", [23, 24, 64, 256])
def test_the_shortest_and_the_longest_seed(characters: int) -> None:
    assert len(totp.parse_seed("A" * characters).reveal()) == characters


def test_the_last_moment_of_a_step() -> None:
    assert (totp.step_at(29.9), totp.step_at(30), totp.step_start(2)) == (0, 1, 60)
    assert (totp.seconds_left(0), totp.seconds_left(29.5), totp.seconds_left(30)) == (30, 0.5, 30)


def test_an_aws_seed_without_a_character_gets_a_warning() -> None:
    whole = totp.parse_seed("A" * 64)
    cut = totp.parse_seed("A" * 63)
    assert totp.seed_warning(whole) == ""
    assert "63" in totp.seed_warning(cut)


@given(st.text())
def test_any_text_is_a_seed_or_refused(written: str) -> None:
    try:
        seed = totp.parse_seed(written)
    except UsageError:
        return
    assert len(totp.code_at_step(seed, 1).reveal()) == 6


@given(st.floats(min_value=0, max_value=4e9))
def test_steps_and_seconds_left_fit_together(time: float) -> None:
    step = totp.step_at(time)
    assert totp.step_start(step) <= time < totp.step_start(step + 1)
    assert 0 < totp.seconds_left(time) <= totp.PERIOD
    assert totp.step_start(step + 1) - time == pytest.approx(totp.seconds_left(time))


@pytest.mark.parametrize("typed", ["123456", " 123 456\n", "1 2 3 4 5 6", "123\u00a0456"])
def test_a_code_is_accepted_as_people_paste_it(typed: str) -> None:
    assert totp.checked_code(typed).reveal() == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345a", "１２３４５６", "-12345", "٠١٢٣٤٥"])
def test_malformed_codes_are_never_sent(typed: str) -> None:
    with pytest.raises(UsageError) as refusal:
        totp.checked_code(typed)
    assert refusal.value.slug == "code-malformed"
    assert not typed or typed not in " ".join(refusal.value.lines())


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("canary")
    assert "canary" not in f"{secret} {secret!r} {secret:>30} {[secret]} {{'a': {secret}}}"
    assert secret == Secret("canary") != Secret("other")
