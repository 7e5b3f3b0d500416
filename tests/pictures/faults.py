"""What is wrong with the look of a screen, whatever it shows."""

from collections.abc import Iterator

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from mfa_tui.ui.widgets.styled import Lines


def faults(screens: list[Screen[object]], texts: list[str]) -> list[str]:
    """The faults of the top one of *screens*, which shows *texts*; and of those below it, that they scroll."""
    top = screens[-1]
    scrolling = [f"{type(one).__name__} scrolls as a whole" for one in screens if one.show_vertical_scrollbar]
    return [*scrolling, *_touched(top, texts), *_cut(top)]


def _touched(screen: Screen[object], texts: list[str]) -> Iterator[str]:
    """Texts that touch a scroll bar, or the frame of a dialog."""
    for widget in screen.walk_children(Widget):
        if widget.show_vertical_scrollbar and widget.display:
            bar = widget.vertical_scrollbar.region
            yield from _beside(Region(bar.x - 1, bar.y, 1, bar.height), texts, f"the scroll bar of {widget!r}")
    for box in screen.query(".dialog"):
        inside = box.region.shrink((1, 1, 1, 1))
        for x in (inside.x, inside.right - 1):
            yield from _beside(Region(x, inside.y, 1, inside.height), texts, "the frame")


def _beside(free: Region, texts: list[str], what: str) -> Iterator[str]:
    for y in range(free.y, min(free.bottom, len(texts))):
        if texts[y][free.x : free.right].strip():
            yield f"touches {what}: {texts[y]}"


def _cut(screen: Screen[object]) -> Iterator[str]:
    """Texts whose end is not shown and cannot be scrolled to."""
    for widget, (region, clip) in screen._compositor.visible_widgets.items():
        if not isinstance(widget, Lines) or any(
            isinstance(above, Widget) and above.show_vertical_scrollbar for above in widget.ancestors_with_self
        ):
            continue
        wanted = Widget.get_content_height(widget, region.size, screen.size, widget.content_size.width)
        if widget._lines and (region.bottom > clip.bottom or wanted > widget.content_size.height):
            yield f"cut: {widget!r}, {wanted} lines in {region.intersection(clip).height}"
