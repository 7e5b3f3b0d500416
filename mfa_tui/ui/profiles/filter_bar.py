"""The line above the list: the filter, and how many profiles it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from mfa_tui.ui.profiles.filter_line import FilterLine

if TYPE_CHECKING:
    from textual.app import ComposeResult


class FilterBar(Horizontal):
    """Its sign stands out while something is filtered for; ``line`` is what is typed in."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.line = FilterLine(placeholder="filter", compact=True)
        self._count = Static("", classes="count", markup=False)

    def compose(self) -> ComposeResult:
        """Sign, line, count."""
        yield Static("/", classes="hint")
        yield self.line
        yield self._count

    @property
    def wanted(self) -> str:
        """What is filtered for."""
        return self.line.value

    def clear(self) -> None:
        """Filter for nothing."""
        self.line.value = ""

    def show(self, found: int, total: int) -> None:
        """How many profiles there are to see."""
        self._count.update(f"{found} of {total}" if self.wanted.strip() else "")
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """It is typed in."""
        self.set_class(bool(self.wanted) or self.line.has_focus, "-on")

    def on_descendant_blur(self) -> None:
        """It is left."""
        self.set_class(bool(self.wanted), "-on")
