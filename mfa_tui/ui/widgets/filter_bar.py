"""The line above the list: the filter, and how many profiles it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from mfa_tui.ui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FilterBar(Horizontal):
    """The filter. Its sign stands out while there is a filter."""

    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        & > .hint { width: auto; padding: 0 1 0 0; margin: 0 0 0 2; color: $text-muted; }
        &.-on > .hint { color: $accent; text-style: bold; }
        & > .count { width: auto; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(
        self,
        key: str = "/",
        line: FilterLine | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """*key*, which is shown before *line*, is what moves the cursor into it."""
        super().__init__(id=id)
        self._key = key
        self.wanted = ""
        """The text of the filter, as of the last change that the screen has dealt with: the user may have typed on."""
        self.line = line or FilterLine()
        """Where the filter is typed."""
        self._count = Static("", classes="count", markup=False)
        self._text = ""

    def compose(self) -> ComposeResult:
        """Sign, line, count."""
        yield Static(self._key, classes="hint", markup=False)
        yield self.line
        yield self._count

    def clear(self) -> None:
        """Clear the filter. The line reports the change."""
        self.line.value = ""

    def show(self, found: int, total: int, unfiltered: str = "") -> None:
        """Show how many of all match; without a filter, *unfiltered*."""
        text = f"{found} of {total}" if self.wanted.strip() else unfiltered
        if text != self._text:
            # The same text would lay out and draw the whole screen again.
            self._text = text
            self._count.update(text)
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """The line has the focus."""
        self.set_class(bool(self.wanted) or self.line.has_focus, "-on")

    def on_descendant_blur(self) -> None:
        """The line has lost the focus."""
        self.set_class(bool(self.wanted), "-on")
