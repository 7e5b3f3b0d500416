"""The line above the list: the filter, and how many profiles it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from mfa_tui.ui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Callable

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
        key: Callable[[], str],
        line: FilterLine | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """*key* gives the key that moves the cursor into *line*, which is shown before it; the user may change it."""
        super().__init__(id=id)
        self._key = key
        self._sign = Static("", classes="hint", markup=False)
        self._signed = ""
        self.wanted = ""
        """The text of the filter, as of the last change that the screen has dealt with: the user may have typed on."""
        self.line = line or FilterLine()
        """Where the filter is typed."""
        self._count = Static("", classes="count", markup=False)
        self._text = ""

    def compose(self) -> ComposeResult:
        """Sign, line, count."""
        yield self._sign
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
        if (key := self._key()) != self._signed:
            self._signed = key
            self._sign.update(key)
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """The line has the focus."""
        self.set_class(bool(self.wanted) or self.line.has_focus, "-on")

    def on_descendant_blur(self) -> None:
        """The line has lost the focus."""
        self.set_class(bool(self.wanted), "-on")
