"""The filter of all that is drawn on terminals that have no other characters than ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from mfa_tui.core.text.glyphs import in_ascii
from mfa_tui.ui.text.terminal import BLOCKS_KEPT

if TYPE_CHECKING:
    from textual.color import Color


_MEANT_FOR = "@mouse.down"
_THUMB = "grab"
"""What Textual marks the part of a scroll bar with that moves."""
_EIGHTHS = {block: number for blocks in (" ▁▂▃▄▅▆▇█", " ▏▎▍▌▋▊▉█") for number, block in enumerate(blocks)}
"""How much of its cell a block fills, from below or from the left."""
_AS_TEXT = Style(reverse=False)


class AsciiOnly(LineFilter):
    """Replaces our signs, frames and bars by ASCII of the same width, and what *encoding* lacks by question marks."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, as wide as they were."""
        return [self._replaced(each) for each in segments]

    def _replaced(self, segment: Segment) -> Segment:
        if _is_thumb(segment):
            return _whole_cells(segment)
        return Segment(self._plain(segment.text), segment.style) if _is_drawn(segment) else segment

    def _plain(self, text: str) -> str:
        return in_ascii(text).encode(self._encoding, "replace").decode(self._encoding)


def _is_drawn(segment: Segment) -> bool:
    """Whether it has what may have to be replaced."""
    if segment.control or segment.text.isascii():
        return False
    return segment.style is None or BLOCKS_KEPT not in segment.style.meta


def _is_thumb(segment: Segment) -> bool:
    """Whether it is of the part of a scroll bar that moves; asks for what is slow to read last."""
    text, style = segment.text, segment.style
    return bool(style) and text[:1] in _EIGHTHS and style is not None and style.meta.get(_MEANT_FOR) == _THUMB


def _whole_cells(segment: Segment) -> Segment:
    """Signs in place of parts of cells, and of backgrounds: the Linux console has no light ones."""
    style = segment.style or Style.null()
    filled = _EIGHTHS[segment.text[0]]
    if style.reverse:
        filled = _EIGHTHS["█"] - filled
    sign = "#" if filled >= _EIGHTHS["▄"] else " "
    return Segment(sign * len(segment.text), style + _AS_TEXT)
