"""Screens of commands with one list and its details, and those with a filter over the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from mfa_tui.ui.flows.command_screen import CommandScreen
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.line_list import MOVES, LineList

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.widgets import Input

    from mfa_tui.ui.widgets.filter_line import FilterLine


class ListScreen(CommandScreen):
    """Has one list, and its details in ``#details``."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - Textual declares it as it is
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False, priority=True) for keys, action in MOVES.items()
    ]

    @property
    def takes_keys(self) -> bool:
        """Whether keys are commands, and do not belong to what is being typed."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are commands unless something is being typed."""
        if action in ("key", "move", "scroll_details"):
            return self.takes_keys
        return super().check_action(action, parameters)

    async def action_move(self, action: str) -> None:
        """Move the cursor, or scroll what is shown in place of the list."""
        await (self.empty_list or self.query_one(LineList)).run_action(action)

    def action_scroll_details(self, lines: int) -> None:
        """Scroll the details, where they do not fit."""
        (self.empty_list or self.query_one("#details")).scroll_relative(y=lines, animate=False)


class FilteredScreen(ListScreen):
    """Has a filter over its list."""

    def use_filter(self, wanted: str) -> None:
        """Show what matches."""
        raise NotImplementedError

    @property
    def takes_keys(self) -> bool:
        """Whether the filter does not have the focus."""
        return self.focused is not self.query_one(FilterBar).line

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what matches."""
        message.stop()
        self.query_one(FilterBar).wanted = message.value
        self.use_filter(message.value)

    async def on_filter_line_moved(self, message: FilterLine.Moved) -> None:
        """Move in the list while the filter has the focus."""
        await self.action_move(message.action)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Go back to the list."""
        if message.clear:
            self.query_one(FilterBar).clear()
        self.set_focus(self.query_one(LineList))
