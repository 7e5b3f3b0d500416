"""Getting the session of a profile, of a user or of a role: the cached one, or a new one by the shortest way.

A user's session is made with a code (GetSessionToken). A role's is made with the user's (AssumeRole), which needs no
code while that one is valid; so one code is enough for all roles. A role that asks for more than the hour which AWS
allows that way (role chaining) is assumed with the long-term keys and a code of its own.

Each session on the way is cached, and made by one process at a time (see ``cached_sessions``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.ca_bundle import check_ca_bundle
from mfa_tui.adapters.filesystem.locks import WAIT
from mfa_tui.adapters.sessions.single_flight import TIMEOUT
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.profiles.role import session_name
from mfa_tui.core.sessions.expiry import USED_AT_ONCE, age, format_duration
from mfa_tui.models import AccessKeys, Session
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.sessions.assume_role import RoleDenied, assume_role
from mfa_tui.services.sessions.cached_sessions import CachedSessions
from mfa_tui.services.sessions.device_discovery import base_caller, find_devices
from mfa_tui.services.sessions.external_credentials import get_base_credentials, process_gives_session
from mfa_tui.services.sessions.limit_session import find_live_limited, limit_session
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest, Need, NeedsCode, NeedsSerial, ObtainedSession
from mfa_tui.services.sessions.prepare import PreparedLogin, prepare
from mfa_tui.services.sessions.send_code import CodeRequest, CodeSender

if TYPE_CHECKING:
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation

NEW = Continuation()
"""Nothing was learned yet: the login begins."""
_FRESH = 60
"""A session younger than this, in seconds, is as recent as any role may require."""


class _SessionGiven(Exception):
    """The credential process gave temporary credentials where long-term keys were wanted."""


def get_session(
    operation: Operation, request: LoginRequest, continuation: Continuation = NEW
) -> ObtainedSession | Need:
    """Get the session of a profile, written nowhere but in the cache; or return what is missing for it.

    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, Cancelled.
    """
    return SessionChain(operation, prepare(operation, request, continuation)).get_session()


def login_action(operation: Operation, login: PreparedLogin) -> tuple[Context, Action]:
    """The action of a login, for the history."""
    return operation.context, Action("role-login" if login.profile.roles else "login", login.profile.name)


def _words(outcome: ObtainedSession | Need) -> str:
    """What getting a user's new session has done by itself; empty where the calls to AWS say it."""
    if not isinstance(outcome, ObtainedSession) or outcome.kept or outcome.session.roles or outcome.session.scope:
        return ""
    # The list shows none, as a login would.
    return f"Got a session for {format_duration(outcome.session.duration)}; not saved in the AWS files."


class SessionChain:
    """The sessions that lead to a profile's own: the user's, then one for each role."""

    def __init__(self, operation: Operation, login: PreparedLogin) -> None:
        request = login.request
        self.login = login
        self.cache = CachedSessions(operation)
        self.operation = operation
        """The login, as an action of the user."""
        self._context = operation.context
        self._sender = CodeSender(
            operation,
            request.code,
            ask_code=request.type_code,
            spare_used=request.spare_used,
            new_device=request.new_device,
        )

    def find(self) -> Session | None:
        """The profile's own session, if it is cached and need not be replaced. Raises Cancelled.

        With a scope it is the one that is limited to it, if that is cached as well.
        """
        found, scope = self._find_unlimited(), self.login.scope
        if found is None or scope is None:
            return found
        return find_live_limited(self.operation, found, scope)

    def _find_unlimited(self) -> Session | None:
        return self.cache.find(self.login, self.login.profile.roles)

    @recorded(lambda self: login_action(self.operation, self.login), _words)
    def get_session(self) -> ObtainedSession | Need:
        """Get the cached session or a new one; or return what is missing. Raises as :func:`get_session`."""
        try:
            session = self._find_or_make()
        except _SessionGiven:
            if not self.login.profile.roles:
                raise process_gives_session(self.login.profile) from None
            self.login = self.login._replace(serial=None, takes_codes=False, is_given_session=True)
            session = self._find_or_make()
        if not isinstance(session, Session):
            return session
        self._sender.confirm_secret()
        if self.login.scope is None:
            return self.obtained(session)
        limited = limit_session(self.operation, self.login.resolved, session, self.login.scope)
        return self.obtained(session)._replace(session=limited)

    def remember_writable(self) -> None:
        """The files can be written as they are now: another attempt need not check that again."""
        login = self.login
        self.login = login._replace(continuation=login.continuation._replace(writable=login.files))

    def obtained(self, session: Session) -> ObtainedSession:
        """The outcome; notices say what of the request made no difference."""
        login, kept = self.login, session.access_key_id != self.cache.made
        if self._sender.has_unsent_code:
            why = "there is a valid session. --force gets a new one."
            if login.is_given_session:
                why = f"the credential process of {login.profile.base} provides a session of its own."
            self.operation.notify(f"The code was not used: {why}")
        if kept and login.request.duration:
            left = format_duration(session.expires_at - self._context.clock.aws_now())
            self.operation.notify(f"The session was kept ({left} left); --force gets one of the new length.")
        return ObtainedSession(login.profile, session, kept, self.cache.is_cached)

    def _find_or_make(self) -> Session | Need:
        return self._find_unlimited() or self._choose_device() or self._session_of(self.login.profile.roles)

    def _choose_device(self) -> NeedsSerial | None:
        """Settle which MFA device it is: that of the user's session, the only usable one, or ask which."""
        login = self.login
        if login.serial is not None or not login.profile.has_user or login.is_given_session:
            return None
        if login.profile.roles and (session := self.cache.look_up(login, (), USED_AT_ONCE)):
            self.login = login._replace(serial=MfaSerial(session.serial), takes_codes=True)
            return None
        if not login.takes_codes:
            return None
        self.operation.progress("discovering", "Asking AWS for the MFA devices")
        caller = base_caller(login.files, login.profile, self._get_keys())
        found = find_devices(self.operation, login.with_serial_owner(caller))
        if isinstance(found, str):
            return NeedsSerial(login.request, login.continuation, login.profile.name, why=found)
        usable = [device.serial for device in found if device.serial.usable]
        stored = [serial for serial in usable if serial.text in self._context.seeds.serials()]
        if len(usable) == 1:
            serial = usable[0]
        elif len(stored) == 1 and not login.request.code and not login.request.type_code:
            serial = stored[0]
        else:
            why = "The user has several MFA devices."
            return NeedsSerial(login.request, login.continuation, login.profile.name, tuple(found), why)
        self.login = login._replace(serial=serial, continuation=login.continuation._replace(serial=serial.text))
        return None

    def _session_of(self, roles: tuple[Role, ...]) -> Session | NeedsCode:
        """Find or make the session at the end of *roles*; another process may make it in the meantime."""
        login = self.login
        if found := self.cache.find(login, roles):
            return found
        # A typed code expires while this process waits for another one.
        timeout = WAIT if self._sender.has_unsent_code else TIMEOUT
        if not roles or login.needs_direct_assume(roles):
            return self.cache.find_or_make(login, roles, lambda: self._make_with_code(roles), timeout=timeout)
        if len(roles) == 1 and not login.takes_codes:
            # What gives the base its credentials may be slow, or ask: only one process runs it, too.
            return self.cache.find_or_make(login, roles, lambda: self._assume_from_base(roles), timeout=timeout)
        # Before the role's lock is taken: a process that asks for a code holds the source's and wants the role's next.
        source = self._session_of(roles[:-1])
        if isinstance(source, NeedsCode):
            return source
        try:
            return self._assume_with(roles, source)
        except RoleDenied as denial:
            if not self._may_be_too_old(source):
                raise denial.error from None
            return self._assume_with_newer_source(roles, source, denial)

    def _make_with_code(self, roles: tuple[Role, ...]) -> Session | NeedsCode:
        """Make the user's session, or a role's directly from the user's keys; or ask for a code."""
        login, aws, cancel = self.login, self._context.aws, self.operation.cancel
        if login.serial is None:
            raise AssertionError("the device is settled first")
        serial, duration = login.serial, login.duration(roles, self._context.settings.duration)
        role = roles[0] if roles else None
        if role is not None:
            caller = login.role_caller(role, self._get_keys())
            name = session_name(role, serial, login.profile.base)
        else:
            caller = login.with_serial_owner(base_caller(login.files, login.profile, self._get_keys()))

        def send(code: Secret) -> Session:
            if role is None:
                return aws.get_session_token(caller, serial.text, code, duration, cancel)
            return aws.assume_role(caller, role, name, duration, cancel, serial=serial.text, code=code)

        # Before a code is typed.
        check_ca_bundle(self._context.env, caller.profile, login.files.merged(caller.profile))
        sent = self._sender.send(CodeRequest(serial, caller, send, role))
        if isinstance(sent, Session):
            return sent
        why, session = sent or self.cache.unreadable, login.session_name(roles)
        profile = login.profile
        other = bool(login.request.serial) and (profile.serial is None or profile.serial.text != serial.text)
        return NeedsCode(
            login.request, login.continuation, profile.name, serial, why=why, session=session, is_other_device=other
        )

    def _assume_from_base(self, roles: tuple[Role, ...]) -> Session:
        source = get_base_credentials(self.operation, self.login.files, self.login.profile)
        try:
            return assume_role(self.operation, self.login, roles, source)
        except RoleDenied as denial:
            raise denial.error from None

    def _assume_with(self, roles: tuple[Role, ...], source: Session) -> Session:
        timeout = WAIT if self._sender.has_unsent_code else TIMEOUT
        return self.cache.find_or_make(
            self.login, roles, lambda: assume_role(self.operation, self.login, roles, source), timeout=timeout
        )

    def _assume_with_newer_source(
        self, roles: tuple[Role, ...], old: Session, denial: RoleDenied
    ) -> Session | NeedsCode:
        """Assume the role with a session of the user that is newer than *old*."""
        login = self.login
        self.login = login._replace(continuation=login.continuation._replace(refused_source=old.access_key_id))
        newer = self._session_of(())
        if isinstance(newer, NeedsCode):
            since = format_duration(self._age(old))
            why = (
                f"AWS denied the role {roles[-1].name} to a session made {since} ago; some roles require a recent code."
            )
            return newer._replace(why=why, refusal=denial.error)
        try:
            return self._assume_with(roles, newer)
        except RoleDenied as again:
            raise again.error from None

    def _may_be_too_old(self, source: Session) -> bool:
        """Whether AWS may allow a new session of the user what it denied to *source*, a cached one.

        AWS gives the same answer whether a trust policy's condition on aws:MultiFactorAuthAge or a missing permission
        denies the role.
        """
        if source.roles or not self.login.takes_codes or source.access_key_id == self.cache.made:
            return False
        if self.login.continuation.refused_source:
            # This is the new one.
            return False
        return self._age(source) >= _FRESH

    def _age(self, session: Session) -> float:
        return age(session.expires_at, session.duration, self._context.clock.aws_now())

    def _get_keys(self) -> AccessKeys:
        """Get the user's long-term keys. Raises _SessionGiven, AwsRefused (``source-silent``), Cancelled."""
        found = get_base_credentials(self.operation, self.login.files, self.login.profile)
        if isinstance(found, Session):
            raise _SessionGiven
        return found
