"""What was done last, on the main screen."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.history.entry import Entry, Result
from mfa_tui.ui.history import recent_lines
from mfa_tui.ui.text.spans import Tone, plain_text

NOON = datetime(2026, 11, 29, 12, 0).astimezone().timestamp()


def entry(ago: float, profile: str, text: str, result: str = Result.DONE, action: str = "login") -> Entry:
    return Entry(int(NOON - ago), profile, action, result, text)


def test_a_line_says_when_for_what_and_how_it_went() -> None:
    entries = [
        entry(60, "dev", "Logged in for 12 h; saved as dev-mfa."),
        entry(120, "prod-admin", "AWS refused the role.", Result.REFUSED),
        entry(86400, "", "", Result.CANCELLED, "device-backup"),
        entry(86400, "ops", "", "of a later version"),
    ]
    lines = recent_lines.lines(entries, NOON, 44, 9)
    assert [plain_text(line) for line in lines] == [
        # What does not fit goes clause by clause: half a word of the target helps nobody.
        "11:59  ✓ dev         Logged in for 12 h",
        "11:58  ✗ prod-admin  AWS refused the role",
        "28 Nov – " + " " * 12 + "backup of secrets",
        "28 Nov ? ops         login",
    ]
    assert [line[1].tone for line in lines] == [Tone.GOOD, Tone.BAD, Tone.DIM, Tone.WARN]
    # A failure stands out, in its words too.
    assert [line[-1].tone for line in lines] == [Tone.DIM, Tone.BAD, Tone.DIM, Tone.DIM]
    assert [plain_text(line) for line in recent_lines.lines(entries[2:3], NOON, 44, 9)] == [
        "28 Nov – backup of secrets"
    ]


entries_made = st.lists(st.tuples(st.text("abcé", max_size=30), st.text("abc. ", max_size=80)), max_size=6)


@given(entries_made, st.integers(32, 90))
def test_lines_stay_within_their_width(made: list[tuple[str, str]], width: int) -> None:
    lines = recent_lines.lines([entry(5, profile, text) for profile, text in made], NOON, width, 4)
    assert len(lines) == min(len(made), 4)
    assert all(len(plain_text(line)) <= width for line in lines)
