"""The widget for the details of the profile under the cursor; it scrolls where they do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.reactive import reactive

from mfa_tui.ui.profiles import details_text
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from mfa_tui.ui.profiles.details import ProfileDetails


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
        width = self.scrollable_content_region.width
        if width > 0:
            self._text.show(details_text.lines(self._shown, width, wide=self.wide) if self._shown else [])
