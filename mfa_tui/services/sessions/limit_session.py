"""Limiting a session to a scope. If that is not possible, there is an error, and never a session with more permissions.

Each refusal of AWS has one next step, which is never to leave out the scope.
Where AWS says nothing of it, nothing is assumed: the request is made, and a refusal is the end
(STS API reference, GetScopedCredentials).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.core.aws.error_kinds import AwsErrorKind, without_codes
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.sessions.expiry import is_due, is_live
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import AwsRefused, Cancelled, KeyringProblem, MfaTuiError
from mfa_tui.models import session_name
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.sessions.refusals import error_for
from mfa_tui.services.sessions.send_code import retry_after_clock_sync

if TYPE_CHECKING:
    from mfa_tui.core.scopes.scope import Scope
    from mfa_tui.models import Session
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.profiles.resolve import ResolvedProfile

_SLACK = 60
"""Seconds by which a session may expire before its parent and still be as good as a new one."""
_IN_TRANSIT = 10
"""Seconds that a request may take: a duration that is longer than what the parent has left then is refused."""
_ELSEWHERE = (
    "This endpoint does not know GetScopedCredentials; the global STS endpoint does not, nor do imitations of AWS.",
    "Use a regional STS endpoint: set region, and remove sts_regional_endpoints = legacy or any endpoint_url.",
)
_TOO_LARGE = (
    "The policy is too large once AWS has packed it with what the session has already.",
    "Shorten the scope in the settings: fewer services, or shorter conditions.",
)
_TEXTS = {
    "InvalidAction": _ELSEWHERE,
    "NotImplemented": _ELSEWHERE,
    "UnknownOperationException": _ELSEWHERE,
    "MalformedPolicyDocument": ("{message}", "Correct the policy of the scope; see docs/scopes.md"),
    "PackedPolicyTooLarge": _TOO_LARGE,
    "InsufficientSessionLifetime": ("{message}", "Get a new session: mfa-tui login PROFILE --force"),
    "InvalidSubjectCredentials": ("{message}", "Get a new session: mfa-tui login PROFILE --force"),
    "ExpiredToken": ("{message}", "Get a new session: mfa-tui login PROFILE --force"),
    "InvalidClientTokenId": ("{message}", "Get a new session: mfa-tui login PROFILE --force"),
}
"""By AWS's error code: why, and what to do."""
_DENIED = ("{message}", "Ask an administrator to allow sts:GetScopedCredentials for this identity.")
_OTHER = ("{message}", "See the message, and docs/scopes.md")
_AS_ALWAYS = (AwsErrorKind.CLOCK, AwsErrorKind.THROTTLED, AwsErrorKind.TROUBLE)
"""Kinds of errors that have nothing to do with scopes."""


def limit_session(
    operation: Operation, resolved: ResolvedProfile, parent: Session, scope: Scope, *, renewing: bool = False
) -> Session:
    """The session of the profile, *parent*, limited to *scope*: the cached one, or a new one.

    With *renewing* it is renewed when a credential process should, and one that is still valid is used if that fails.
    Raises AwsRefused (``scope-refused``), NetworkProblem, ConfigError, Cancelled.
    """
    context = operation.context
    session_scope = scope.session_scope(parent.access_key_id)
    name = session_name(parent.source_key_id, parent.serial, parent.roles, session_scope)
    with context.single_flight.hold(name, cancelled=operation.cancel.cancelled):
        found = find_limited(operation, parent, scope)
        if found is not None and _is_good(operation, parent, found, renewing=renewing):
            return found
        try:
            session = _request(operation, resolved, parent, scope)
        except Cancelled:
            raise
        except MfaTuiError:
            if found is None or not renewing:
                raise
            return found
        # Without a cache, the next command asks AWS again.
        with contextlib.suppress(OSError, KeyringProblem, Cancelled):
            context.cache.store(session, operation.cancel)
    return session


def find_limited(operation: Operation, parent: Session, scope: Scope) -> Session | None:
    """The cached session that was made from *parent* for *scope*, if it is valid and the keyring gives it."""
    context = operation.context
    session_scope = scope.session_scope(parent.access_key_id)
    found = context.cache.find(parent.source_key_id, parent.serial, parent.roles, session_scope)
    if found is None or found.expires_at > parent.expires_at:
        return None
    try:
        return context.cache.load_secrets(found, operation.cancel)
    except KeyringProblem:
        return None


def find_live_limited(operation: Operation, parent: Session, scope: Scope) -> Session | None:
    """As :func:`find_limited`, if a new one would be no better."""
    found = find_limited(operation, parent, scope)
    return found if found is not None and _is_good(operation, parent, found, renewing=False) else None


def _is_good(operation: Operation, parent: Session, found: Session, *, renewing: bool) -> bool:
    """Whether a new session would be no better than *found*."""
    now = operation.context.clock.aws_now()
    if parent.expires_at - found.expires_at < _SLACK:
        return True
    if renewing:
        return not is_due(found.expires_at, found.duration, now)
    return is_live(found.expires_at, found.duration, now, operation.context.settings.margin)


@recorded(lambda operation, resolved, *_: (operation.context, Action("scope", resolved.profile.name)))
def _request(operation: Operation, resolved: ResolvedProfile, parent: Session, scope: Scope) -> Session:
    context, profile = operation.context, resolved.profile
    left = int(parent.expires_at - context.clock.aws_now()) - _IN_TRANSIT
    duration = scope.duration
    if duration is not None and duration > left:
        # It ends with its parent. Without a policy, AWS needs a duration.
        duration = None if scope.policy else max(1, left)
    arn = profile.roles[-1].arn if profile.roles else parent.serial
    partition = arn.split(":")[1] if arn.startswith("arn:") else ""
    caller = Caller(profile.name, parent, text(resolved.files.merged(profile.name), "region"), partition)
    operation.progress("asking", f"Asking AWS to limit the session to {scope.name}")
    try:
        return retry_after_clock_sync(
            operation,
            lambda: context.aws.get_scoped_credentials(caller, parent, scope, duration, operation.cancel),
        )
    except (AwsError, AwsUnreachable) as failure:
        raise _refused(failure, caller, scope.name, offset=context.clock.known_offset) from None


def _refused(failure: AwsError | AwsUnreachable, caller: Caller, scope: str, *, offset: float) -> MfaTuiError:
    """The error to raise for *failure* of GetScopedCredentials; *offset* is AWS's time minus this machine's."""
    if isinstance(failure, AwsUnreachable):
        return error_for(failure, caller, offset=offset)
    means = failure.means
    if means in _AS_ALWAYS:
        return error_for(failure, caller, offset=offset)
    denied = failure.code in ("AccessDenied", "AccessDeniedException")
    why, remedy = _DENIED if denied else _TEXTS.get(failure.code, _OTHER)
    shown = without_codes(failure.message) or failure.code or f"HTTP status {failure.status}"
    return AwsRefused(
        "scope-refused",
        f"AWS did not limit the session of {caller.profile!r} to the scope {scope}, so nothing was handed out.",
        why.format(message=shown if shown.endswith(".") else shown + "."),
        shell_command(caller.profile, remedy),
    )
