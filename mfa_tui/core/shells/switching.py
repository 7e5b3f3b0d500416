"""Which variables of a shell change when it takes up a profile, by name or by keys, and when it puts it down.

Variables of our own tell the next switch what this one did: PREVIOUS, EXPORTED, and what keeps the values of the user's
that exported settings took the place of.
"""

from __future__ import annotations

from mfa_tui.core.shells.quoting import can_unset
from mfa_tui.core.shells.variables import (
    CREDENTIALS,
    EXPORTED,
    PROFILES,
    exported_settings,
    exported_variables,
    profile_of_shell,
    restored_user_values,
    saved_user_values,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREVIOUS = "MFA_TUI_PREVIOUS"
"""The profile that was in use before: what ``mfa-tui use -`` goes back to."""


class EnvironmentChange:
    """Variables to set, and the names of those to remove. The former may hold secrets in the clear."""

    __slots__ = ("removed", "variables")

    def __init__(self, variables: dict[str, str], removed: Iterable[str]) -> None:
        self.variables = variables
        self.removed = tuple(dict.fromkeys(name for name in removed if name not in variables))

    def __repr__(self) -> str:
        return f"Change({', '.join(self.variables)}; without {', '.join(self.removed)})"


def profile_in_use(env: Mapping[str, str]) -> str:
    """The profile that the shell uses now, by name or by keys of ours; empty if none is known."""
    owner = exported_settings(env)[1] if env.get("AWS_ACCESS_KEY_ID") else ""
    return owner or profile_of_shell(env)


def use_profile(env: Mapping[str, str], name: str) -> EnvironmentChange:
    """Use the profile *name* of the AWS files, in place of whatever is in use."""
    return EnvironmentChange(
        {**restored_user_values(env), "AWS_PROFILE": name, **_previous(env, name)}, _all_of_ours(env)
    )


def use_keys(
    env: Mapping[str, str], name: str, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> EnvironmentChange:
    """Use the keys of profile *name* with its *settings* (regions, endpoints), in place of whatever is in use."""
    mark = f"{','.join(settings)} {name}"
    beside = {**settings, **saved_user_values(env, settings), EXPORTED: mark}
    return EnvironmentChange(
        {**restored_user_values(env), **credentials, **beside, **_previous(env, name)}, _all_of_ours(env)
    )


def use_nothing(env: Mapping[str, str]) -> EnvironmentChange:
    """Use no profile."""
    return EnvironmentChange({**restored_user_values(env), **_previous(env, "")}, _all_of_ours(env))


def env_output(
    env: Mapping[str, str], shell: str, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> EnvironmentChange:
    """What ``mfa-tui env`` prints: the keys with the profile's settings, marked as ours where a shell takes them."""
    mark = {**saved_user_values(env, settings), EXPORTED: ",".join(settings)} if settings and can_unset(shell) else {}
    return EnvironmentChange({**restored_user_values(env), **credentials, **settings, **mark}, _all_of_ours(env))


def env_unset(env: Mapping[str, str]) -> EnvironmentChange:
    """What ``mfa-tui env --unset`` prints: the end of all that ``env`` set. Settings not marked as ours stay."""
    return EnvironmentChange(restored_user_values(env), (*CREDENTIALS, *exported_variables(env)))


def _previous(env: Mapping[str, str], name: str) -> dict[str, str]:
    used = profile_in_use(env)
    return {PREVIOUS: used} if used and used != name else {}


def _all_of_ours(env: Mapping[str, str]) -> tuple[str, ...]:
    return (*PROFILES, *CREDENTIALS, *exported_variables(env))
