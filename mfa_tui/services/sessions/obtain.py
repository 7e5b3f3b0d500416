"""Obtaining the session of a profile, of a user or of a role: the live one, or a new one by the shortest way.

A user's session is made with a code (GetSessionToken). A role's is made with the user's (AssumeRole), which needs no
code while that one lives; so one code opens every role. A role that asks for more than the hour which AWS allows that
way (role chaining) is assumed with the long-term keys and a code of its own.

Each session on the way is kept, and made by one process at a time (see ``adapters.sessions.single_flight``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.ca_bundle import check_ca_bundle
from mfa_tui.adapters.aws.caller import AwsError, AwsUnreachable, Caller
from mfa_tui.adapters.filesystem.locks import WAIT
from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.sessions.single_flight import PATIENCE
from mfa_tui.core.aws.error_kinds import AwsErrorKind, classify
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.login_problems import serial_owner
from mfa_tui.core.profiles.role import CHAINED_MAXIMUM, DEFAULT_DURATION, Role, checked_role_duration, session_name
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.core.sessions.expiry import checked_duration, format_duration
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import Cancelled, KeyringProblem
from mfa_tui.models import AccessKeys, Session
from mfa_tui.models import session_name as name_of
from mfa_tui.services.profiles.resolve import able_profile, known_serial, source_profile
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.sessions.code_source import CodeGiver
from mfa_tui.services.sessions.device_discovery import base_caller, find_devices
from mfa_tui.services.sessions.external_credentials import base_keys, gives_sessions
from mfa_tui.services.sessions.lookup import live_session
from mfa_tui.services.sessions.outcomes import LoginRequest, Need, NeedsCode, NeedsSerial, Obtained
from mfa_tui.services.sessions.send_code import TokenMaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Secret
    from mfa_tui.services.context import Context

_A_MOMENT = 60
"""Seconds that a session on the way must have left: it is used once, at once."""
_FRESH = 60
"""A session younger than this, in seconds, is as recent as any role may want it."""


class _GivesSession(Exception):
    """A credential process gives temporary credentials, no long-term keys: no code goes with them."""


class _TooOld(Exception):
    """A role was denied to a session of the user that is not fresh. ``refusal`` remains if a fresh one fails too."""

    def __init__(self, refusal: MfaTuiError) -> None:
        super().__init__(refusal.slug)
        self.refusal = refusal


def obtain(
    context: Context, request: LoginRequest, control: CancelScope, progress: Callable[[Progress], None] = quiet
) -> Obtained | Need:
    """The session of a profile, written nowhere but in the cache; or what is missing for it.

    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, Cancelled.
    """
    return Obtainer.prepared(context, request, control, progress).obtain()


class Obtainer:
    """One call of :func:`obtain` or of login: what its steps share.

    ``request`` carries what was learned; ``notices`` are one-line remarks for the user.
    """

    def __init__(
        self,
        context: Context,
        request: LoginRequest,
        control: CancelScope,
        progress: Callable[[Progress], None],
        *,
        aws: AwsConfig,
        profile: Profile,
    ) -> None:
        self.context = context
        self.request = request
        self.aws = aws
        self.profile = profile
        self.control = control
        self.progress = progress
        self.notices: list[str] = []
        self.uncached = False
        self.serial = known_serial(aws, profile, request.serial)
        self._codes = CodeGiver(context, request.code, asks=request.type_code, spares=request.spare_used)
        self._made = self._unhad = ""
        self._given_session = False
        asked_for = bool(self.serial or request.code or request.type_code)
        self._takes_codes = profile.takes_codes or (profile.has_user and asked_for)

    @classmethod
    def prepared(
        cls, context: Context, request: LoginRequest, control: CancelScope, progress: Callable[[Progress], None]
    ) -> Obtainer:
        """All that can be wrong with the request or the files is found here, before any request is made."""
        code = checked_code(request.code.reveal()) if request.code else None
        if request.understood:
            aws, profile = request.understood
        else:
            aws = context.files.load()
            name = source_profile(aws, request.profile, context.env, context.settings.target_pattern)
            profile = able_profile(aws, name, context.env)
        request = request._replace(profile=profile.name, code=code, start=request.start or aws)
        if request.duration is not None and profile.roles:
            checked_role_duration(request.duration, chained=len(profile.roles) > 1)
        elif request.duration is not None:
            checked_duration(request.duration)
        if context.clock.was_set:
            from mfa_tui.services.sessions.clock_check import settle_time

            settle_time(context, aws, profile, control, progress)
        return cls(context, request, control, progress, aws=aws, profile=profile)

    def live(self) -> Session | None:
        """The profile's own session, if it is live and not to be replaced."""
        return self._live(self.profile.roles)

    def obtain(self) -> Obtained | Need:
        """The live session, or a new one."""
        if self.request.renew and self.request.stale is None:
            self.request = self.request._replace(stale=self._present(self.profile.roles))
            if self.request.code and self.profile.roles:
                # Who forces it and gives a code wants that to count.
                self.request = self.request._replace(refused_source=self._present(()))
        try:
            session = self._live_or_new()
        except _GivesSession:
            if not self.profile.roles:
                raise gives_sessions(self.profile) from None
            self._given_session, self._takes_codes, self.serial = True, False, None
            session = self._live_or_new()
        if isinstance(session, NeedsCode | NeedsSerial):
            return session
        if notice := self._codes.prove(self.control):
            self.notices.append(notice)
        return self.obtained(session)

    def _live_or_new(self) -> Session | Need:
        return self.live() or self._find_serial() or self._session(self.profile.roles)

    def obtained(self, session: Session) -> Obtained:
        """The outcome, with what else the user should know."""
        kept = session.access_key_id != self._made
        if self._codes.in_hand:
            why = "a session is live. --force makes a new one."
            if self._given_session:
                why = f"the credential process of {self.profile.base} gives a session of its own."
            self.notices.append(f"The code was not used: {why}")
        if kept and self.request.duration:
            left = format_duration(session.expires_at - self.context.clock.aws_now())
            self.notices.append(f"The live session was kept ({left} left); --force makes one of the new length.")
        return Obtained(self.profile, session, kept, tuple(self.notices))

    # Finding

    def _any(self, roles: tuple[Role, ...], margin: int = 0) -> Session | None:
        serial = self.serial.text if self.serial else ""
        return live_session(self.context, self.profile, serial=serial, margin=margin, roles=roles)

    def _present(self, roles: tuple[Role, ...]) -> str:
        """The access key id of the session at the end of *roles* that is there now; empty if there is none."""
        session = self._any(roles)
        return session.access_key_id if session else ""

    def _live(self, roles: tuple[Role, ...]) -> Session | None:
        """The cached session that will do, whole; None if there is none, or the keyring does not give it."""
        itself = roles == self.profile.roles
        found = self._any(roles, self.context.settings.margin if itself else _A_MOMENT)
        if found is None:
            return None
        if itself and self.request.renew and self.request.stale in (None, found.access_key_id):
            return None
        if not roles and found.access_key_id == self.request.refused_source:
            return None
        try:
            return self.context.cache.load_secrets(found, self.control)
        except KeyringProblem as problem:
            self._unhad = f"The live session is in the keyring, and could not be had: {problem.what}"
            if self._unhad not in self.notices:
                self.notices.append(self._unhad)
            return None

    def _find_serial(self) -> NeedsSerial | None:
        """Settle which MFA device it is: the one of the user's session, the only usable one, or one that is chosen."""
        if self.serial is not None or not self.profile.has_user or self._given_session:
            return None
        if self.profile.roles and (session := self._any((), _A_MOMENT)):
            self.serial, self._takes_codes = MfaSerial(session.serial), True
        if self.serial is not None or not self._takes_codes:
            return None
        self.progress(Progress("discovering", "Asking AWS for the MFA devices"))
        found = find_devices(self._token_maker(base_caller(self.aws, self.profile, self._keys())))
        if isinstance(found, str):
            return NeedsSerial(self.request, self.profile.name, why=found)
        usable = [device for device in found if device.serial.usable]
        stored = [device for device in usable if device.serial.text in self.context.seeds.serials()]
        if len(usable) == 1:
            self.serial = usable[0].serial
        elif len(stored) == 1 and not self.request.code and not self.request.type_code:
            self.serial = stored[0].serial
        else:
            return NeedsSerial(self.request, self.profile.name, tuple(found), "The user has several MFA devices.")
        self.request = self.request._replace(serial=self.serial.text)
        return None

    # Making

    def _session(self, roles: tuple[Role, ...]) -> Session | NeedsCode:
        """The session at the end of *roles*: live, made meanwhile by another process, or made now."""
        if found := self._live(roles):
            return found
        if not roles or self._straight(roles):
            return self._alone(roles, lambda: self._by_code(roles))
        if len(roles) == 1 and not self._takes_codes:
            # What gives the base its credentials may be slow, or ask: it is run by one process only, too.
            return self._alone(roles, lambda: self._assumed(roles, self._base_keys()))
        # Had before the role's lock is taken: whoever asks for a code holds the source's and wants the role's next.
        source = self._session(roles[:-1])
        if isinstance(source, NeedsCode):
            return source
        try:
            return self._alone(roles, lambda: self._assumed(roles, source))
        except _TooOld as denial:
            return self._by_fresh_source(roles, source, denial.refusal)

    def _alone(self, roles: tuple[Role, ...], make: Callable[[], Session | NeedsCode]) -> Session | NeedsCode:
        """What *make* gives, kept, while no other process makes that session; or what another has just made."""
        # A code in hand does not last while somebody else is being asked for one.
        patience = WAIT if self._codes.in_hand else PATIENCE
        with self.context.single_flight.hold(
            self._name(roles), seconds=patience, cancelled=self.control.cancelled, waiting=self._tell_of_other
        ):
            if found := self._live(roles):
                return found
            made = make()
            if not isinstance(made, NeedsCode):
                self._made = made.access_key_id
                self._keep(made)
        return made

    def _straight(self, roles: tuple[Role, ...]) -> bool:
        """Whether the session at the end of *roles* is longer than chaining allows, and may be."""
        return self._takes_codes and len(roles) == 1 and self._duration(roles) > CHAINED_MAXIMUM

    def _by_code(self, roles: tuple[Role, ...]) -> Session | NeedsCode:
        """The user's session, or a role's straight from the user's keys; or the question for a code."""
        if self.serial is None:
            raise AssertionError("the device is settled first")
        serial = self.serial
        if roles:
            role, duration = roles[0], self._duration(roles)
            maker = self._token_maker(self._caller(role, self._keys()), role)

            def send(code: Secret) -> Session:
                name = self._session_name(role)
                return self.context.aws.assume_role(
                    maker.caller, role, name, duration, self.control, serial=serial.text, code=code
                )

        else:
            maker = self._token_maker(base_caller(self.aws, self.profile, self._keys()))
            seconds = (None if self.profile.roles else self.request.duration) or self.context.settings.duration

            def send(code: Secret) -> Session:
                return self.context.aws.get_session_token(maker.caller, serial.text, code, seconds, self.control)

        # Not only once a code was typed.
        check_ca_bundle(self.context.env, maker.caller.profile, self.aws.merged(maker.caller.profile))
        given = self._codes.give(maker, serial, send)
        if isinstance(given, str):
            why = given or self._unhad
            return NeedsCode(self.request, self.profile.name, serial, why=why, session=self._name(roles))
        return given

    def _base_keys(self) -> AccessKeys | Session:
        if self.profile.keys is None:
            self.progress(Progress("asking", f"Getting the credentials of {self.profile.base}"))
        return base_keys(self.context, self.aws, self.profile, self.control)

    def _duration(self, roles: tuple[Role, ...]) -> int:
        """Seconds that the session at the end of *roles* shall last."""
        if roles != self.profile.roles:
            return min(roles[-1].duration or DEFAULT_DURATION, CHAINED_MAXIMUM)
        return self.request.duration or roles[-1].duration or DEFAULT_DURATION

    def _assumed(self, roles: tuple[Role, ...], source: AccessKeys | Session) -> Session:
        """The session of the last of *roles*, made with *source*. Raises _TooOld if that may be refused for its age."""
        role = roles[-1]
        caller = self._caller(role, source)
        maker = self._token_maker(caller, role)
        name, duration = self._session_name(role), self._duration(roles)
        self.progress(Progress("asking", f"Asking AWS for the role {role.name}"))
        try:
            return maker.despite_clock(lambda: self.context.aws.assume_role(caller, role, name, duration, self.control))
        except AwsError as failure:
            refusal = maker.explained(failure)
            if isinstance(source, AccessKeys) and refusal.slug == "role-denied":
                command = shell_command(self.profile.name, "mfa-tui login PROFILE --serial ARN --save-serial")
                refusal.remedy = f"If it wants MFA, give the device: {command}"
            if isinstance(source, Session) and self._may_be_too_old(source, failure):
                raise _TooOld(refusal) from None
            raise refusal from None
        except AwsUnreachable as failure:
            raise maker.explained(failure) from None

    def _by_fresh_source(self, roles: tuple[Role, ...], old: Session, refusal: MfaTuiError) -> Session | NeedsCode:
        """The role's session, made with a session of the user that is younger than *old*."""
        age = format_duration(self.context.clock.aws_now() - (old.expires_at - old.duration))
        self.request = self.request._replace(refused_source=old.access_key_id)
        fresh = self._session(())
        if isinstance(fresh, NeedsCode):
            why = f"AWS denied the role {roles[-1].name} to a session made {age} ago; some roles want a recent code."
            return fresh._replace(why=why, refusal=refusal)
        return self._alone(roles, lambda: self._assumed(roles, fresh))

    def _may_be_too_old(self, source: Session, failure: AwsError) -> bool:
        """Whether a fresh session of the user may open what *source*, one from the cache, did not.

        AWS says the same whatever a trust policy's condition on aws:MultiFactorAuthAge or a missing permission denies.
        """
        if source.roles or not self._takes_codes or source.access_key_id == self._made:
            return False
        if self.request.refused_source:
            # This is the fresh one.
            return False
        if self.context.clock.aws_now() - (source.expires_at - source.duration) < _FRESH:
            return False
        means = classify(failure.code, failure.message, failure.status)
        return means in (AwsErrorKind.DENIED, AwsErrorKind.SESSION_KEYS)

    def _keep(self, session: Session) -> None:
        try:
            self.context.cache.store(session, self.control)
        except (OSError, KeyringProblem, Cancelled) as error:
            # Not even a cancelled keyring call loses the session: its code is spent, so it is used all the same.
            why = reason(error) if isinstance(error, OSError) else error.what.rstrip(".")
            notice = f"The session could not be cached ({why}): the next login needs a code again."
            # A role's and its user's, for one reason.
            if notice not in self.notices:
                self.notices.append(notice)
            self.uncached = True

    # Parts of the above

    def _name(self, roles: tuple[Role, ...]) -> str:
        return name_of(self.profile.credential_id, self._serial_text(), tuple(role.identity for role in roles))

    def _keys(self) -> AccessKeys:
        """The long-term keys of the user. Raises _GivesSession, AwsRefused (``source-silent``), Cancelled."""
        found = self._base_keys()
        if isinstance(found, Session):
            raise _GivesSession
        return found

    def _serial_text(self) -> str:
        return self.serial.text if self.serial is not None else ""

    def _session_name(self, role: Role) -> str:
        return session_name(role, self.serial, self.profile.base)

    def _caller(self, role: Role, keys: AccessKeys | Session) -> Caller:
        before = self.profile.roles.index(role)
        keys_of = self.profile.roles[before - 1].profile if before else self.profile.base
        region = text(self.aws.merged(role.profile), "region")
        return Caller(role.profile, keys, region, role.arn.split(":")[1], keys_of)

    def _token_maker(self, caller: Caller, role: Role | None = None) -> TokenMaker:
        return TokenMaker(
            self.context,
            caller._replace(serial_of=serial_owner(self.aws, self.profile)),
            self.control,
            self.progress,
            self.notices,
            role=role,
            new_device=self.request.new_device,
        )

    def _tell_of_other(self, holder: str) -> None:
        self.progress(Progress("waiting", f"Waiting for {holder}, which is getting this session"))
