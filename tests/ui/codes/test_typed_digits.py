"""Digits that belong to a code, and those that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.ui.codes.typed_digits import PAUSE, TypedDigits
from mfa_tui.ui.codes.typed_two_codes import TypedTwoCodes


def typed(text: str, *, codes: int = 1, gap: float = 0.001) -> TypedDigits:
    """What has come of a text that a terminal sends as keys, *gap* seconds apart."""
    digits = TypedDigits(codes)
    for place, character in enumerate(text):
        if character == "\n":
            digits.end_line(place * gap)
        else:
            digits.type(character, place * gap)
    return digits


@pytest.mark.parametrize("text", ["123456", "123 456", " 123-456", "12\t34 56 "])
def test_a_code_may_be_typed_as_apps_show_it(text: str) -> None:
    assert (typed(text).text, typed(text).problem) == ("123456", None)


@pytest.mark.parametrize(
    "text",
    [
        "JBSWY3DP234567EHPK3PXP",
        "234567JBSWY3DPEHPK3PXP",
        "otpauth://totp/ana?secret=JBSWY3DPEHPK3PXP&period=30&digits=6",
        "1234567",
        "1234 5678 9012",
        "１２３４５６",
        "call me at 555123\n123456",
    ],
)
def test_the_digits_of_other_text_are_no_code(text: str) -> None:
    assert typed(text).text == ""
    assert typed(text).problem is not None


@given(st.text("0123456789", max_size=9), st.characters(exclude_characters="0123456789 \t-\n"), st.text(max_size=40))
def test_what_holds_another_character_is_never_a_code(before: str, other: str, after: str) -> None:
    assert len(typed(before + other + after).text) == 0


def test_after_a_pause_a_digit_begins_a_code() -> None:
    digits = typed("A1B2", gap=0.0)
    digits.type("1", PAUSE)
    assert (digits.text, digits.problem) == ("1", None)
    # A clock that was put back counts as a pause.
    digits.type("x", 1.5)
    digits.type("7", 1.0)
    assert digits.text == "7"


def test_the_erasing_of_a_digit_begins_again_too() -> None:
    digits = typed("12a")
    digits.erase()
    digits.type("3", 0.004)
    assert (digits.text, digits.problem) == ("3", None)
    digits.type("a", 0.005)
    digits.clear()
    assert (digits.text, digits.problem) == ("", None)
    digits.type("4", 0.006)
    assert digits.text == "4"


def test_two_codes_have_twelve_digits() -> None:
    pair = TypedTwoCodes()
    for digit in "123456 654321":
        assert pair.type(digit, 0) is None
    assert pair.codes is not None
    assert [code.reveal() for code in pair.codes] == ["123456", "654321"]
    problem = pair.type("7", 0)
    assert problem is not None
    assert problem.why == "It has 7 digits."
    assert pair.codes is None


def test_a_pasted_code_is_added_as_far_as_there_is_room() -> None:
    digits = TypedDigits()
    digits.type("9", 0)
    digits.add("123456")
    assert digits.text == "912345"
