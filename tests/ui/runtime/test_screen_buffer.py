"""What is left out of what the interface writes: the terminal must show the same."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mfa_tui.ui.runtime.screen_buffer import ScreenBuffer, compact
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.runner.thoroughness import quick_cases

COLUMNS, ROWS = SIZE = (12, 3)
CUTS = (0, 5, 6, 12)
"""Where a line is cut, as Textual does where widgets begin and end."""
STYLES = ("", "1", "38;2;1;2;3", "1;38;2;1;2;3;48;2;4;5;6", "48;2;4;5;6", "7;31;48;5;9", "4;38;5;200;41", "2;97;100")


def styled(text: str, style: str) -> str:
    """A piece of text, as Textual writes it."""
    return f"\x1b[{style}m{text}\x1b[0m" if style else text


@st.composite
def pieces(draw: st.DrawFn, width: int) -> str:
    """Text of so many cells, in several styles."""
    parts = []
    while width:
        characters = ["a", "b", " ", "✓", "e\u0301", *(["漢"] if width > 1 else [])]
        text = draw(st.sampled_from(characters))
        room = 2 if text == "漢" else 1
        times = draw(st.integers(1, width // room))
        parts.append(styled(text * times, draw(st.sampled_from(STYLES))))
        width -= room * times
    return "".join(parts)


@st.composite
def frames(draw: st.DrawFn) -> str:
    """All lines, or the pieces of some between two cuts; then the place of the cursor."""
    cursor = f"\x1b[{draw(st.integers(1, ROWS))};{draw(st.integers(1, COLUMNS))}H"
    if draw(st.booleans()):
        widths = [end - begin for begin, end in pairwise(CUTS)]
        lines = [f"\x1b[{row};1H{''.join(draw(pieces(width)) for width in widths)}" for row in range(1, ROWS + 1)]
        return "\n".join(lines) + cursor
    parts = []
    for row in draw(st.lists(st.integers(1, ROWS), min_size=1, max_size=ROWS, unique=True)):
        for begin, end in pairwise(CUTS):
            if draw(st.booleans()):
                parts.append(f"\x1b[{row};{begin + 1}H{draw(pieces(end - begin))}")
        parts.append("\r\n")
    return f"\x1b[1;1H{''.join(parts)}{cursor}"


def whole(of: str, style: str = "38;2;1;2;3") -> str:
    """A frame with the same letter in every cell."""
    return "\n".join(f"\x1b[{row};1H{styled(of * COLUMNS, style)}" for row in range(1, ROWS + 1)) + "\x1b[1;1H"


def shown(*written: str) -> ReferenceTerminal:
    terminal = ReferenceTerminal()
    for data in written:
        terminal.show(data)
    return terminal


@given(st.lists(frames(), min_size=1, max_size=5))
def test_the_terminal_shows_the_same(drawn: list[str]) -> None:
    buffer = ScreenBuffer()
    written = [buffer.difference(data, SIZE) for data in drawn]
    expected, got = shown(*drawn), shown(*written)
    assert got.cells == expected.cells
    assert got.cursor == expected.cursor
    assert all(len(less) <= len(data) for less, data in zip(written, drawn, strict=True))


def test_what_is_shown_already_is_not_written_again() -> None:
    buffer = ScreenBuffer()
    assert buffer.difference(whole("x"), SIZE)
    assert buffer.difference(whole("x"), SIZE) == ""
    assert buffer.difference(f"{whole('x')}\x1b[2;3H", SIZE) == "\x1b[2;3H"


def test_one_cell_is_all_that_is_written_of_a_changed_line() -> None:
    buffer = ScreenBuffer()
    buffer.difference(whole("x"), SIZE)
    changed = whole("x").replace("xxxxx", "xxxxy", 1)
    assert buffer.difference(changed, SIZE) == "\x1b[1;5H\x1b[38;2;1;2;3my\x1b[0m\x1b[1;1H"


def forgotten(buffer: ScreenBuffer) -> None:
    buffer.forget()


def in_another_size(buffer: ScreenBuffer) -> None:
    buffer.difference(whole("x"), (COLUMNS, ROWS + 1))


def in_the_alternate_screen(buffer: ScreenBuffer) -> None:
    assert buffer.difference("\x1b[?1049h", SIZE) == "\x1b[?1049h"


def by_unknown_sequences(buffer: ScreenBuffer) -> None:
    unknown = "\x1b[1;1H\x1b[2Jx"
    assert buffer.difference(unknown, SIZE) == unknown


@quick_cases()
@pytest.mark.parametrize("drawn_over", [forgotten, in_another_size, in_the_alternate_screen, by_unknown_sequences])
def test_all_is_written_again_where_the_terminal_may_show_something_else(
    drawn_over: Callable[[ScreenBuffer], None],
) -> None:
    buffer = ScreenBuffer()
    first = buffer.difference(whole("x"), SIZE)
    drawn_over(buffer)
    assert buffer.difference(whole("x"), SIZE) == first


def test_what_is_no_picture_is_written_as_it_is() -> None:
    buffer = ScreenBuffer()
    buffer.difference(whole("x"), SIZE)
    for data in ("\a", "\x1b[?2026h", "\x1b]0;title\x07"):
        assert buffer.difference(data, SIZE) == data
    assert buffer.difference(whole("x"), SIZE) == ""


@given(frames())
@example("\x1b[1;1H\x1b[1;7H\x1b[1;38;2;1;2;3;48;2;4;5;6maaa\x1b[0m   \r\n\x1b[1;1H")
def test_compact_text_shows_the_same(frame: str) -> None:
    assert shown(compact(frame)).cells == shown(frame).cells
    assert len(compact(frame)) <= len(frame)
