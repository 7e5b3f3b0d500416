"""Textual's compositor, with less to do for a small change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import Compositor
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.strip import Strip


class LineCompositor(Compositor):
    """Draws those lines that have changed, of the widgets that are seen where they have.

    Textual's own draws all lines of each widget that is near to one of them.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        changed = crop if crop is not None else self.size.region
        band = Region(0, changed.y, self.size.width, changed.height)
        # From front to back.
        for widget, (region, clip) in self.visible_widgets.items():
            shown = clip.intersection(band)
            part = region.intersection(shown)
            seen = part.intersection(changed)
            if not seen:
                continue
            yield region, shown, widget.render_lines(part.translate(-region.offset))
            if seen == changed:
                # Nothing behind it is seen.
                return
