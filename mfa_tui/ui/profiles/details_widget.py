"""The details of the profile under the cursor; they scroll where they do not fit beside the list, or below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, VerticalScroll
from textual.reactive import reactive

from mfa_tui.ui.profiles import details_text
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from mfa_tui.ui.profiles.details import ProfileDetails


_LEAST_LIST = 6
"""Lines of the list that long details leave: the column titles, and five profiles."""
_LEAST_DETAILS = 5
_BORDER = 1


class Details(VerticalScroll, can_focus=False):
    """Shows the details of one profile, with headings if it is ``wide``."""

    DEFAULT_CSS = """
    Details {
        scrollbar-size: 0 1; scrollbar-gutter: stable; padding: 0 0 0 1;
        /* They are made for its width; while that changes, no longer ones may make it scroll. */
        Lines { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    wide: reactive[bool] = reactive(default=False, init=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = Lines()
        self._shown: ProfileDetails | None = None

    def compose(self) -> ComposeResult:
        """A single text."""
        yield self._text

    def show(self, details: ProfileDetails | None) -> None:
        """Show *details*; None shows nothing."""
        shown = self._shown
        if details is None or shown is None or details.row.profile.name != shown.row.profile.name:
            self.scroll_home(animate=False)
        self._shown = details
        self.set_class(details is not None and details_text.is_more(details), "-more")
        self._draw()

    def watch_wide(self) -> None:
        """Lay the text out again."""
        self._draw()

    def on_resize(self) -> None:
        """Lay the text out again."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.scrollable_content_region.size
        if width > 0:
            lines = details_text.lines(self._shown, width, wide=self.wide) if self._shown else []
            if len(lines) > height and self._shown is not None:
                # There is a scroll bar, which they should not touch.
                lines = details_text.lines(self._shown, width - 1, wide=self.wide)
            self._text.show(lines)


class Body(Container):
    """The list and the details, between the filter and the bottom line."""

    def __init__(self, details: Details, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._details = details

    def on_resize(self, event: events.Resize) -> None:
        """Limit the height of details that are below the list; longer ones scroll."""
        limited = None if self._details.wide else max(_LEAST_DETAILS, event.size.height - _LEAST_LIST - _BORDER)
        self._details.styles.max_height = limited
