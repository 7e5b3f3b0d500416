"""Textual's compositor, with less to do for a small change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import Compositor
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.strip import Strip


class LineCompositor(Compositor):
    """Draws those lines that have changed. Textual's own draws all lines of each widget that is near to one of them."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        lines = crop if crop is not None else self.size.region
        band = Region(0, lines.y, self.size.width, lines.height)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = clip.intersection(band)
            part = region.intersection(shown)
            if part:
                yield region, shown, widget.render_lines(part.translate(-region.offset))
