"""All profiles with what is known of each without asking AWS: what ``list`` and the interface show."""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import DEFAULT
from mfa_tui.core.profiles.kind import ROLES, SESSIONS, USERS
from mfa_tui.core.profiles.login_problems import LoginCheck
from mfa_tui.core.profiles.profile import Profile, read_profile
from mfa_tui.core.profiles.target import process_source, source_of, stored_expiry, target_name
from mfa_tui.core.shells.switching import profile_in_use
from mfa_tui.services.sessions.lookup import SessionState, State, session_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.services.context import Context


_NO_SESSION = SessionState(State.NONE)


class LimitedTarget:
    """A target whose session is limited to a scope."""

    __slots__ = ("expires_at", "name", "scope")

    def __init__(self, name: str, scope: str, expires_at: int | None) -> None:
        self.name = name
        """The section."""
        self.scope = scope
        """The name of the scope."""
        self.expires_at = expires_at
        """When its session expires, in seconds since the epoch; None if it holds none: it asks mfa-tui for one."""


class ProfileRow:
    """One profile of the list."""

    __slots__ = ("has_seed", "limited", "process", "profile", "secret_place", "session", "target")

    def __init__(
        self,
        profile: Profile,
        target: str,
        session: SessionState,
        *,
        has_seed: bool = False,
        process: bool = False,
        limited: Sequence[LimitedTarget] = (),
    ) -> None:
        self.profile = profile
        """What it means."""
        self.target = target
        """The section that login writes; empty if it cannot log in."""
        self.session = session
        """The state of its session."""
        self.has_seed = has_seed
        """Whether a secret is stored for its device, so that no code needs to be typed."""
        self.secret_place = ""
        """Where that secret is; see ``SeedStore.where``."""
        self.process = process
        """Whether the target calls mfa-tui for credentials (``credential_process``) instead of holding them."""
        self.limited = limited
        """Its targets with a scope."""


class Overview:
    """A view of both files as they are now. Rows are made on demand, so ten thousand profiles cost no more than ten."""

    def __init__(self, context: Context) -> None:
        """Raises FileProblem if a file cannot be read."""
        self._context = context
        self.aws: AwsConfig = context.files.load()
        self._check = LoginCheck(self.aws, context.env)
        self._places = context.seeds.places()
        self._profiles: dict[str, Profile] = {}
        self._rows: dict[str, ProfileRow] = {}
        self._meanings: dict[tuple[str, str], str] = {}
        sources = self.aws.sources
        hidden = {name for name, source in sources.items() if source in self.aws}
        self.names = tuple([name for name in self.aws.names if name not in hidden]) if hidden else self.aws.names
        """The profiles to show. Targets are not among them: they are the session of their source."""
        self.sources = tuple(dict.fromkeys(source for source in sources.values() if source in self.aws))
        """Those of ``names`` that have a target in the files."""
        self._limited: dict[str, list[str]] = {}
        for name, source in sources.items():
            if self.aws.scope_of_target(name):
                self._limited.setdefault(source, []).append(name)

    def profile(self, name: str) -> Profile:
        """What a profile means; for a row, its session is looked up, too."""
        profile = self._profiles.get(name)
        if profile is None:
            profile = read_profile(self.aws, name)
            if (fault := self._check.problem(profile)) is not None:
                # Instead of the general reason: login says the same.
                profile = profile.with_problem(
                    fault.brief if fault.profile in ("", name) else f"source {fault.profile!r}: {fault.brief}"
                )
            self._profiles[name] = profile
        return profile

    def row(self, name: str) -> ProfileRow:
        """The row of a profile."""
        row = self._rows.get(name)
        if row is None:
            profile, target, session, process = self.profile(name), "", _NO_SESSION, False
            if profile.kind in ROLES or (not profile.problem and profile.kind in USERS):
                target = target_name(self.aws, name, self._context.settings.target_pattern)
                # Most have not been logged in to.
                if self.aws.in_files(target):
                    session = session_state(self._context, self.aws, profile, target)
                    process = bool(target) and process_source(self.aws, target) == name
            row = self._rows[name] = ProfileRow(profile, target, session)
            if profile.serial is not None and (place := self._places.get(profile.serial.text)):
                row.secret_place, row.has_seed = place, True
            if process:
                row.process = True
            if name in self._limited:
                row.limited = self._limited_targets(name)
        return row

    def _limited_targets(self, name: str) -> list[LimitedTarget]:
        aws = self.aws
        return [
            LimitedTarget(target, aws.scope_of_target(target), stored_expiry(aws.in_credentials(target)))
            for target in self._limited[name]
        ]

    def forget(self, name: str) -> None:
        """Read the profile's session again next time: it may have changed while the AWS files have not."""
        self._rows.pop(name, None)

    def targets(self) -> list[Profile]:
        """Every profile that holds a session, whichever tool wrote it; its ``source`` is empty if it is not known."""
        return [profile for name in self.aws.names if (profile := read_profile(self.aws, name)).kind in SESSIONS]

    def shell_profile(self) -> str:
        """The profile that the shell names, or its source if it is a target; empty if there is none."""
        name = profile_in_use(self._context.env)
        return self._meant(name) or name

    def active_profile(self) -> str:
        """The profile that SDKs use in this shell, or its source if it is a target."""
        return self._meant(profile_in_use(self._context.env) or DEFAULT)

    def first_choice(self, asked: str, last_used: str, among: Sequence[str] = ()) -> str:
        """Where the cursor starts: *asked*, the shell's profile, the last used one, or the first that can log in.

        *among* are the profiles in the order in which they are shown, by default that of the files.
        """
        among = among or self.names
        for name in (asked, self.shell_profile(), last_used):
            if (meant := self._meant(name)) in self.names:
                return meant
        return next((name for name in among if self.row(name).profile.can_log_in), next(iter(among), ""))

    def _meant(self, name: str) -> str:
        """*name* itself, or the source if it is a target, written already or not; empty if it is neither."""
        if not name:
            return ""
        pattern = self._context.settings.target_pattern
        if (name, pattern) not in self._meanings:
            # It may take a look at every profile.
            source = source_of(self.aws, name, pattern)
            self._meanings[name, pattern] = source or (name if name in self.aws else "")
        return self._meanings[name, pattern]
