"""The groups of the list: users with the roles assumed from them, profiles that sign in elsewhere, and broken ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.profiles.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mfa_tui.core.profiles.profile import Profile


class Group:
    """The groups, by their titles."""

    PINNED = "Pinned"
    USERS = "Users and their roles"
    ELSEWHERE = "Sign in elsewhere"
    UNABLE = "Cannot log in"


_ORDER = (Group.PINNED, Group.USERS, Group.ELSEWHERE, Group.UNABLE)
_UNABLE = frozenset({Kind.BROKEN, Kind.NO_CREDENTIALS})
LARGEST = 500
"""Of more profiles, no groups are made: each would have to be understood before the first picture."""


class ListLine(NamedTuple):
    """One line of the list: a profile, or the title of a group."""

    name: str
    """The profile; empty for a title."""
    tree: str = ""
    """What is drawn before the name of a role, to show from whom it is assumed."""
    title: str = ""
    """The group that the line is the title of."""
    size: int = 0
    """How many profiles a group has."""
    closed: bool = False
    """Whether the profiles of the group are hidden."""


def grouped(
    names: Sequence[str], profile: Callable[[str], Profile | None], pinned: Iterable[str], closed: frozenset[str]
) -> tuple[ListLine, ...]:
    """*names* in groups, those in *closed* by their titles only. A single group needs no title, unless it is closed."""
    first = frozenset(pinned)
    groups: dict[str, list[ListLine]] = {}
    found = {name: known for name in names if (known := profile(name)) is not None}
    roles = _roles_by_source({name: known for name, known in found.items() if name not in first})
    for name in names:
        if name in first:
            groups.setdefault(Group.PINNED, []).append(ListLine(name))
        elif name not in found:
            groups.setdefault(Group.UNABLE, []).append(ListLine(name))
        elif name in roles[""]:
            groups.setdefault(_group(found[name]), []).extend(_family(name, roles))
    order = [title for title in _ORDER if title in groups]
    if len(order) == 1 and order[0] not in closed:
        return tuple(groups[order[0]])
    lines: list[ListLine] = []
    for title in order:
        lines.append(ListLine("", title=title, size=len(groups[title]), closed=title in closed))
        lines += [] if title in closed else groups[title]
    return tuple(lines)


def group_of(name: str, lines: Sequence[ListLine]) -> str:
    """The title above a profile in *lines*; empty if there is none."""
    title = ""
    for line in lines:
        title = line.title or title
        if line.name == name:
            return title
    return ""


def _group(profile: Profile) -> str:
    if profile.can_log_in:
        return Group.USERS
    return Group.UNABLE if profile.kind in _UNABLE else Group.ELSEWHERE


def _roles_by_source(found: dict[str, Profile]) -> dict[str, list[str]]:
    """The roles below each profile; by the empty name, those that stand by themselves."""
    below: dict[str, list[str]] = {"": []}
    for name, profile in found.items():
        source = profile.chain[1] if len(profile.chain) > 1 else ""
        apart = source not in found or _group(found[source]) != _group(profile)
        below.setdefault("" if apart else source, []).append(name)
    return below


def _family(name: str, roles: dict[str, list[str]], lead: str = "", tree: str = "") -> list[ListLine]:
    """A profile and, below it, the roles assumed from it."""
    lines = [ListLine(name, tree)]
    below = roles.get(name, [])
    for at, role in enumerate(below):
        last = at == len(below) - 1
        lines += _family(role, roles, lead + ("  " if last else "│ "), lead + ("└ " if last else "├ "))
    return lines
