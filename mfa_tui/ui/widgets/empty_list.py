"""What stands in place of a list without rows: why it has none, and the next step. It scrolls where it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from mfa_tui.ui.widgets.styled import Lines, content

if TYPE_CHECKING:
    from textual import events

    from mfa_tui.ui.text.spans import Line


class EmptyList(ScrollView, can_focus=False):
    """Shows lines that are made for its width. A click on one is reported as by :class:`Lines`."""

    DEFAULT_CSS = """
    EmptyList { background: $background; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    def __init__(self) -> None:
        super().__init__(id="empty")
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """The lines; without any, it is not shown."""
        self.display = bool(lines)
        if lines != self._lines:
            self._lines = lines
            self.virtual_size = Size(0, len(lines))
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        width, at = self.scrollable_content_region.width, self.scroll_offset.y + y
        if at >= len(self._lines):
            return Strip.blank(width, self.visual_style.rich_style)
        [strip] = Visual.to_strips(self, content(self, [self._lines[at]]), width, 1, self.visual_style)
        return strip

    def action_move(self, by: int) -> None:
        """Scroll by a number of lines."""
        self.scroll_relative(y=by, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by a number of screens."""
        self.action_move(pages * max(1, self.scrollable_content_region.height - 1))

    def on_click(self, event: events.Click) -> None:
        """Report which line was clicked."""
        at = event.get_content_offset(self)
        if at is not None and (y := at.y + self.scroll_offset.y) < len(self._lines):
            self.post_message(Lines.Clicked(self._lines[y], at.x))
