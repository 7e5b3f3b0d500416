"""The list of profiles with its filter above: what typing, folding and the mouse do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.listing.order import Order
from mfa_tui.ui.flows.host_screen import HostScreen
from mfa_tui.ui.profiles.list_widget import SORTED_BY
from mfa_tui.ui.state.groups import LARGEST, group_of

if TYPE_CHECKING:
    from textual.widgets import Input

    from mfa_tui.ui.profiles.list_widget import ProfileList
    from mfa_tui.ui.widgets.filter_bar import FilterBar
    from mfa_tui.ui.widgets.filter_line import FilterLine


class FilteredList(HostScreen):
    """A screen with the list and its filter."""

    FILTER_ENTER = "login"
    _list: ProfileList
    _filter: FilterBar

    def show_list(self, *, keep: str) -> None:
        """Show the profiles that match the filter, with the cursor on *keep*, a profile or the title of a group."""
        raise NotImplementedError

    async def action_move(self, action: str) -> None:
        """Move the cursor by an action of the list."""
        raise NotImplementedError

    def show_order(self) -> None:
        """Show the list in the order that is chosen now; the cursor stays on its profile."""
        self.app_state.sort()
        self.show_list(keep=self._list.current or self._list.current_title)
        self.redraw()

    def on_profile_list_sort_wanted(self, message: ProfileList.SortWanted) -> None:
        """Sort by the column whose title was clicked; a second click puts the list into groups again."""
        message.stop()
        if self.app_state.picks:
            # Its order is its own.
            return
        wanted, listed = SORTED_BY[message.title], self.app_state.list_order
        listed.choose(Order.GROUPS if listed.order == wanted else wanted)
        self.show_order()
        if self.app_state.order != listed.order:
            told = f"A list of more than {LARGEST} profiles is sorted by PROFILE or USED only."
            self.notify(told, title=message.title, markup=False)

    # The filter.

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what matches, with the cursor on what matches best; without a filter, it stays on its profile."""
        message.stop()
        self._filter.wanted = message.value
        on = self._list.current or self._list.current_title
        self.show_list(keep="" if message.value.strip() else on)
        self.redraw()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Log in: Enter does so in the filter, too."""
        message.stop()
        self.action_command(self.FILTER_ENTER)

    async def on_filter_line_moved(self, message: FilterLine.Moved) -> None:
        """Move in the list while the filter has the focus."""
        await self.action_move(message.action)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Go back to the list."""
        if message.clear:
            self.show_all()
        self.set_focus(self._list)

    def focus_filter(self) -> None:
        """Let the user type into the filter."""
        self.app_state.read_habits()
        self.run_worker(self.threads.run(self.app_state.prepare_filter))
        self.set_focus(self._filter.line)

    def show_all(self) -> None:
        """Clear the filter."""
        self._filter.clear()

    # The groups.

    def action_fold(self, closed: bool) -> None:
        """Hide the profiles of the group under the cursor, or show them."""
        group = self._list.current_title or group_of(self._list.current, self._list.lines)
        if group:
            self._fold(group, closed=closed)

    def on_profile_list_group_clicked(self, message: ProfileList.GroupClicked) -> None:
        """Hide the profiles of the group, or show them."""
        message.stop()
        self._fold(message.line.title, closed=not message.line.closed)

    def _fold(self, group: str, *, closed: bool) -> None:
        self.app_state.list_order.fold(group, closed=closed)
        self.show_list(keep=group if closed else self._list.current or group)
        self.redraw()
