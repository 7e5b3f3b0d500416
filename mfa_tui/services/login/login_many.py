"""Several logins at once: a user's roles, say. The files are read, planned and written once.

The first login is planned alone: the code that was typed for it goes out at once, however many others there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.profile import ROLES, Kind, read_profile
from mfa_tui.errors import MfaTuiError, ProfileProblem, TargetRefused
from mfa_tui.services.login.login import done, planned
from mfa_tui.services.login.target_writer import TargetWriter, check_writers, target_foreign, write_sessions
from mfa_tui.services.profiles.resolve import check_able, check_encoding, source_profile
from mfa_tui.services.progress import Progress, quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context
    from mfa_tui.services.sessions.outcomes import Done, LoginRequest, Obtained


def with_roles(aws: AwsConfig, bases: Sequence[str]) -> Iterator[Profile]:
    """The profiles *bases*, each followed by the role profiles that come from it; every role profile if there are none.

    Those that cannot log in are among them, so that it is said why. Each profile is looked at once, and no sooner than
    it must be: the first of *bases* comes before any other.
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
    """Logins to profiles and to the roles that come from them, written together.

    ``problems`` are those that cannot be, by the profile's name; take them out when they were told.
    """

    def __init__(self, context: Context, names: Sequence[str], request: LoginRequest) -> None:
        """*request* is for each of *names* and of their roles; for every role profile if there are none.

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
        self._obtained: dict[str, tuple[LoginRequest, Obtained]] = {}
        self._serials: dict[str, str] = {}
        self.problems: dict[str, MfaTuiError] = {}

    @property
    def any(self) -> bool:
        """Whether there is one that may succeed."""
        return bool(self._writers)

    def requests(self) -> Iterator[LoginRequest]:
        """A request for each session, the one that takes a typed code first: :meth:`add` what it comes to.

        That one is told before the others are looked at, so there may be more problems after each.
        Raises ProfileProblem (``no-roles``), and FileProblem, WriteProblem if the files cannot be written.
        """
        profiles = with_roles(self._aws, self._bases)
        for profile in profiles:
            if request := self._planned(profile):
                check_writers(self._context.files, self._aws, list(self._writers.values()))
                yield request
                break
        rest = [request for profile in profiles if (request := self._planned(profile))]
        if not self._writers and not self.problems:
            raise ProfileProblem(
                "no-roles",
                "There are no role profiles in the AWS files.",
                "",
                "Add one with role_arn and source_profile.",
            )
        if rest:
            refused = check_writers(self._context.files, self._aws, list(self._writers.values()), all_or_none=False)
            self._take(refused)
        for request in rest:
            if request.profile in self._writers:
                yield self._informed(request)

    def _planned(self, profile: Profile) -> LoginRequest | None:
        """The request for *profile*, with its writer; None if there is a problem."""
        name = profile.name
        try:
            check_able(self._aws, profile, self._context.env)
            request = self._request._replace(profile=name)
            request, writer = planned(self._context, request, self._aws, profile, read_only_store=self._read_only_store)
            if taken := self._sources.get(writer.target):
                raise TargetRefused(
                    "target-twice",
                    f"{name} and {taken} have the same target [{writer.target}].",
                    "",
                    "Give one of them another with mfa_tui_target in its profile.",
                )
            if foreign := writer.foreign(self._aws):
                raise target_foreign(writer.target, foreign)
        except MfaTuiError as problem:
            self.problems[name] = problem
            return None
        self._writers[name] = writer
        self._sources[writer.target] = name
        return request._replace(understood=(self._aws, profile))

    def _informed(self, request: LoginRequest) -> LoginRequest:
        """The request with the device that another of the same user has shown to be right, if it names none itself."""
        if request.understood is None or request.understood[1].serial or request.serial:
            return request
        return request._replace(serial=self._serials.get(request.understood[1].credential_id, ""))

    def add(self, request: LoginRequest, obtained: Obtained) -> None:
        """Take the session that *request* came to."""
        profile = obtained.profile
        self._obtained[profile.name] = (request, obtained)
        if obtained.session.serial:
            self._serials[profile.credential_id] = obtained.session.serial

    def write(self, control: CancelScope, progress: Callable[[Progress], None] = quiet) -> list[Done]:
        """Write what was added, at once; what cannot be written is a problem of its own.

        Raises FileProblem, WriteProblem, Cancelled.
        """
        sessions = [(self._writers[name], obtained.session) for name, (_, obtained) in self._obtained.items()]
        if sessions:
            files, start = self._context.files, self._aws
            self._take(write_sessions(files, sessions, control, progress, start=start, all_or_none=False))
        return [
            done(self._context, request, obtained, self._writers[name])
            for name, (request, obtained) in self._obtained.items()
            if name in self._writers
        ]

    def _take(self, refused: dict[str, MfaTuiError]) -> None:
        for target, problem in refused.items():
            name = self._sources[target]
            self.problems[name] = problem
            del self._writers[name]
