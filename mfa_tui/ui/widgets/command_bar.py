"""The bottom line: the commands with their keys, greyed where they cannot be done now. A click does them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = tuple[str, str, str, bool]
"""Action, key, label, and whether it can be done now."""


class CommandBar(Widget):
    """Shows items; their actions are run where the widget is."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CommandBar {
        dock: bottom; height: 1; padding: 0 1; background: $panel; color: $foreground; link-style: none;
        link-color-hover: $accent; link-background-hover: $boost; link-style-hover: none;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._items: tuple[Item, ...] = ()

    def show(self, items: Sequence[Item]) -> None:
        """The items, left to right."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render(self) -> Content:
        """The line."""
        parts: list[Content] = []
        for action, key, label, enabled in self._items:
            styles = ("bold $accent", "$foreground") if enabled else ("$foreground 40%", "$foreground 40%")
            item = Content.assemble((key, styles[0]), " ", (label, styles[1]))
            parts.append(item.stylize(Style.from_meta({"@click": action})))
        return Content("  ").join(parts)
