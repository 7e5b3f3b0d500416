"""The order of the list: pinned profiles first, then the others as the user chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
    ACCOUNT = "account"
    """By what accounts are called."""
    DEVICE = "device"
    """By MFA device; roles by the profile that they are assumed from."""
    SESSION = "session"
    """The session that expires first before the others, then what has none."""
    KEY = "key"
    """The oldest long-term key first."""
    REGION = "region"
    """By region."""
    ROLE = "role"
    """By the names of roles."""


BY_COLUMN = (Order.SESSION, Order.ACCOUNT, Order.DEVICE, Order.KEY, Order.REGION, Order.ROLE)
"""The orders for which each profile must be looked at; the others depend on names alone."""
ORDERS = (Order.GROUPS, Order.FILES, Order.NAME, Order.RECENT, *BY_COLUMN)
"""In the order in which the interface offers them; the first is the default."""


def next_order(order: str) -> str:
    """The order that is offered after *order*; the first one if *order* is unknown."""
    return ORDERS[(ORDERS.index(order) + 1) % len(ORDERS)] if order in ORDERS else ORDERS[0]


def sorted_names(
    names: Sequence[str], order: str, *, recent: Sequence[str], pinned: Sequence[str], ranks: Mapping[str, int]
) -> tuple[str, ...]:
    """*names*, which come as in the files, sorted by *order*; those of *pinned* first, in the same order.

    *recent* are the profiles last used, the last one first. *ranks* are the places of profiles in one of BY_COLUMN;
    those without come last. Names that are not among *names* are ignored.
    """
    result = list(names)
    if order == Order.NAME:
        result.sort(key=lambda name: (name.casefold(), name))
    elif order == Order.RECENT:
        rank = {name: place for place, name in enumerate(recent)}
        result.sort(key=lambda name: rank.get(name, len(rank)))
    elif order in BY_COLUMN:
        result.sort(key=lambda name: ranks.get(name, len(ranks)))
    if pinned:
        first = frozenset(pinned)
        result.sort(key=lambda name: name not in first)
    return tuple(result)
