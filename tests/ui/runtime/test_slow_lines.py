"""How many bytes the interface writes for a key: over a slow line each of them is waited for."""

import contextlib
import sys

import pexpect
import pytest
from textual.geometry import Region
from textual.widget import Widget

from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.profiles.screen import MainScreen
from mfa_tui.ui.runtime.compositor import LineCompositor
from mfa_tui.ui.widgets.styled import Lines
from tests.support.homes.home import Home
from tests.support.interface.interface import ShiftedClock, interface
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.processes.terminals import sees
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson, Spawn

SIZE = (36, 120)
PROFILES = 300
PAUSE = 0.15
"""Seconds without output after which what a key does is drawn."""
MOVE, DIALOG = 2_000, 20_000
"""Bytes at most: for a key that moves the cursor, the details of the other profile included, and for a dialog."""


def keys_of(number: int) -> str:
    return f"aws_access_key_id = AKIA{number:016d}\naws_secret_access_key = {number:040d}\n"


@long
def test_what_is_written_for_a_key(home: Home, spawn: Spawn) -> None:
    serial = "arn:aws:iam::{}:mfa/phone"
    home.config.write_text(
        "".join(f"[profile p{at:03}]\nmfa_serial = {serial.format(10**11 + at)}\n" for at in range(PROFILES))
    )
    home.credentials.write_text("".join(f"[p{at:03}]\n{keys_of(at)}" for at in range(PROFILES)))
    home.credentials.chmod(0o600)
    child = spawn(f"exec {sys.executable} -m mfa_tui", SIZE)
    screen = child.logfile_read
    assert isinstance(screen, ReferenceTerminal)

    def rest() -> None:
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                child.read_nonblocking(65536, timeout=PAUSE)

    def written(keys: str, until: str) -> int:
        rest()
        before = screen.received
        child.send(keys)
        sees(child, until)
        rest()
        return screen.received - before

    sees(child, "Log in")
    counted = {
        "down": written("\x1b[B", "saves as p001-mfa"),
        "up": written("\x1b[A", "saves as p000-mfa"),
        "to the other end": written("G", "saves as p299-mfa"),
        "help": written("?", "h Troubleshoot"),
        "help closed": written("\x1b", "Log in"),
        "filter": written("/", "filter"),
        "a letter": written("2", "of 300"),
    }
    child.send("\x11")
    child.expect(pexpect.EOF)
    bounds = {"down": MOVE, "up": MOVE, "to the other end": 6_000, "filter": MOVE, "a letter": 6_000}
    assert {key: count for key, count in counted.items() if count > bounds.get(key, DIALOG)} == {}


def drawn_again(monkeypatch: pytest.MonkeyPatch, widget: type[Widget]) -> list[int]:
    """The heights of what widgets of this class draw again from now on; 1,000 is all that one shows."""
    heights: list[int] = []
    refresh = widget.refresh

    def noted(self: Widget, *regions: Region, **options: bool) -> Widget:
        heights.extend(region.height for region in regions)
        heights.extend([] if regions else [1000])
        return refresh(self, *regions, **options)

    monkeypatch.setattr(widget, "refresh", noted)
    return heights


async def test_a_move_of_the_cursor_draws_two_lines_of_the_list(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    person("ops")
    async with interface(home) as driver:
        lines = drawn_again(monkeypatch, ProfileList)
        await driver.press("down")
        assert driver.current == "ops"
        assert lines == [1, 1]


async def test_a_countdown_draws_its_own_line(home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.until(lambda: "━" in driver.screen, "the countdown")
        lines = drawn_again(monkeypatch, Lines)
        clock.shift += 2
        driver.main.heartbeat.beat()
        assert lines == [1]


async def test_the_first_frame_is_laid_out_for_the_terminal(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    frames: list[tuple[bool, bool]] = []
    drawn = MainScreen._first_frame

    def noted(self: MainScreen) -> None:
        frames.append((self.has_class("-wide"), self._details.wide))
        drawn(self)

    monkeypatch.setattr(MainScreen, "_first_frame", noted)
    async with interface(home):
        assert frames[0] == (True, True)


async def test_the_filters_of_lines_stay_the_same_so_that_what_they_made_is_kept(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, TERM="linux") as driver:
        filters = driver.app.get_line_filters()
        assert len(filters) > 1
        assert [one is again for one, again in zip(filters, driver.app.get_line_filters(), strict=True)] == [
            True for _ in filters
        ]


async def test_what_is_behind_other_widgets_is_not_drawn(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev")
    async with interface(home) as driver:
        compositor = driver.main._compositor
        whole = driver.main.size.region
        for crop in (None, Region(60, 3, 30, 12)):
            hidden: set[tuple[int, int]] = set()
            for region, clip, strips in compositor._get_renders(crop):
                drawn = region.intersection(clip)
                assert len(strips) == drawn.height
                for y in (drawn.y, drawn.bottom - 1):
                    assert not hidden.issuperset((x, y) for x in range(drawn.x, drawn.right))
                hidden.update((x, y) for y in drawn.line_range for x in range(drawn.x, drawn.right))
            assert hidden.issuperset(
                (x, y) for y in (crop or whole).line_range for x in range(*(crop or whole).column_span)
            )
        picture = compositor.render_strips()
        monkeypatch.delattr(LineCompositor, "_get_renders")
        assert compositor.render_strips() == picture


async def test_a_change_of_one_line_draws_that_line_only(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        compositor = driver.main._compositor
        everything = {(region, clip): strips for region, clip, strips in compositor._get_renders()}
        for y in (0, 4, 35):
            some = list(compositor._get_renders(Region(3, y, 5, 1)))
            assert {len(strips) for _, _, strips in some} == {1}
            in_front = next(
                strips[y - region.intersection(clip).y].text
                for (region, clip), strips in everything.items()
                if region.intersection(clip).contains_point((3, y))
            )
            # What is behind it is not drawn.
            assert [strips[0].text for _, _, strips in some] == [in_front]
