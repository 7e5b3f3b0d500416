"""The order of the list that the user chose, and the profiles pinned to its top. Nothing else moves a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.listing.order import BY_COLUMN, ORDERS, Order, next_order, sorted_names
from mfa_tui.services.listing.preferences import load_preferences, update_preferences
from mfa_tui.ui.state.groups import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.ui.state.column_order import SortKey

ORDER_NAMES = {
    Order.GROUPS: "in groups", Order.FILES: "as in the files", Order.NAME: "by name", Order.RECENT: "most recent first",
    Order.SESSION: "by session", Order.ACCOUNT: "by account", Order.DEVICE: "by MFA device",
    Order.KEY: "oldest key first", Order.REGION: "by region", Order.ROLE: "by role",
}  # fmt: skip
"""The label of each order."""


class ListOrder:
    """The user's choice, remembered from run to run.

    The profiles last used, and what a column shows, are looked up after :meth:`reload` only: an order that followed
    each login would move rows under the cursor.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.reload()

    def reload(self) -> None:
        """Read again what is remembered."""
        remembered = load_preferences(self._paths)
        self.order = remembered.order if remembered.order in ORDERS else ORDERS[0]
        """One of ORDERS."""
        self.pinned = remembered.pinned
        """The names of the profiles at the top."""
        self.closed = frozenset(remembered.closed)
        """The groups whose profiles are hidden, by their titles."""
        self._recent = remembered.recent
        self._ranks: dict[str, int] = {}

    def order_of(self, count: int) -> str:
        """The order of a list of *count* profiles."""
        return self.order if _is_possible(self.order, count) else Order.FILES

    def choose_next(self, count: int) -> str:
        """Choose the next order for a list of *count* profiles; returns it."""
        wanted = next_order(self.order)
        self.choose(wanted if _is_possible(wanted, count) else ORDERS[0])
        return self.order

    def choose(self, order: str) -> None:
        """Choose an order."""
        update_preferences(self._paths, lambda now: now._replace(order=order))
        self.reload()

    def fold(self, group: str, *, closed: bool) -> None:
        """Hide the profiles of a group, or show them, from now on."""
        now_closed = update_preferences(self._paths, lambda now: now.with_closed(group, closed=closed)).closed
        self.closed = frozenset(now_closed)

    def toggle_pin(self, name: str) -> bool:
        """Pin *name* to the top, or unpin it; returns whether it is pinned now."""
        pinned = name not in self.pinned
        self.pinned = update_preferences(self._paths, lambda now: now.with_pinned(name, pinned=pinned)).pinned
        return pinned

    def sorted(self, names: Sequence[str], column_key: Callable[[str, str], SortKey]) -> tuple[str, ...]:
        """*names*, which come in the order of the files, in this order.

        *column_key* gives the key of a profile for an order by a column.
        """
        order = self.order_of(len(names))
        if order in BY_COLUMN and not self._ranks:
            by_key = sorted(names, key=lambda name: column_key(order, name))
            self._ranks = {name: rank for rank, name in enumerate(by_key)}
        return sorted_names(names, order, recent=self._recent, pinned=self.pinned, ranks=self._ranks)


def _is_possible(order: str, count: int) -> bool:
    """Whether a list of *count* profiles can have an order: of too many, none is looked at to sort by a column."""
    return count <= LARGEST or order not in BY_COLUMN
