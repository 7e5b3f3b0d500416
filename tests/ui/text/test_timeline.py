"""The timeline of valid sessions, and the top line that sums them up."""

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.services.listing.overview import ProfileRow
from mfa_tui.services.sessions.lookup import SessionState, State
from mfa_tui.ui.profiles import timeline
from mfa_tui.ui.state.live_sessions import LiveSession, live_sessions
from mfa_tui.ui.text.big_digits import HEIGHT, WIDTH, big_code
from mfa_tui.ui.text.spans import Tone, plain_text

NOW = 1_800_000_000.0
HOUR = 3600
AWS = AwsConfig(Document.parse(b"[profile dev]\n[profile ops]\n[profile old]\n", "config"), Document.parse(b"", "c"))
DEV = LiveSession("dev", NOW - HOUR, NOW + 11 * HOUR, ending=False)
OPS = LiveSession("ops", NOW - 2 * HOUR, NOW + 240, ending=True)


def row(name: str, state: str, expires: float, duration: int | None = None) -> ProfileRow:
    session = SessionState(state, int(expires), int(expires) - 900, duration)
    return ProfileRow(read_profile(AWS, name), f"{name}-mfa", session, has_seed=False)


def drawn(*sessions: LiveSession, width: int = 50, height: int = 8, current: str = "") -> list[str]:
    return [plain_text(line) for line in timeline.lines(sessions, NOW, width, height, title="TODAY", current=current)]


def test_valid_sessions_are_found_the_one_that_expires_first_before_the_others() -> None:
    rows = [
        row("dev", State.LIVE, NOW + 11 * HOUR, 12 * HOUR),
        row("ops", State.LIVE, NOW + 240, 3 * HOUR),
        row("old", State.LIVE, NOW - 1),
    ]
    found = live_sessions(rows, NOW)
    assert [(one.name, one.ending) for one in found] == [("ops", True), ("dev", False)]
    assert found[1].begins == NOW - HOUR
    # Of a session whose duration is not known, only the rest is drawn.
    assert live_sessions([row("dev", State.LIVE, NOW + HOUR)], NOW)[0].begins == NOW


def test_a_bar_shows_what_is_gone_and_what_is_left() -> None:
    hours, ops, dev = drawn(OPS, DEV, width=15 + 39 + 6)
    assert re.fullmatch(r"TODAY {10}(\d\d *)+", hours)
    assert re.fullmatch(r"dev {12} *─+━+ *\d\d:\d\d", dev)
    # A session that expires soon is marked by more than its color.
    assert re.search(r"─━+! +\d\d:\d\d$", ops)
    assert dev.index("━") == dev.index("─") + dev.count("─")
    assert dev.count("━") > 3 * dev.count("─")


@given(st.floats(0, 24), st.floats(0, 40), st.integers(30, 120))
@example(0, 24 * 365, 40)
def test_the_hours_stand_at_even_distances(age: float, left: float, width: int) -> None:
    (hours, *_) = drawn(LiveSession("dev", NOW - age * HOUR, NOW + left * HOUR, ending=False), width=width)
    at = [label.start() for label in re.finditer(r"\b\d\d\b", hours)]
    assert len({after - before for before, after in itertools.pairwise(at)}) <= 1
    assert at


def test_the_profile_under_the_cursor_stands_out() -> None:
    (_, line) = timeline.lines([DEV], NOW, 50, 8, title="TODAY", current="dev")
    assert line[0].tone == Tone.STRONG
    assert timeline.lines([DEV], NOW, 50, 8, title="TODAY")[1][0].tone == Tone.PLAIN


def test_there_is_a_line_for_each_as_far_as_there_is_room() -> None:
    many = [LiveSession(f"p{number}", NOW, NOW + HOUR + number, ending=False) for number in range(20)]
    shown = drawn(*many, height=6)
    assert len(shown) == 6
    assert shown[-1] == "and 16 more"
    assert drawn() == ["TODAY", "No session is valid now."]


def test_without_room_for_bars_the_times_are_written() -> None:
    assert drawn(OPS, DEV, width=20) == ["TODAY", "ops            ! 4 m", "dev           ✓ 11 h"]


@given(
    st.lists(
        st.tuples(st.text("abcdé", max_size=20), st.floats(0, 40 * HOUR), st.floats(1, 36 * HOUR), st.booleans()),
        max_size=12,
    ),
    st.integers(10, 120),
    st.integers(2, 12),
)
def test_lines_stay_within_their_width(made: list[tuple[str, float, float, bool]], width: int, height: int) -> None:
    sessions = [LiveSession(name, NOW - age, NOW + left, ending) for name, age, left, ending in made]
    lines = [plain_text(line) for line in timeline.lines(sessions, NOW, width, height, title="TODAY")]
    assert len(lines) <= max(3, height)
    assert all(len(line) <= max(width, len("No session is valid now.")) for line in lines)


@pytest.mark.parametrize("code", ["012345", "678900", "••••••"])
def test_big_digits_have_one_size(code: str) -> None:
    assert [len(line) for line in big_code(code)] == [WIDTH] * HEIGHT


def test_each_big_digit_has_a_shape_of_its_own() -> None:
    digits = "0123456789"
    shapes = {digit: tuple(line[:3] for line in big_code(digit * 6)) for digit in digits}
    assert len(set(shapes.values())) == len(digits)
