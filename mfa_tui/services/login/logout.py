"""Logout: remove what login wrote, and delete the cached sessions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import SOURCE_KEY, text
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.target import stored_expiry
from mfa_tui.core.profiles.target_edits import removal_changes, with_edits
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import FileProblem, KeyringProblem, ProfileProblem, WriteProblem
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.history.recorder import Action
from mfa_tui.services.profiles.resolve import source_and_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


_BY_HAND = "Clean up that part of the file, or remove the lines of the session by hand."


@dataclass(frozen=True, slots=True)
class LogoutResult:
    """What was removed."""

    profiles: tuple[str, ...]
    """The profiles that were logged out."""
    targets: tuple[str, ...]
    """The sections that login wrote."""
    sessions: int
    """How many cached sessions."""
    honoured_until: int | None
    """When the last of them expires, in seconds since the epoch: AWS accepts copies until then; None if all have."""


def _words(done: LogoutResult) -> str:
    """What was removed, in a sentence; empty if there was nothing."""
    return f"Logged out of {in_words(done.profiles)}." if done.targets or done.sessions else ""


@recorded(lambda context, profile, _: (context, Action("logout", profile or "")), _words)
def log_out(context: Context, profile: str | None, cancel: CancelScope) -> LogoutResult:
    """Log out of *profile* (or of the profile whose session it holds, if it is a target); None means every profile.

    A target with a scope means only the sessions that are limited to that scope; a profile means those as well.
    If a file cannot be read, the other one is still cleaned up; the error is raised then, and says what remains.
    Raises ConfigError, WriteProblem, Cancelled.
    """
    aws, problems = context.files.load_readable()
    scope = ""
    if profile is not None:
        try:
            profile, scope = _logged_in_profile(context, aws, profile)
            context.history.set_profile(profile)
        except ProfileProblem as unknown:
            raise (problems[0] if problems else unknown) from None
    targets = _targets(aws, profile, scope)
    now = context.clock.aws_now()
    ends = [stored_expiry(aws.in_credentials(target)) for target in targets]

    def edit(current: AwsConfig) -> tuple[Document, Document]:
        edits = [([target], partial(removal_changes, target=target)) for target in _targets(current, profile, scope)]
        return with_edits(current, edits, _BY_HAND).documents

    sessions = [each for each in _sessions(context, aws, profile, targets) if _is_limited_to(each, scope)]
    context.files.clear_leftovers()
    met = _try_all([partial(context.cache.forget, session, cancel) for session in sessions])
    if targets:
        # The cached sessions are gone even if the files cannot be written.
        try:
            context.files.check_writable(aws, edit)
            cancel.run_uninterrupted(
                lambda: context.files.edit(edit, start=aws, cancelled=cancel.cancelled, despite_defects=bool(problems))
            )
        except (FileProblem, WriteProblem) as unwritten:
            forgotten = "The cached session was removed. " if sessions and not met else ""
            unwritten.remedy = f"{forgotten}{unwritten.remedy}"
            raise
    if met:
        raise met[0]
    for problem in problems:
        removed = f"{', '.join(f'[{target}]' for target in targets)} removed; " if targets else ""
        problem.remedy = f"{problem.remedy} Then log out again: {removed}what login wrote in that file is still there."
        raise problem
    ends += [session.expires_at for session in sessions]
    return LogoutResult(
        (profile,) if profile is not None else tuple(dict.fromkeys(_mark(aws, target) for target in targets)),
        tuple(targets),
        len(sessions),
        max((end for end in ends if end is not None and end > now), default=None),
    )


def _sessions(context: Context, aws: AwsConfig, profile: str | None, targets: list[str]) -> list[Session]:
    """The cached sessions of *profile*, or all."""
    sessions = context.cache.valid_sessions()
    if profile is None:
        return sessions
    own = read_profile(aws, profile)
    made_from = (own.credential_id, tuple(role.identity for role in own.roles))
    # Sessions of an access key that was replaced since are recognized by what was written.
    written = {text(aws.in_credentials(target), "aws_access_key_id") for target in targets}
    return [s for s in sessions if s.access_key_id in written or (s.source_key_id, s.roles) == made_from]


def _try_all(steps: list[Callable[[], None]]) -> list[MfaTuiError]:
    """Do all *steps*, even if some fail; returns the errors."""
    met: list[MfaTuiError] = []
    for step in steps:
        try:
            step()
        except (WriteProblem, KeyringProblem) as problem:
            met.append(problem)
    return met


def _is_limited_to(session: Session, scope: str) -> bool:
    """Whether *session* is limited to *scope*, if that is not empty."""
    return not scope or session.scope_name == scope


def _logged_in_profile(context: Context, aws: AwsConfig, name: str) -> tuple[str, str]:
    """The profile and the scope that *name* means; it may no longer be in the files while its sessions still are."""
    source = aws.source_of_target(name) or name
    if _targets(aws, source):
        return source, aws.scope_of_target(name)
    settings = context.settings
    return source_and_scope(aws, name, context.env, settings.target_pattern, tuple(settings.scopes))


def _targets(aws: AwsConfig, profile: str | None, scope: str = "") -> list[str]:
    """Every section that login wrote, for *profile* or at all; with *scope*, only those that are limited to it."""
    found = [name for name in aws.names if (mark := _mark(aws, name)) and profile in (None, mark)]
    return [name for name in found if not scope or aws.scope_of_target(name) == scope]


def _mark(aws: AwsConfig, name: str) -> str:
    return text(aws.in_credentials(name), SOURCE_KEY) or text(aws.in_config(name), SOURCE_KEY)
