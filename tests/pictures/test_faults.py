"""The faults that are looked for in each picture are found where they are."""

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical, VerticalScroll

from mfa_tui.ui.text.spans import Line, line
from mfa_tui.ui.widgets.styled import Lines
from tests.pictures.faults import faults

WIDTH, HEIGHT = 20, 6


class Shown(App[None]):
    """Lines in a box of a class, or in one that scrolls, with a style."""

    def __init__(self, box: type[Vertical | VerticalScroll], lines: list[Line], style: str, classes: str = "") -> None:
        super().__init__()
        self._box = box(Lines(), classes=classes)
        self._lines = lines
        self.stylesheet.add_source(style)

    def compose(self) -> ComposeResult:
        """The box alone."""
        yield self._box

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one(Lines).show(self._lines)


def lines(count: int, length: int) -> list[Line]:
    """As many lines of so many letters."""
    return [line("x" * length)] * count


SCROLLS, FRAME = "VerticalScroll { scrollbar-size-vertical: 1; }", ".dialog { border: solid red; padding: 0 1; }"


@pytest.mark.parametrize(
    ("box", "shown", "style", "classes", "fault"),
    [
        (VerticalScroll, lines(9, WIDTH - 1), SCROLLS, "", "touches the scroll bar"),
        (VerticalScroll, lines(9, WIDTH - 2), SCROLLS, "", ""),
        (Vertical, lines(3, WIDTH - 2), FRAME.replace("0 1", "0"), "dialog", "touches the frame"),
        (Vertical, lines(3, WIDTH - 4), FRAME, "dialog", ""),
        (Vertical, lines(9, 3), "", "", "cut: Lines(), 9 lines in 6"),
        (Vertical, lines(3, 3), "Lines { height: 2; }", "", "cut: Lines(), 3 lines in 2"),
        (Vertical, lines(9, 3), "Vertical { height: auto; }", "", "scrolls as a whole"),
    ],
)
async def test_a_fault_is_found(
    box: type[Vertical | VerticalScroll], shown: list[Line], style: str, classes: str, fault: str
) -> None:
    app = Shown(box, shown, style, classes)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        texts = [strip.text for strip in app.screen._compositor.render_strips()]
        found = faults([app.screen], texts)
        assert any(fault in one for one in found) if fault else not found, found
