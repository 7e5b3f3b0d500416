"""From tones to Textual's styles."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.visual import Visual
from textual.widget import Widget

from mfa_tui.core.text.display import with_placeholders
from mfa_tui.ui.text.spans import Tone, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.geometry import Size
    from textual.strip import Strip

    from mfa_tui.ui.text.spans import Line

INPUT_CSS = os.path.join(os.path.dirname(__file__), "input.tcss")
"""The style sheet of what is typed into, in dialogs and on pages. Apart, as the first frame has nothing of them."""
DIM, FAINT = "$dim", "$faint"
"""Less important text, and text that need not be read. A terminal's own colors cannot be mixed: it dims them."""
CURSOR = "bold on $cursor-row"
"""The row under the cursor."""
_ANSI = {DIM: "dim", FAINT: "dim", CURSOR: "ansi_black on ansi_cyan"}


STYLES = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.DIM: DIM,
    Tone.FAINT: FAINT,
    Tone.GOOD: "$success",
    Tone.WARN: "$warning",
    Tone.BAD: "$error",
    Tone.BUSY: "$primary",
    Tone.KEY: "$accent",
    Tone.CODE: "bold $foreground",
    Tone.LOUD: "bold reverse",
    Tone.PURPLE: "$secondary",
    Tone.ALARM: "bold reverse $error",
}


def style_for(widget: Widget, style: str) -> str:
    """*style*, or its replacement in a theme of the terminal's own colors."""
    return _ANSI.get(style, style) if widget.app.native_ansi_color else style


def content(widget: Widget, lines: Iterable[Line]) -> Content:
    """Lines as one content for *widget*."""
    return Content("\n").join(
        Content.assemble(*((with_placeholders(span.text), style_for(widget, STYLES[span.tone])) for span in of))
        for of in lines
    )


class Lines(Widget):
    """Shows lines. It draws only those that differ again, so it may be given the same ones every second."""

    DEFAULT_CSS = """
    Lines { width: 1fr; height: auto; }
    """

    class Clicked(Message):
        """A line was clicked."""

        def __init__(self, line: Line, cell: int) -> None:
            super().__init__()
            self.line = line
            """The line."""
            self.cell = cell
            """The cell of the line, from 0 on."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: list[Line] = []
        self._fitting: tuple[list[Line], int] | None = None

    def show(self, lines: list[Line]) -> None:
        """The lines to show."""
        before = self._lines
        if before == lines:
            return
        width, did_fit, as_many = self.size.width, self._fit(), len(lines) == len(before)
        self._lines = lines
        changed = [y for y, (new, old) in enumerate(zip(lines, before, strict=False)) if new != old]
        if not (as_many and did_fit and _fit((lines[y] for y in changed), width)):
            # Textual asks for the height again only if this number is another one. While it waits for a layout anyway,
            # as it does below something that was hidden, it does not count.
            self._layout_updates += not as_many
            self.refresh(layout=not as_many)
            return
        self._fitting = (lines, width)
        for y in changed:
            self.refresh(Region(0, y, width, 1))

    def _fit(self) -> bool:
        """Whether no line has to be broken, so that each is where its number says."""
        of, width = self._lines, self.size.width
        if self._fitting is not None and self._fitting[0] is of and self._fitting[1] == width:
            return True
        if _fit(of, width):
            self._fitting = (of, width)
            return True
        return False

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many as the lines take: none without lines, where Textual's own would take one."""
        return super().get_content_height(container, viewport, width) if self._lines else 0

    def content_of(self, y: int) -> Content:
        """One of the lines."""
        return content(self, [self._lines[y]])

    def render(self) -> Content:
        """The current lines."""
        return Content("\n").join(map(self.content_of, range(len(self._lines))))

    def render_line(self, y: int) -> Strip:
        """One of the lines; those that are still the same are not asked for."""
        width, selected = self.size.width, self.text_selection is not None
        if selected or y >= len(self._lines) or not self._fit():
            return super().render_line(y)
        [strip] = Visual.to_strips(self, self.content_of(y), width, 1, self.visual_style)
        return strip.apply_offsets(0, y)

    def on_click(self, event: events.Click) -> None:
        """Report which line was clicked."""
        at = event.get_content_offset(self)
        if at is not None and at.y < len(self._lines):
            self.post_message(self.Clicked(self._lines[at.y], at.x))


def _fit(lines: Iterable[Line], width: int) -> bool:
    return all(cell_len(plain_text(each)) <= width for each in lines)
