"""From tones to Textual's styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from mfa_tui.core.text.display import with_placeholders
from mfa_tui.ui.text.spans import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.ui.text.spans import Line

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
    """Shows lines. It redraws only when they differ, so it may be given the same ones every second."""

    DEFAULT_CSS = """
    Lines { width: 1fr; height: auto; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """The lines to show."""
        if lines != self._lines:
            taller = len(lines) != len(self._lines)
            self._lines = lines
            self.refresh(layout=taller)

    def render(self) -> Content:
        """The current lines."""
        return content(self, self._lines)
