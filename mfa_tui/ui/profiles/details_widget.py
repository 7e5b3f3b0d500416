"""The details of the profile under the cursor, scrollable where they do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.reactive import reactive

from mfa_tui.ui.profiles import details_text as panes
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from mfa_tui.ui.profiles.details_text import ProfileDetails


class Details(VerticalScroll, can_focus=False):
    """Properties: ``pane``, what to show (nothing: None), and ``wide``, whether there is room for headings."""

    DEFAULT_CSS = """
    Details { scrollbar-size-vertical: 1; padding: 0 1; }
    """

    wide: reactive[bool] = reactive(default=False, init=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = Lines()
        self._pane: ProfileDetails | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def show(self, pane: ProfileDetails | None) -> None:
        """Show *pane*."""
        if pane is None or self._pane is None or pane.row.profile.name != self._pane.row.profile.name:
            self.scroll_home(animate=False)
        self._pane = pane
        self._draw()

    def watch_wide(self) -> None:
        """Lay the text out anew."""
        self._draw()

    def on_resize(self) -> None:
        """Lay the text out anew."""
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if width > 0:
            self._text.show(panes.lines(self._pane, width, wide=self.wide) if self._pane else [])
