"""Textual's compositor, made to draw only what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import Compositor
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.strip import Strip


class LineCompositor(Compositor):
    """Draws those lines that have changed, of the widgets that are seen where they have.

    Textual's own draws all lines of each widget that is near to one of them, also of those behind others. A container
    is mostly behind what it contains.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        left = [crop if crop is not None else self.size.region]
        # From front to back. Widgets are opaque: none shows what is behind it.
        for widget, (region, clip) in self.visible_widgets.items():
            part = region.intersection(clip)
            seen = [each for each in map(part.intersection, left) if each]
            if not seen:
                continue
            top, bottom = min(each.y for each in seen), max(each.bottom for each in seen)
            lines = Region(part.x, top, part.width, bottom - top)
            yield region, lines, widget.render_lines(lines.translate(-region.offset))
            left = [rest for each in left for rest in _without(each, part)]
            if not left:
                return


def _without(region: Region, part: Region) -> Iterator[Region]:
    """What is left of *region*, as rectangles."""
    hole = region.intersection(part)
    if not hole:
        yield region
        return
    above = Region(region.x, region.y, region.width, hole.y - region.y)
    below = Region(region.x, hole.bottom, region.width, region.bottom - hole.bottom)
    before = Region(region.x, hole.y, hole.x - region.x, hole.height)
    after = Region(hole.right, hole.y, region.right - hole.right, hole.height)
    yield from filter(None, (above, below, before, after))
