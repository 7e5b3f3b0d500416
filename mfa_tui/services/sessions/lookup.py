"""The session of a profile: whether there is one, whose it is, and when it expires."""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.target import process_source, stored_expiry
from mfa_tui.core.sessions.expiry import is_live, is_valid, margin_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.core.profiles.role import Role
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


class State:
    """States of a profile's session; the names are stable (``list --json``)."""

    NONE = "none"
    """The target holds no session."""
    LIVE = "live"
    """Made with the current access key and serial, with more than the margin left."""
    ENDING = "ending"
    """Still valid, but with less than the margin left."""
    ENDED = "ended"
    """Expired."""
    UNVERIFIED = "unproved"
    """Temporary credentials that have not expired, but are not known to be of the current access key."""


SIGNS = {State.LIVE: "✓", State.ENDING: "!", State.ENDED: "!", State.UNVERIFIED: "?"}
"""The shape that tells a state, together with its words and its color, wherever it is shown."""


class SessionState:
    """The state of one target when it was read."""

    __slots__ = ("duration", "ending_at", "expires_at", "state")

    def __init__(
        self, state: str, expires_at: int | None = None, ending_at: int | None = None, duration: int | None = None
    ) -> None:
        self.state = state
        """One of :class:`State`."""
        self.expires_at = expires_at
        """In seconds since the epoch; None if it was not recorded."""
        self.ending_at = ending_at
        """When a valid session has only the margin left, in seconds since the epoch."""
        self.duration = duration
        """For how many seconds AWS gave it; None if that is not known."""

    def at(self, now: float) -> str:
        """The state at *now* (seconds since the epoch), if only time has passed since."""
        if self.expires_at is None or self.state in (State.NONE, State.ENDED):
            return self.state
        if not is_valid(self.expires_at, now):
            return State.ENDED
        if self.state == State.LIVE and self.ending_at is not None and self.ending_at <= now:
            return State.ENDING
        return self.state

    def __repr__(self) -> str:
        return f"SessionState({self.state!r}, {self.expires_at})"


def session_state(context: Context, aws: AwsConfig, profile: Profile, target: str) -> SessionState:
    """The state of the session that *target* holds for *profile*, or asks for. Reads only the cache and *aws*."""
    values = aws.in_credentials(target)
    key_id = text(values, "aws_access_key_id")
    process = not key_id and process_source(aws, target) == profile.name
    if not process and (not key_id or aws.source_of_target(target) != profile.name):
        return SessionState(State.NONE)
    now = context.clock.aws_now()
    cached = live_session(context, profile, margin=0)
    if cached is not None and (process or cached.access_key_id == key_id):
        ending_at = cached.expires_at - margin_for(cached.duration, context.settings.margin)
        state = State.LIVE if now < ending_at else State.ENDING
        return SessionState(state, cached.expires_at, ending_at, cached.duration)
    if process:
        return SessionState(State.NONE)
    expires_at = stored_expiry(values)
    if expires_at is not None and not is_valid(expires_at, now):
        return SessionState(State.ENDED, expires_at)
    return SessionState(State.UNVERIFIED, expires_at)


def live_session(
    context: Context,
    profile: Profile,
    *,
    serial: str = "",
    margin: int | None = None,
    roles: tuple[Role, ...] | None = None,
) -> Session | None:
    """A cached session of the profile's current access key and MFA serial, with more than the margin left.

    It is the profile's own session, or with *roles* (the first of its roles) one on the way to it.
    """
    wanted = serial or (profile.serial.text if profile.serial else None) if profile.has_user else ""
    chain = tuple(role.identity for role in (profile.roles if roles is None else roles))
    if profile.kind == Kind.BROKEN or (not profile.has_user and not chain):
        return None
    session = context.cache.find(profile.credential_id, wanted, chain)
    if session is None and wanted and chain and not profile.access_key_id:
        # A credential process may have given a session already, for which no device was needed.
        session = context.cache.find(profile.credential_id, "", chain)
    if session is None:
        return None
    needed = context.settings.margin if margin is None else margin
    return session if is_live(session.expires_at, session.duration, context.clock.aws_now(), needed) else None
