"""The session to use now, for what asks again and again: a credential process, a credentials endpoint.

It is renewed in time where that needs no person. As long as there is one that lives, a renewal that fails is no
failure: AWS SDKs ask long before the end (botocore: 15 minutes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.profiles.role import CHAINED_MAXIMUM
from mfa_tui.core.sessions.credential_process import renewal_threshold
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, KeyringProblem, MfaTuiError, NoTerminal
from mfa_tui.services.profiles.resolve import able_profile, source_profile
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.obtain import obtain
from mfa_tui.services.sessions.outcomes import LoginRequest, Need, Obtained

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


def current_session(
    context: Context,
    profile: str | None,
    control: CancelScope,
    progress: Callable[[Progress], None] = quiet,
    ask: Callable[[LoginRequest], Session] | None = None,
) -> Session:
    """The session of *profile* to use now, renewed if it has little left and that needs no person.

    *ask* makes one with a person's help; it is called only if there is none that lives. Without it, NoTerminal is
    raised then, or that AWS denied the role to the user's session. Raises what :func:`obtain` raises.
    """
    context.given.clear()
    aws = context.files.load()
    able = able_profile(aws, source_profile(aws, profile, context.env, context.settings.target_pattern))
    found = _living(context, able, control)
    if found is not None and found.expires_at - context.clock.aws_now() >= renewal_threshold(found.duration):
        return found
    request = LoginRequest(profile=able.name)
    if found is None:
        outcome = _by_ourselves(context, able, request, control, progress)
        if isinstance(outcome, Obtained):
            return outcome.session
        if ask is not None:
            return ask(request)
        raise getattr(outcome, "refusal", None) or code_needed(able.name, outcome.why)
    try:
        renewal = request._replace(renew=True, stale=found.access_key_id)
        outcome = _by_ourselves(context, able, renewal, control, progress)
    except Cancelled:
        raise
    except MfaTuiError:
        return found
    made = [outcome.session] if isinstance(outcome, Obtained) else []
    return max([found, *made], key=lambda session: session.expires_at)


def _living(context: Context, profile: Profile, control: CancelScope) -> Session | None:
    """The cached session, if it has not ended and the keyring, where it may be, gives it."""
    found = live_session(context, profile, margin=0)
    try:
        return context.cache.load_secrets(found, control) if found else None
    except KeyringProblem:
        return None


def _by_ourselves(
    context: Context,
    profile: Profile,
    request: LoginRequest,
    control: CancelScope,
    progress: Callable[[Progress], None],
) -> Obtained | Need:
    """A session by the stored seed, or of a role by the user's live session; or what else it needs.

    A role that asks for more than an hour has that hour then, if the user's session is live.
    """
    outcome = obtain(context, request, control, progress)
    if not isinstance(outcome, Obtained) and profile.needs_direct_assume:
        return obtain(context, request._replace(duration=CHAINED_MAXIMUM), control, progress)
    return outcome


def code_needed(profile: str, why: str = "") -> NoTerminal:
    """The error, in one line as SDKs show it, where a code must be typed and nobody can be asked."""
    because = f" ({why.rstrip('.')})" if why else ""
    return NoTerminal(
        "no-terminal", f"{profile} needs an MFA code: run {shell_command(profile, 'mfa-tui login PROFILE')}{because}"
    )
