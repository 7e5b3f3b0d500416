"""A list of which only the visible lines are drawn, so ten thousand rows are as quick as ten. Titles stay above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

MOVES = {
    "up,k": "move('move(-1)')",
    "down,j": "move('move(1)')",
    "pageup": "move('page(-1)')",
    "pagedown": "move('page(1)')",
    "home,g": "move('move(-1000000)')",
    "end,G": "move('move(1000000)')",
    "shift+down,ctrl+down": "scroll_details(1)",
    "shift+up,ctrl+up": "scroll_details(-1)",
}
"""Keys of a screen with such a list and details, with its actions: they move the cursor, or scroll the details."""


class LineList(ScrollView, can_focus=True):
    """A line for each row; the cursor is on one of them. The first line has the column titles."""

    DEFAULT_CSS = """
    LineList {
        background: $background;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        scrollbar-gutter: stable;
    }
    """
    PREFIX = ""
    """What the names of its component classes begin with."""
    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The index of the row that the cursor is on. Only the lines that it leaves and reaches are drawn again."""

    class Highlighted(Message):
        """The cursor is on another row now, or on none."""

        def can_replace(self, message: Message) -> bool:
            """Whether *message*, which is still waiting, makes this one needless: where the keys come in quickly."""
            return isinstance(message, LineList.Highlighted)

    class Chosen(Message):
        """The row under the cursor was double-clicked."""

    class TitleClicked(Message):
        """The line of titles was clicked."""

        def __init__(self, x: int) -> None:
            super().__init__()
            self.x = x
            """The column of the terminal, from the list's left edge."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def draw_titles(self, width: int) -> Strip:
        """The line of column titles, *width* cells wide."""
        raise NotImplementedError

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of a row."""
        raise NotImplementedError

    def first_with(self, index: int) -> int:
        """The first row that should be in sight with another: itself, unless there are titles right above it."""
        return index

    def render_line(self, y: int) -> Strip:
        """The column titles, which stay, and below them the rows."""
        width, index = self.scrollable_content_region.width, self.scroll_offset.y + y - 1
        if y and index >= self.count:
            return Strip.blank(width, self.part_style())
        strip = self.draw_row(index, self.row_width) if y else self.draw_titles(self.row_width)
        at_cursor = ("cursor",) if y and index == self.cursor else ()
        return strip.adjust_cell_length(width, self.part_style(*at_cursor))

    @property
    def row_width(self) -> int:
        """The cells that a row has: one stays free beside the scroll bar."""
        return max(0, self.scrollable_content_region.width - 1)

    def put_cursor(self, index: int) -> None:
        """Put the cursor on a row of a list that has changed, and draw it again."""
        self.virtual_size = Size(0, self.count + 1)
        self.set_reactive(LineList.cursor, max(0, min(self.count - 1, index)))
        self._reveal()
        self.refresh()

    def part_style(self, *names: str) -> Style:
        """The list's own style, with the styles of its parts over it."""
        if names[:1] == ("cursor",) and self.app.native_ansi_color:
            # Colors that the terminal defines may not be readable on each other.
            names = names[:1]
        return self.get_visual_style(*(self.PREFIX + name for name in names if name)).rich_style

    def watch_cursor(self, old: int, new: int) -> None:
        """Move the mark, and scroll if necessary."""
        self.refresh_lines(old + 1)
        self.refresh_lines(new + 1)
        self._reveal()
        self.post_message(self.Highlighted())

    def _reveal(self) -> None:
        if not self.size.height:
            # There is no layout yet; on_resize follows it.
            return
        visible = max(1, self.size.height - 1)
        top, first = self.scroll_offset.y, self.first_with(self.cursor)
        if self.cursor < top or (first < top and self.cursor < first + visible):
            self.scroll_to(y=first if self.cursor < first + visible else self.cursor, animate=False, force=True)
        elif self.cursor >= top + visible:
            self.scroll_to(y=self.cursor - visible + 1, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by a number of lines."""
        if self.count:
            self.cursor = max(0, min(self.count - 1, self.cursor + by))

    def action_page(self, pages: int) -> None:
        """Move the cursor by a number of screens."""
        self.action_move(pages * max(1, self.size.height - 2))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that is clicked; a double click chooses it."""
        if event.y < 1:
            self.post_message(self.TitleClicked(event.x))
            return
        index = self.scroll_offset.y + event.y - 1
        if index < self.count:
            self.cursor = index
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Chosen())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll three lines at once, without animation."""
        event.stop()
        self.scroll_to(y=self.scroll_offset.y + 3, animate=False)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll three lines at once, without animation."""
        event.stop()
        self.scroll_to(y=self.scroll_offset.y - 3, animate=False)
