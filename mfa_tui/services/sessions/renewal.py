"""The session to use now, for callers that ask repeatedly: a credential process, a credentials endpoint.

It is renewed in time if that needs no person. While there is a valid one, a renewal may fail without an error:
AWS SDKs ask long before it expires (botocore: 15 minutes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.profiles.role import CHAINED_MAXIMUM
from mfa_tui.core.profiles.scoped_target import one_scope
from mfa_tui.core.sessions.expiry import is_due
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, KeyringProblem, MfaTuiError, NoTerminal
from mfa_tui.services.profiles.resolve import asked_profile, check_can_log_in
from mfa_tui.services.scopes.find_scope import find_scope
from mfa_tui.services.sessions.limit_session import limit_session
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.obtain import NEW, get_session
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, Need, ObtainedSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.operation import Operation


def get_current_session(
    operation: Operation, name: str | None, ask: Callable[[LoginRequest], Session] | None = None, scope: str = ""
) -> Session:
    """Get the session of the profile *name* to use now, renewed if it expires soon and that needs no person.

    It is limited to *scope*, or to that of the target *name*, if there is one.

    *ask* makes one with a person's help; it is called only if there is no valid one. Without it, NoTerminal is raised
    then, or that AWS denied the role to the user's session. Raises what :func:`get_session` raises.
    """
    context = operation.context
    context.given.clear()
    resolved, named = context.resolve_with_scope(name)
    scope = one_scope(named, scope, asked_profile(name, context.env))
    limit = find_scope(context, scope) if scope else None
    check_can_log_in(*resolved)
    session = _get_unlimited_session(operation, resolved.profile, ask)
    return session if limit is None else limit_session(operation, resolved, session, limit, renewing=True)


def _get_unlimited_session(
    operation: Operation, profile: Profile, ask: Callable[[LoginRequest], Session] | None
) -> Session:
    context = operation.context
    found = _find_valid(operation, profile)
    if found is not None and not is_due(found.expires_at, found.duration, context.clock.aws_now()):
        return found
    request = LoginRequest(profile=profile.name)
    if found is None:
        outcome = _get_without_asking(operation, profile, request, NEW)
        if isinstance(outcome, ObtainedSession):
            return outcome.session
        if ask is not None:
            return ask(request)
        raise getattr(outcome, "refusal", None) or _code_needed(profile.name, outcome.why)
    try:
        stale = Continuation(stale=found.access_key_id)
        outcome = _get_without_asking(operation, profile, request._replace(renew=True), stale)
    except Cancelled:
        raise
    except MfaTuiError:
        return found
    new = [outcome.session] if isinstance(outcome, ObtainedSession) else []
    return max([found, *new], key=lambda session: session.expires_at)


def _find_valid(operation: Operation, profile: Profile) -> Session | None:
    """The cached session, if it is valid and the keyring, where it may be, gives it."""
    found = live_session(operation.context, profile, margin=0)
    try:
        return operation.context.cache.load_secrets(found, operation.cancel) if found else None
    except KeyringProblem:
        return None


def _get_without_asking(
    operation: Operation, profile: Profile, request: LoginRequest, continuation: Continuation
) -> ObtainedSession | Need:
    """Get a session with the stored secret, or a role's with the user's valid session; or what else it needs.

    A role that asks for more than an hour gets an hour then, if the user's session is valid.
    """
    outcome = get_session(operation, request, continuation)
    if not isinstance(outcome, ObtainedSession) and profile.needs_direct_assume:
        return get_session(operation, request._replace(duration=CHAINED_MAXIMUM), continuation)
    return outcome


def _code_needed(profile: str, why: str = "") -> NoTerminal:
    """The error, in one line as SDKs show it, where a code must be typed and nobody can be asked."""
    because = f" ({why.rstrip('.')})" if why else ""
    return NoTerminal(
        "no-terminal", f"{profile} needs an MFA code: run {shell_command(profile, 'mfa-tui login PROFILE')}{because}"
    )
