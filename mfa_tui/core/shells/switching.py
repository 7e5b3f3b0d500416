"""Which variables of a shell change when it starts to use a profile, by name or by keys, and when it stops.

Our own variables tell the next switch what this one did: PREVIOUS, EXPORTED, and those that save the user's values
which exported settings replaced.
"""

from __future__ import annotations

from mfa_tui.core.shells.shell_code import can_unset
from mfa_tui.core.shells.variables import (
    CREDENTIALS,
    EXPORTED,
    PROFILES,
    SHOWN_PROFILE,
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
"""The variable with the previous profile, to which ``mfa-tui use -`` returns."""


class EnvironmentChange:
    """A change of a shell's environment variables."""

    __slots__ = ("removed", "variables")

    def __init__(self, variables: dict[str, str], removed: Iterable[str]) -> None:
        self.variables = variables
        """The variables to set; their values may be secrets in the clear."""
        self.removed = tuple(dict.fromkeys(name for name in removed if name not in variables))
        """The names of the variables to unset."""

    def __repr__(self) -> str:
        return f"EnvironmentChange({', '.join(self.variables)}; without {', '.join(self.removed)})"


def profile_in_use(env: Mapping[str, str]) -> str:
    """The profile that the shell uses now, by name or by our exported keys; empty if it is unknown."""
    owner = exported_settings(env)[1] if env.get("AWS_ACCESS_KEY_ID") else ""
    return owner or profile_of_shell(env)


def use_profile(env: Mapping[str, str], name: str) -> EnvironmentChange:
    """The change to the profile *name* of the AWS files, from whatever is in use."""
    return EnvironmentChange(
        {**restored_user_values(env), "AWS_PROFILE": name, **_previous(env, name)}, _all_of_ours(env)
    )


def use_keys(
    env: Mapping[str, str], name: str, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> EnvironmentChange:
    """The change to the keys of profile *name* and its *settings* (regions, endpoints), from whatever is in use."""
    mark = f"{','.join(settings)} {name}"
    beside = {**settings, **saved_user_values(env, settings), EXPORTED: mark}
    return EnvironmentChange(
        {**restored_user_values(env), **credentials, **beside, **_previous(env, name)}, _all_of_ours(env)
    )


def use_nothing(env: Mapping[str, str]) -> EnvironmentChange:
    """The change to no profile."""
    return EnvironmentChange({**restored_user_values(env), **_previous(env, "")}, _all_of_ours(env))


def env_output(
    env: Mapping[str, str], shell: str, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> EnvironmentChange:
    """The change that ``mfa-tui env`` prints: the keys and the profile's settings, marked as ours in a shell."""
    mark = {**saved_user_values(env, settings), EXPORTED: ",".join(settings)} if settings and can_unset(shell) else {}
    return EnvironmentChange({**restored_user_values(env), **credentials, **settings, **mark}, _all_of_ours(env))


def env_unset(env: Mapping[str, str]) -> EnvironmentChange:
    """The change that ``mfa-tui env --unset`` prints, which undoes ``env``. Settings that are not marked stay."""
    return EnvironmentChange(restored_user_values(env), (*CREDENTIALS, *exported_variables(env), *_shown(env)))


def _previous(env: Mapping[str, str], name: str) -> dict[str, str]:
    used = profile_in_use(env)
    return {PREVIOUS: used} if used and used != name else {}


def _all_of_ours(env: Mapping[str, str]) -> tuple[str, ...]:
    return (*PROFILES, *CREDENTIALS, *exported_variables(env), *_shown(env))


def _shown(env: Mapping[str, str]) -> tuple[str, ...]:
    return (SHOWN_PROFILE,) if SHOWN_PROFILE in env else ()
