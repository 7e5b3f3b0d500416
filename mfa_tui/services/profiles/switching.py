"""Which profile ``mfa-tui use NAME`` means, and whether it takes a login to use it."""

from __future__ import annotations

from mfa_tui.core.profiles.kind import USABLE_BY_SDKS
from mfa_tui.core.profiles.scoped_target import one_scope
from mfa_tui.core.shells.function_name import command
from mfa_tui.core.shells.switching import PREVIOUS
from mfa_tui.errors import UsageError
from mfa_tui.services.profiles.resolve import cannot_log_in, check_can_log_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mfa_tui.services.profiles.resolve import ResolvedProfile

BACK = "-"
"""Instead of a name: the profile that was in use before, as with ``cd -``."""


def choose_profile(
    resolve: Callable[[str], tuple[ResolvedProfile, str]], name: str, env: Mapping[str, str], scope: str = ""
) -> tuple[ResolvedProfile, str]:
    """The profile to switch to, and the scope to limit its session to: *scope*, or that of the target *name*, or none.

    It is one to log in to (``can_log_in``), or without a scope one that SDKs can use as it is.
    *resolve* is ``Context.resolve_with_scope``. Raises UsageError (``no-previous``), ProfileProblem, FileProblem.
    """
    if name == BACK:
        name = env.get(PREVIOUS, "")
        if not name:
            raise UsageError(
                "no-previous",
                "There is no previous profile to go back to.",
                f"{command(env, 'mfa-tui use')} has not switched from one profile to another in this shell yet.",
                f"Name one: {command(env, 'mfa-tui use PROFILE')}",
            )
    resolved, named = resolve(name)
    scope = one_scope(named, scope, name)
    if scope or resolved.profile.kind not in USABLE_BY_SDKS:
        check_can_log_in(*resolved)
    if scope and not resolved.profile.can_log_in:
        raise cannot_log_in(*resolved)
    return resolved, scope
