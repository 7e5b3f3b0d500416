"""Preparing a login: everything that can be wrong with the request or the files is found before a request to AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.login_problems import serial_owner
from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, DEFAULT_DURATION, checked_role_duration
from mfa_tui.core.profiles.scoped_target import one_scope
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.sessions.expiry import checked_duration
from mfa_tui.models import session_name
from mfa_tui.services.profiles.resolve import (
    ResolvedProfile,
    asked_profile,
    check_can_log_in,
    check_encoding,
    known_serial,
)
from mfa_tui.services.scopes.find_scope import find_scope
from mfa_tui.services.sessions.lookup import live_session

if TYPE_CHECKING:
    from mfa_tui.core.aws.mfa_serial import MfaSerial
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.core.scopes.scope import Scope
    from mfa_tui.models import AccessKeys, Session
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest


class PreparedLogin(NamedTuple):
    """A login whose request and files were checked. *roles* of its methods are the first roles of the profile."""

    request: LoginRequest
    """What the user wants, with the profile's name resolved."""
    continuation: Continuation
    """What was learned so far."""
    files: AwsConfig
    """The AWS files."""
    profile: Profile
    """The profile to log in to."""
    serial: MfaSerial | None
    """The MFA device; None if none is named (yet), or none is needed."""
    takes_codes: bool
    """Whether the first session is made with a code."""
    is_given_session: bool = False
    """Whether the credential process gives temporary credentials: no code goes with them."""
    scope: Scope | None = None
    """What to limit the session to, once there is one; None for nothing."""

    @property
    def resolved(self) -> ResolvedProfile:
        """The profile with the files that it is from."""
        return ResolvedProfile(self.files, self.profile)

    def session_name(self, roles: tuple[Role, ...]) -> str:
        """The name of the session at the end of *roles*; see ``models.session_name``."""
        serial = self.serial.text if self.serial is not None else ""
        return session_name(self.profile.credential_id, serial, tuple(role.identity for role in roles))

    def duration(self, roles: tuple[Role, ...], default: int) -> int:
        """How long the session at the end of *roles* should last, in seconds; *default* is for the user's own."""
        wanted = self.request.duration if roles == self.profile.roles else None
        if not roles:
            return wanted or default
        seconds = wanted or roles[-1].duration or DEFAULT_DURATION
        return seconds if roles == self.profile.roles else min(seconds, CHAINED_MAXIMUM)

    def needs_direct_assume(self, roles: tuple[Role, ...]) -> bool:
        """Whether the role wants a longer session than role chaining allows: it takes long-term keys and a code."""
        return self.takes_codes and len(roles) == 1 and self.duration(roles, 0) > CHAINED_MAXIMUM

    def role_caller(self, role: Role, keys: AccessKeys | Session) -> Caller:
        """Who assumes *role*, with *keys*."""
        before = self.profile.roles.index(role)
        keys_of = self.profile.roles[before - 1].profile if before else self.profile.base
        region = text(self.files.merged(role.profile), "region")
        return self.with_serial_owner(Caller(role.profile, keys, region, role.partition, keys_of))

    def with_serial_owner(self, caller: Caller) -> Caller:
        """*caller* with the profile that names the MFA device."""
        return caller._replace(serial_of=serial_owner(self.files, self.profile))


def prepare(operation: Operation, request: LoginRequest, continuation: Continuation) -> PreparedLogin:
    """Check *request* and the files.

    Raises UsageError, ConfigError, Cancelled.
    """
    context = operation.context
    code = checked_code(request.code.reveal()) if request.code else None
    resolved = continuation.resolved
    if resolved is None:
        resolved, named = context.resolve_with_scope(request.profile)
        if named:
            wanted = one_scope(named, request.scope, asked_profile(request.profile, context.env))
            request = request._replace(scope=wanted)
        check_encoding(resolved.files)
        check_can_log_in(resolved.files, resolved.profile, context.env)
    files, profile = resolved
    scope = find_scope(context, request.scope) if request.scope else None
    if request.duration is not None and profile.roles:
        checked_role_duration(request.duration, chained=len(profile.roles) > 1)
    elif request.duration is not None:
        checked_duration(request.duration)
    if context.clock.was_set:
        from mfa_tui.services.sessions.doubtful_expiry import ask_time_if_in_doubt

        ask_time_if_in_doubt(operation, files, profile)
    serial = known_serial(files, profile, request.serial or continuation.serial)
    asked_for = bool(serial or request.code or request.type_code)
    prepared = PreparedLogin(
        request._replace(profile=profile.name, code=code),
        continuation._replace(start=continuation.start or files),
        files,
        profile,
        serial,
        takes_codes=profile.takes_codes or (profile.has_user and asked_for),
        scope=scope,
    )
    if request.renew and continuation.stale is None:
        return prepared._replace(continuation=_with_sessions_to_replace(operation, prepared))
    return prepared


def _with_sessions_to_replace(operation: Operation, prepared: PreparedLogin) -> Continuation:
    """What was learned, with the sessions that are there now and that the user wants replaced."""
    request, profile = prepared.request, prepared.profile

    def present(roles: tuple[Role, ...]) -> str:
        serial = prepared.serial.text if prepared.serial else ""
        session = live_session(operation.context, profile, serial=serial, margin=0, roles=roles)
        return session.access_key_id if session else ""

    continuation = prepared.continuation._replace(stale=present(profile.roles))
    if profile.roles and (request.code or request.renew_source):
        # A new session of the role alone would be made with the user's session, and use no code.
        continuation = continuation._replace(refused_source=present(()))
    return continuation
