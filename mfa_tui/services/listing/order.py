"""The order of the list: pinned profiles first, then the others as the user chose. It depends on names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Order:
    """What the list can be sorted by; the values are saved."""

    GROUPS = "groups"
    """Roles below their users, and apart from these what mfa-tui cannot log in."""
    FILES = "files"
    """As in the config file, then as in the credentials file."""
    NAME = "name"
    """By name, upper and lower case alike."""
    RECENT = "recent"
    """The profiles last used first, the others as in the files."""


ORDERS = (Order.GROUPS, Order.FILES, Order.NAME, Order.RECENT)
"""In the order in which the interface offers them; the first is the default."""


def next_order(order: str) -> str:
    """The order that is offered after *order*; the first one if *order* is unknown."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)] if order in ORDERS else ORDERS[0]


def sorted_names(names: Sequence[str], order: str, *, recent: Sequence[str], pinned: Sequence[str]) -> tuple[str, ...]:
    """*names*, which come as in the files, sorted by *order*; those of *pinned* first, in the same order.

    *recent* are the profiles last used, the last one first. Names that are not among *names* are ignored.
    """
    result = list(names)
    if order == Order.NAME:
        result.sort(key=lambda name: (name.casefold(), name))
    elif order == Order.RECENT:
        rank = {name: place for place, name in enumerate(recent)}
        result.sort(key=lambda name: rank.get(name, len(rank)))
    if pinned:
        first = frozenset(pinned)
        result.sort(key=lambda name: name not in first)
    return tuple(result)
