"""The top line of screens: what it leaves out where there is little room."""

import pytest

from mfa_tui.ui.text.spans import Tone, plain_text, top_line

WHOM = ["ana", "1111-2222-3333"]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (50, "MFA devices of dev  ana · 1111-2222-3333    2 of 8"),
        (32, "MFA devices of dev  ana   2 of 8"),
        (30, "MFA devices of dev  a…  2 of 8"),
        (25, "MFA devices of dev 2 of 8"),
        (20, "MFA devices o 2 of 8"),
    ],
)
def test_the_most_important_stays(width: int, shown: str) -> None:
    assert plain_text(top_line("MFA devices of dev", WHOM, "2 of 8", width)) == shown


def test_what_is_shown_stands_out_from_whose_it_is() -> None:
    tones = [span.tone for span in top_line("MFA devices of dev", WHOM, "2 of 8", 80) if span.text.strip()]
    assert tones == [Tone.STRONG, Tone.DIM, Tone.DIM]
