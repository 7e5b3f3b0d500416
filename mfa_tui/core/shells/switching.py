"""Which variables of a shell change when it takes up a profile, by name or by keys, and when it puts it down.

Variables of our own tell the next switch what this one did: PREVIOUS, EXPORTED, and what keeps the values of the user's
that exported settings took the place of.
"""

from __future__ import annotations

from mfa_tui.core.shells.quoting import can_remove
from mfa_tui.core.shells.variables import (
    CREDENTIALS,
    EXPORTED,
    PROFILES,
    exported,
    exported_names,
    profile_of_shell,
    put_aside,
    taken_back,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREVIOUS = "MFA_TUI_PREVIOUS"
"""The profile that was in use before: what ``mfa-tui use -`` goes back to."""


class Change:
    """Variables to set, and the names of those to remove. The former may hold secrets in the clear."""

    __slots__ = ("removed", "variables")

    def __init__(self, variables: dict[str, str], removed: Iterable[str]) -> None:
        self.variables = variables
        self.removed = tuple(dict.fromkeys(name for name in removed if name not in variables))

    def __repr__(self) -> str:
        return f"Change({', '.join(self.variables)}; without {', '.join(self.removed)})"


def in_use(env: Mapping[str, str]) -> str:
    """The profile that the shell uses now, by name or by keys of ours; empty if none is known."""
    owner = exported(env)[1] if env.get("AWS_ACCESS_KEY_ID") else ""
    return owner or profile_of_shell(env)


def by_name(env: Mapping[str, str], name: str) -> Change:
    """Use the profile *name* of the AWS files, in place of whatever is in use."""
    return Change({**taken_back(env), "AWS_PROFILE": name, **_previous(env, name)}, _all_of_ours(env))


def by_keys(env: Mapping[str, str], name: str, credentials: Mapping[str, str], settings: Mapping[str, str]) -> Change:
    """Use the keys of profile *name* with its *settings* (regions, endpoints), in place of whatever is in use."""
    mark = f"{','.join(settings)} {name}"
    beside = {**settings, **put_aside(env, settings), EXPORTED: mark}
    return Change({**taken_back(env), **credentials, **beside, **_previous(env, name)}, _all_of_ours(env))


def nothing(env: Mapping[str, str]) -> Change:
    """Use no profile."""
    return Change({**taken_back(env), **_previous(env, "")}, _all_of_ours(env))


def printed(env: Mapping[str, str], shell: str, credentials: Mapping[str, str], settings: Mapping[str, str]) -> Change:
    """What ``mfa-tui env`` prints: the keys with the profile's settings, marked as ours where a shell takes them."""
    mark = {**put_aside(env, settings), EXPORTED: ",".join(settings)} if settings and can_remove(shell) else {}
    return Change({**taken_back(env), **credentials, **settings, **mark}, _all_of_ours(env))


def unset(env: Mapping[str, str]) -> Change:
    """What ``mfa-tui env --unset`` prints: the end of all that ``env`` set. Settings not marked as ours stay."""
    return Change(taken_back(env), (*CREDENTIALS, *exported_names(env)))


def _previous(env: Mapping[str, str], name: str) -> dict[str, str]:
    used = in_use(env)
    return {PREVIOUS: used} if used and used != name else {}


def _all_of_ours(env: Mapping[str, str]) -> tuple[str, ...]:
    return (*PROFILES, *CREDENTIALS, *exported_names(env))
