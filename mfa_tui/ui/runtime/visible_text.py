"""The last filter of all text on the screen, whichever widget it comes from; see ``core.text.display``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.filter import LineFilter

from mfa_tui.core.text.display import MARK, is_clean, is_visible

if TYPE_CHECKING:
    from textual.color import Color


class VisibleOnly(LineFilter):
    """Replaces characters that would control the terminal by marks of the same width, so that columns stay in place."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, as wide as they were."""
        return [
            segment if segment.control or is_clean(segment.text) else Segment(_visible(segment.text), segment.style)
            for segment in segments
        ]


def _visible(text: str) -> str:
    return "".join(c if is_visible(c) else MARK * cell_len(c) for c in text)
