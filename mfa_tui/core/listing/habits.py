"""How much a profile is used: how often, and how lately (what is called frecency)."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HALF_LIFE = 7 * 86400.0
"""Seconds after which a use counts half."""
KEPT = 100
"""How many profiles are remembered; those that are used least are dropped."""
PINNED = 0.5
"""The least weight of a pinned profile, which is that of one used a moment ago for the first time."""


class Uses(NamedTuple):
    """The uses of a profile."""

    name: str
    """The profile."""
    score: float
    """How many there were, each counted the less the longer ago it was, as of *at*."""
    at: float
    """When it was last used, in seconds since the epoch."""

    def counted(self, now: float) -> float:
        """*score* as of *now*, in seconds since the epoch. A clock that was put back counts as no time."""
        return float(self.score * 0.5 ** (max(0.0, now - self.at) / HALF_LIFE))


def with_use(uses: Iterable[Uses], name: str, now: float) -> tuple[Uses, ...]:
    """*uses*, and that of the profile *name* now; those used most come first, and at most KEPT of them."""
    others = [one for one in uses if one.name != name]
    before = sum(one.counted(now) for one in uses if one.name == name)
    others.sort(key=lambda one: -one.counted(now))
    return (Uses(name, round(before + 1, 4), now), *others[: KEPT - 1])


def weights(uses: Iterable[Uses], recent: Sequence[str], pinned: Iterable[str], now: float) -> Mapping[str, float]:
    """How much each profile is used, from 0 to 1; those that are neither used nor pinned are left out.

    *recent* are the profiles last used, the last one first: before uses were counted, only these were remembered.
    """
    counts = {name: 1 / (2 + place) for place, name in enumerate(recent)}
    counts |= {one.name: one.counted(now) for one in uses}
    result = {name: count / (1 + count) for name, count in counts.items()}
    for name in pinned:
        result[name] = max(result.get(name, 0.0), PINNED)
    return result
