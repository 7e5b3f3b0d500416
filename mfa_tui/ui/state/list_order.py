"""The order of the list as it was chosen, and the profiles that are pinned to its top. Nothing else moves a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.listing.order import ORDERS, Order, following, ordered
from mfa_tui.services.listing.preferences import recall, remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.adapters.filesystem.paths import Paths

ORDER_NAMES = {Order.FILES: "as in the files", Order.NAME: "by name", Order.RECENT: "recent first"}
"""What each order is called."""


class ListOrder:
    """What the user chose, remembered from run to run.

    ``order`` is one of ORDERS, ``pinned`` are names. The profiles last used are looked up by :meth:`reopen` only: an
    order that followed each login would move rows under the cursor.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.reopen()

    def reopen(self) -> None:
        """Go by what is remembered now."""
        remembered = recall(self._paths)
        self.order = remembered.order if remembered.order in ORDERS else Order.FILES
        self.pinned = remembered.pinned
        self._recent = remembered.recent

    def cycle(self) -> str:
        """Choose the next order; returns it."""
        new = following(self.order)
        remember(self._paths, lambda now: now._replace(order=new))
        self.reopen()
        return new

    def pin(self, name: str) -> bool:
        """Pin *name* to the top, or let it go; returns whether it is pinned now."""
        pinned = name not in self.pinned
        self.pinned = remember(self._paths, lambda now: now.having_pinned(name, pinned=pinned)).pinned
        return pinned

    def names(self, names: Sequence[str]) -> tuple[str, ...]:
        """*names*, which come as in the files, as they are to be shown."""
        return ordered(names, self.order, recent=self._recent, pinned=self.pinned)
