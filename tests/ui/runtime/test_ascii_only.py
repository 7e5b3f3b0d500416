"""Terminals with ASCII only."""

import pytest
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.scrollbar import ScrollBarRender

from mfa_tui.ui.runtime.ascii_only import AsciiOnly
from mfa_tui.ui.runtime.palette import NothingDim
from mfa_tui.ui.text.big_digits import HEIGHT, WIDTH, big_code
from mfa_tui.ui.text.terminal import BLOCKS_KEPT
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson

GROUND = Color(0, 0, 0)


def test_signs_are_replaced_and_a_qr_code_is_not() -> None:
    qr = Segment("▀▄█", Style(meta={BLOCKS_KEPT: True}))
    control = Segment("…", None, [(1,)])  # type: ignore[list-item]
    drawn = [Segment("✓ 11 h"), Segment("é ▀", Style(bold=True)), qr, control, Segment("plain")]
    shown = AsciiOnly("utf-8").apply(drawn, GROUND)
    assert [segment.text for segment in shown] == ["+ 11 h", 'é "', "▀▄█", "…", "plain"]
    assert shown[1].style == Style(bold=True)
    assert [segment.text for segment in AsciiOnly("ascii").apply([Segment("é ✗")], GROUND)] == ["? x"]


@pytest.mark.parametrize(
    ("position", "shown"),
    [(0.0, "##      "), (0.3, "##      "), (0.5, "###     "), (0.7, " ##     "), (1.0, " ##     "), (6.0, "      ##")],
)
def test_a_scroll_bar_is_of_whole_cells(position: float, shown: str) -> None:
    """Parts of a cell looked like letters, and the console draws no light color as a background."""
    bar = ScrollBarRender.render_bar(8, 8.0 * 4, 2.0 * 4, position * 4, bar_color=RichColor.parse("bright_black"))
    drawn = AsciiOnly("ascii").apply(list(bar.segments), GROUND)
    assert "".join(segment.text for segment in drawn) == shown
    marks = [segment.style for segment in drawn if segment.text == "#"]
    assert {str(style.color.name) for style in marks if style and style.color and not style.reverse} == {"bright_black"}
    assert all(style is not None and style.meta == {"@mouse.down": "grab"} for style in marks)


def test_the_linux_console_dims_nothing() -> None:
    shown = NothingDim().apply([Segment("a", Style(dim=True, bold=True)), Segment("b"), Segment("c", Style())], GROUND)
    assert [(segment.text, str(segment.style or "")) for segment in shown] == [
        ("a", "bold not dim"), ("b", ""), ("c", ""),
    ]  # fmt: skip


def test_big_digits_are_as_large_as_those_of_blocks_and_differ() -> None:
    assert [len(line) for line in big_code("012345", ascii_only=True)] == [WIDTH] * HEIGHT
    digits = [tuple(row[:3] for row in big_code(f"{digit}00000", ascii_only=True)) for digit in "0123456789•"]
    assert len(set(digits)) == 11
    assert all("".join(rows).isascii() for rows in digits)


async def test_on_the_linux_console_all_is_ascii(home: Home, person: AddPerson) -> None:
    person("ana", seed=True)
    async with interface(home, TERM="linux") as driver:
        await driver.press("enter")
        await driver.idle("ana")
        await driver.sees("+ 11 h", "enter Log in")
        await driver.until(lambda: "|_|" in driver.screen or " _|" in driver.screen, "the code in big digits")
        assert not {one for one in driver.screen if not one.isascii()}, driver.screen
        await driver.press("comma")
        await driver.sees("enter Change")
        await driver.press("question_mark")
        await driver.sees("enter Change Change the setting", "up/down Scroll")
