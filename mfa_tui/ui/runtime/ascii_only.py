"""The filter of all that is drawn on terminals that have no other characters than ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from mfa_tui.core.text.glyphs import in_ascii
from mfa_tui.ui.text.terminal import BLOCKS_KEPT

if TYPE_CHECKING:
    from textual.color import Color


class AsciiOnly(LineFilter):
    """Replaces our signs, frames and bars by ASCII of the same width, and what *encoding* lacks by question marks."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, as wide as they were."""
        return [Segment(self._plain(each.text), each.style) if _is_drawn(each) else each for each in segments]

    def _plain(self, text: str) -> str:
        return in_ascii(text).encode(self._encoding, "replace").decode(self._encoding)


def _is_drawn(segment: Segment) -> bool:
    """Whether it has what may have to be replaced."""
    if segment.control or segment.text.isascii():
        return False
    return segment.style is None or BLOCKS_KEPT not in segment.style.meta
