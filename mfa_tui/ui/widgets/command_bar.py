"""The bottom line: the commands with their keys, greyed where they cannot be done now. A click does them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mfa_tui.ui.widgets.styled import FAINT, style_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

Item = tuple[str, str, str, bool]
"""Action, key, label, and whether it can be done now."""

_GAP = 2


class CommandBar(Widget):
    """Shows items; their actions are run where the widget is."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CommandBar { dock: bottom; height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    """

    _under_mouse: reactive[int] = reactive(-1)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._items: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The items, left to right."""
        return self._items

    def show(self, items: Sequence[Item]) -> None:
        """The items, left to right."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render(self) -> Content:
        """The line."""
        parts: list[Content] = []
        faint = style_for(self, FAINT)
        for index, (_, key, label, enabled) in enumerate(self._items):
            styles = ("bold $accent", "$foreground") if enabled else (faint, faint)
            hover = " underline" if enabled and index == self._under_mouse else ""
            parts.append(Content.assemble((key, styles[0]), " ", (label, styles[1] + hover)))
        return Content(" " * _GAP).join(parts)

    def _at(self, x: int) -> int:
        """The item at a column of the content; -1 between them."""
        start = 0
        for index, (_, key, label, _) in enumerate(self._items):
            end = start + len(key) + 1 + len(label)
            if start <= x < end:
                return index
            start = end + _GAP
        return -1

    async def on_click(self, event: events.Click) -> None:
        """Do what is clicked."""
        index = self._at(event.x - self.styles.padding.left)
        if index >= 0:
            event.stop()
            await self.run_action(self._items[index][0])

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would do."""
        self._under_mouse = self._at(event.x - self.styles.padding.left)

    def on_leave(self) -> None:
        """Nothing is under the mouse."""
        self._under_mouse = -1
