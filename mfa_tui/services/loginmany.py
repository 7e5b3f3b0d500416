"""Several logins at once: a user's roles, say. What can be wrong is found first, and the files are written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.awsconfig import text
from mfa_tui.core.profiles import ROLES, Kind, understand
from mfa_tui.errors import MfaTuiError, TargetRefused
from mfa_tui.services.login import done, planned
from mfa_tui.services.names import able_profile, source_profile
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.writing import TargetWriter, check_writers, target_foreign, write_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mfa_tui.adapters.control import Control
    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.services.context import Context
    from mfa_tui.services.outcomes import Done, LoginRequest, Obtained


def roles_of(context: Context, names: Sequence[str]) -> list[str]:
    """*names*, each followed by the role profiles that come from it; every role profile if there are none.

    Those that cannot log in are among them, so that it is said why. Raises FileProblem, ProfileProblem.
    """
    aws = context.files.load()
    pattern = context.settings.target_pattern
    bases = [source_profile(aws, name, context.env, pattern) for name in names]
    roles: dict[str, list[str]] = {base: [] for base in bases}
    for name in aws.names:
        profile = understand(aws, name)
        is_role = profile.kind in ROLES or (profile.kind == Kind.BROKEN and text(aws.merged(name), "role_arn"))
        if is_role and (not bases or profile.base in roles) and name not in roles:
            roles.setdefault(profile.base, []).append(name)
    if not bases:
        return [name for found in roles.values() for name in found]
    return list(dict.fromkeys(name for base in bases for name in (base, *roles[base])))


class ManyLogins:
    """Logins that are written together. ``problems`` are those that cannot be, by the profile's name."""

    def __init__(self, context: Context, requests: Sequence[LoginRequest]) -> None:
        """Raises FileProblem, WriteProblem if the files cannot be written; no request is made to AWS."""
        self._context = context
        self._obtained: dict[str, tuple[LoginRequest, Obtained]] = {}
        self._writers: dict[str, TargetWriter] = {}
        self.requests: list[LoginRequest] = []
        self.problems: dict[str, MfaTuiError] = {}
        self._start = aws = context.files.load()
        for request in requests:
            try:
                self._plan(aws, request)
            except MfaTuiError as problem:
                self.problems[request.profile or ""] = problem
        check_writers(context.files, aws, list(self._writers.values()))

    def _plan(self, aws: AwsConfig, request: LoginRequest) -> None:
        request, writer = planned(
            self._context, request, aws, able_profile(aws, request.profile or "", self._context.env)
        )
        taken = next((w.source for w in self._writers.values() if w.target == writer.target), "")
        if taken:
            raise TargetRefused(
                "target-twice",
                f"{writer.source} and {taken} have the same target [{writer.target}].",
                "",
                "Give one of them another with mfa_tui_target in its profile.",
            )
        if foreign := writer.foreign(aws):
            raise target_foreign(writer.target, foreign)
        self._writers[writer.source] = writer
        self.requests.append(request)

    def add(self, request: LoginRequest, obtained: Obtained) -> None:
        """Take the session that *request*, one of ``requests``, came to."""
        self._obtained[obtained.profile.name] = (request, obtained)

    def write(self, control: Control, progress: Callable[[Progress], None] = quiet) -> list[Done]:
        """Write what was added, at once. Raises FileProblem, TargetRefused, WriteProblem, Cancelled."""
        found = [(self._writers[name], request, obtained) for name, (request, obtained) in self._obtained.items()]
        if found:
            sessions = [(writer, obtained.session) for writer, _, obtained in found]
            write_sessions(self._context.files, sessions, control, progress, start=self._start)
        return [done(self._context, request, obtained, writer) for writer, request, obtained in found]
