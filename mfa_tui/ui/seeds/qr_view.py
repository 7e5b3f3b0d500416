"""A QR code on the screen: black on white, whatever the theme, so that phones can read it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mfa_tui.ui.text.terminal import BLOCKS_KEPT

if TYPE_CHECKING:
    from textual.geometry import Size

    from mfa_tui.core.seeds.qr_drawing import QrCode

_DARK_ON_LIGHT = Style(color="#000000", bgcolor="#ffffff", meta={BLOCKS_KEPT: True})
_LIGHT_ON_DARK = Style(color="#ffffff", bgcolor="#000000")
_FULL, _EMPTY = "█", " "


def _kind(cell: str) -> str:
    """A key for cells that are drawn alike."""
    return cell if cell in (_FULL, _EMPTY) else "half"


class QrView(Widget):
    """Property: ``masked`` during a screenshot, which then shows a white square."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    QrView { width: auto; height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._code: QrCode | None = None
        self._lines: list[str] = []
        self.masked = False

    def show(self, code: QrCode | None) -> None:
        """Show *code*, or nothing."""
        if code is not self._code:
            self._code = code
            self._lines = code.lines() if code is not None else []
            self.refresh(layout=True)

    def mask(self, masked: bool) -> None:
        """Hide the code during a screenshot, or show it again."""
        self.masked = masked
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A row of cells. All dark or all light cells are drawn as background: fonts may leave gaps in blocks."""
        if y >= len(self._lines):
            return Strip.blank(self.size.width)
        cells = " " * len(self._lines[y]) if self.masked else self._lines[y]
        return Strip(
            [
                Segment(" " * len(run), _LIGHT_ON_DARK) if kind == _FULL else Segment(run, _DARK_ON_LIGHT)
                for kind, run in ((kind, "".join(run)) for kind, run in groupby(cells, key=_kind))
            ],
            len(cells),
        )

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's signature
        """As wide as the code."""
        return self._code.columns if self._code is not None else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As high as the code."""
        return len(self._lines)
