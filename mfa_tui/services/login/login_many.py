"""Several logins at once, such as to a user's roles. The files are read once and written once.

The first login is planned alone, so that a typed code is sent at once, however many others there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.kind import ROLES, Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.errors import MfaTuiError, ProfileProblem, TargetRefused
from mfa_tui.services.login.login import login_result, plan_target
from mfa_tui.services.login.target_writer import TargetWriter, check_writers, foreign_target, write_sessions
from mfa_tui.services.profiles.resolve import ResolvedProfile, check_can_log_in, check_encoding, source_profile
from mfa_tui.services.sessions.outcomes import Continuation, LoginRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.outcomes import LoginResult, ObtainedSession


class PlannedLogin(NamedTuple):
    """One login of several: what to pass to ``get_session``."""

    request: LoginRequest
    """What is wanted, for one profile."""
    continuation: Continuation
    """The profile, already resolved."""


def with_role_profiles(aws: AwsConfig, bases: Sequence[str]) -> Iterator[Profile]:
    """The profiles *bases*, each followed by the role profiles that come from it; without *bases*, every role profile.

    Those that cannot log in are among them, so that the reason can be shown. Each profile is read once, and as late as
    possible: the first of *bases* is yielded before any other is read.
    """
    if not bases:
        yield from (profile for name in aws.names if _is_role(aws, profile := read_profile(aws, name)))
        return
    found = {bases[0]: [read_profile(aws, bases[0])]}
    yield found[bases[0]][0]
    found |= {base: [read_profile(aws, base)] for base in bases[1:]}
    for name in aws.names:
        if name not in found:
            profile = read_profile(aws, name)
            if profile.base in found and _is_role(aws, profile):
                found[profile.base].append(profile)
    yield from [profile for profiles in found.values() for profile in profiles][1:]


def _is_role(aws: AwsConfig, profile: Profile) -> bool:
    broken = profile.kind == Kind.BROKEN and text(aws.merged(profile.name), "role_arn")
    return profile.kind in ROLES or bool(broken)


class ManyLogins:
    """Logins to profiles and to the roles that come from them, written together."""

    def __init__(self, context: Context, names: Sequence[str], request: LoginRequest) -> None:
        """*request* is for each of *names* and of their roles; without *names*, for every role profile.

        Raises FileProblem, ProfileProblem.
        """
        self._context = context
        self._request = request
        self._aws = context.files.load()
        check_encoding(self._aws)
        pattern = context.settings.target_pattern
        self._bases = list(dict.fromkeys(source_profile(self._aws, name, context.env, pattern) for name in names))
        self._read_only_store = context.files.read_only_store()
        self._writers: dict[str, TargetWriter] = {}
        self._sources: dict[str, str] = {}
        self._obtained: dict[str, tuple[LoginRequest, ObtainedSession]] = {}
        self._serials: dict[str, str] = {}
        self.problems: dict[str, MfaTuiError] = {}
        """The errors of logins that are not possible, by the profile's name. Remove those that were shown."""

    @property
    def any(self) -> bool:
        """Whether there is a login that may succeed."""
        return bool(self._writers)

    def plan(self) -> Iterator[PlannedLogin]:
        """A planned login for each session, the one that takes a typed code first; pass the result to :meth:`add`.

        The first is yielded before the other profiles are read, so there may be more ``problems`` after each.
        Raises ProfileProblem (``no-roles``), and FileProblem, WriteProblem if the files cannot be written.
        """
        profiles = with_role_profiles(self._aws, self._bases)
        for profile in profiles:
            if planned := self._plan(profile):
                check_writers(self._context.files, self._aws, list(self._writers.values()))
                yield planned
                break
        rest = [planned for profile in profiles if (planned := self._plan(profile))]
        if not self._writers and not self.problems:
            raise ProfileProblem(
                "no-roles",
                "There are no role profiles in the AWS files.",
                "",
                "Add one with role_arn and source_profile.",
            )
        if rest:
            refused = check_writers(self._context.files, self._aws, list(self._writers.values()), all_or_none=False)
            self._drop(refused)
        for planned in rest:
            if planned.request.profile in self._writers:
                yield self.with_known_serial(planned)

    def _plan(self, profile: Profile) -> PlannedLogin | None:
        """Plan the login to *profile*, and its writer; None if there is a problem."""
        name = profile.name
        try:
            check_can_log_in(self._aws, profile, self._context.env)
            request = self._request._replace(profile=name)
            request, writer = plan_target(
                self._context, request, self._aws, profile, read_only_store=self._read_only_store
            )
            if taken := self._sources.get(writer.target):
                raise TargetRefused(
                    "target-twice",
                    f"{name} and {taken} have the same target [{writer.target}].",
                    "",
                    "Set mfa_tui_target to another name in one of them.",
                )
            if foreign := writer.foreign(self._aws):
                raise foreign_target(writer.target, foreign)
        except MfaTuiError as problem:
            self.problems[name] = problem
            return None
        self._writers[name] = writer
        self._sources[writer.target] = name
        return PlannedLogin(request, Continuation(resolved=ResolvedProfile(self._aws, profile)))

    def with_known_serial(self, planned: PlannedLogin) -> PlannedLogin:
        """*planned* with the device that has worked for another login of the same user, if it names none itself."""
        resolved = planned.continuation.resolved
        if resolved is None or resolved.profile.serial or planned.request.serial:
            return planned
        serial = self._serials.get(resolved.profile.credential_id, "")
        return planned._replace(request=planned.request._replace(serial=serial))

    def add(self, planned: PlannedLogin, obtained: ObtainedSession) -> None:
        """Add the session that was obtained for *planned*."""
        profile = obtained.profile
        self._obtained[profile.name] = (planned.request, obtained)
        if obtained.session.serial:
            self._serials[profile.credential_id] = obtained.session.serial

    def write(self, operation: Operation) -> list[LoginResult]:
        """Write what was added, all at once; sessions that cannot be written are added to ``problems``.

        Raises FileProblem, WriteProblem, Cancelled.
        """
        sessions = [(self._writers[name], obtained.session) for name, (_, obtained) in self._obtained.items()]
        if sessions:
            cached = all(obtained.cached for _, obtained in self._obtained.values())
            self._drop(write_sessions(operation, sessions, start=self._aws, cached=cached, all_or_none=False))
        return [
            login_result(self._context, request, obtained, self._writers[name])
            for name, (request, obtained) in self._obtained.items()
            if name in self._writers
        ]

    def _drop(self, refused: dict[str, MfaTuiError]) -> None:
        for target, problem in refused.items():
            name = self._sources[target]
            self.problems[name] = problem
            del self._writers[name]
