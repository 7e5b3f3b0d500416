"""What terminals with fewer colors show.

With 256, each color becomes the nearest entry of their palette: Rich would round some entries to others, and grays with
a touch of blue to navy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color

_LEVELS = (0, 95, 135, 175, 215, 255)
"""Of red, green and blue in the entries 16 to 231, a cube."""
_FIRST_GRAY, _GRAYS = 232, 24
"""The last entries are grays: 8, 18, …, 238."""


def nearest_entry(red: int, green: int, blue: int) -> int:
    """The number of the palette's entry that is nearest to a color, one of the cube or of the grays.

    The first 16 entries are not used: users choose them.
    """
    wanted = (red, green, blue)
    levels = [min(range(6), key=lambda at, part=part: abs(_LEVELS[at] - part)) for part in wanted]  # type: ignore[misc]
    gray = max(0, min(_GRAYS - 1, round((sum(wanted) / 3 - 8) / 10)))
    of_cube = _distance(wanted, [_LEVELS[at] for at in levels])
    if _distance(wanted, [8 + 10 * gray] * 3) < of_cube:
        return _FIRST_GRAY + gray
    return 16 + 36 * levels[0] + 6 * levels[1] + levels[2]


def _distance(one: tuple[int, ...], other: list[int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


class NearestEntries(LineFilter):
    """Replaces the colors of what is drawn by entries of the palette."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments in colors of the palette."""
        return [
            segment if segment.control or segment.style is None else Segment(segment.text, _of_palette(segment.style))
            for segment in segments
        ]


@lru_cache(4096)
def _of_palette(style: Style) -> Style:
    return style + Style(color=_entry(style.color), bgcolor=_entry(style.bgcolor))


def _entry(color: RichColor | None) -> RichColor | None:
    if color is None or color.triplet is None:
        return None
    return RichColor.from_ansi(nearest_entry(*color.triplet))


class WhiteOnBlack(LineFilter):
    """Draws white on black what has the terminal's default colors, where other colors are chosen to be read on black.

    xterm's own defaults are black on white.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments in explicit colors."""
        return [
            segment if segment.control else Segment(segment.text, _explicit(segment.style or Style.null()))
            for segment in segments
        ]


@lru_cache(4096)
def _explicit(style: Style) -> Style:
    front, back = style.color, style.bgcolor
    return style + Style(
        color=_WHITE if front is None or front.is_default else front,
        bgcolor=_BLACK if back is None or back.is_default else back,
    )


_BLACK, _WHITE = RichColor.from_ansi(0), RichColor.from_ansi(7)


class NothingDim(LineFilter):
    """Draws nothing dim: the Linux console draws that in a gray that is hard to read."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's signature
        """The segments, as bright as others."""
        return [
            segment
            if segment.style is None or not segment.style.dim
            else Segment(segment.text, _not_dim(segment.style))
            for segment in segments
        ]


@lru_cache(256)
def _not_dim(style: Style) -> Style:
    return style + Style(dim=False)
