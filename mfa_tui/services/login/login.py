"""Login: a session with MFA for a profile, written to the AWS files.

:func:`log_in` takes a :class:`LoginRequest` and returns :class:`LoginResult`, or what is missing: :class:`NeedsCode`,
:class:`NeedsSerial`, :class:`NeedsConsent`. The front end asks the user and calls it again with the answer, put into
the outcome's own ``request``, and with the outcome's ``continuation``, which holds what was learned.
Nothing is locked or held between the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.programs.own_command import credential_process_line
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.scoped_target import check_scope_of_target, scoped_target_name
from mfa_tui.core.profiles.target import PROCESS_KEY, check_target, process_source, target_name
from mfa_tui.core.sessions.credential_process import scope_of_command_line
from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.errors import TargetRefused
from mfa_tui.services.history.recorded import recorded
from mfa_tui.services.login.target_writer import TargetWriter, check_writers, write_sessions
from mfa_tui.services.sessions.obtain import NEW, SessionChain, login_action
from mfa_tui.services.sessions.outcomes import (
    Continuation,
    LoginRequest,
    LoginResult,
    NeedsConsent,
    ObtainedSession,
    Outcome,
)
from mfa_tui.services.sessions.prepare import prepare

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.prepare import PreparedLogin


def log_in(operation: Operation, request: LoginRequest, continuation: Continuation = NEW) -> Outcome:
    """Get or keep a session for a profile, and write it to its target.

    All that can be wrong with the request or the files is found before a request is made or a code is used.
    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, WriteProblem, Cancelled.
    """
    return _log_in(operation, prepare(operation, request, continuation))


def _words(done: Outcome) -> str:
    """What a login has done, in a sentence; empty if nothing, as there is a session already."""
    if not isinstance(done, LoginResult) or done.saved_before:
        return ""
    if done.kept:
        return f"Saved the valid session as {done.target}."
    return f"Logged in for {format_duration(done.session.duration)}; saved as {done.target}."


@recorded(login_action, _words)
def _log_in(operation: Operation, login: PreparedLogin) -> Outcome:
    context, continuation = operation.context, login.continuation
    request, writer = plan_target(context, login.request, login.files, login.profile)
    chain = SessionChain(operation, login._replace(request=request))
    found = chain.find()
    if found is not None and writer.is_written(login.files, found):
        context.files.clear_leftovers()
        return login_result(context, request, chain.obtained(found), writer)
    if foreign := writer.foreign(login.files):
        return NeedsConsent(request, login.continuation, writer.source, writer.target, foreign)
    if continuation.writable is not login.files:
        check_writers(context.files, login.files, [writer])
        chain.remember_writable()
    # A valid session may have been made for another target, or its write failed: then no new code is needed.
    obtained = chain.obtained(found) if found is not None else chain.get_session()
    if not isinstance(obtained, ObtainedSession):
        return obtained
    start = login.continuation.start
    write_sessions(operation, [(writer, obtained.session)], start=start, cached=obtained.cached)
    return login_result(context, request, obtained, writer)


def plan_target(
    context: Context, request: LoginRequest, files: AwsConfig, profile: Profile, *, read_only_store: str | None = None
) -> tuple[LoginRequest, TargetWriter]:
    """The request with its target, and what writes there. Raises TargetRefused.

    *read_only_store* is what ``AwsFiles.read_only_store`` says, where that is known already.
    """
    pattern, scope = context.settings.target_pattern, request.scope
    usual = scoped_target_name(profile.name, scope) if scope else target_name(files, profile.name, pattern)
    target = request.target or usual
    request = request._replace(profile=profile.name, target=target)
    check_target(files, profile.name, target)
    own = context.settings.scopes
    check_scope_of_target(files, (profile.name, scope), target, pattern=pattern, own=own)
    _check_no_ring(files, profile, target)
    writer = TargetWriter(
        profile.name,
        target,
        process=_process(files, profile, request),
        overwrite=request.overwrite,
        scope=scope,
        save_serial=request.remember_serial,
        read_only_store=context.files.read_only_store() if read_only_store is None else read_only_store,
    )
    return request, writer


def login_result(
    context: Context, request: LoginRequest, obtained: ObtainedSession, writer: TargetWriter
) -> LoginResult:
    """The outcome of a login that was written, with remarks for the user."""
    notices = []
    if context.env.get("AWS_ACCESS_KEY_ID"):
        notices.append("AWS_ACCESS_KEY_ID is set in this shell and takes precedence over AWS_PROFILE: unset it.")
    if context.files.is_readable_by_others():
        from mfa_tui.adapters.awsfiles.permissions import permissions_remedy

        path = context.files.credentials_path
        remedy = permissions_remedy(path, "AWS_SHARED_CREDENTIALS_FILE")
        notices.append(f"Others on this machine can read {path}: {remedy}")
    if (warning := context.files.written_without_backup) is not None:
        notices.append(f"{warning.what} {warning.why} {warning.remedy}")
    if writer.by_hand:
        notices.append(f"{context.files.config_path} cannot be written. Add this to it by hand:")
        notices += [f"  {line}" for line in writer.by_hand.splitlines()]
    profile, session = obtained.profile, obtained.session
    in_profile = profile.serial is not None and profile.serial.text == session.serial
    saved = in_profile or request.remember_serial
    if not saved and not obtained.kept:
        from mfa_tui.services.profiles.known_user import remember_login

        remember_login(context.paths, session)
    return LoginResult(
        profile.name,
        writer.target,
        session,
        obtained.kept,
        writer.saved_before,
        tuple(notices),
        unsaved_serial="" if saved or obtained.kept else session.serial,
        process=bool(writer.process),
        scope=request.scope,
    )


def _check_no_ring(files: AwsConfig, profile: Profile, target: str) -> None:
    """Refuse a target that the profile gets its credentials from, directly or through a session that the target holds.

    Raises TargetRefused (``target-ring``).
    """
    named = {text(files.merged(role.profile), "source_profile") for role in profile.roles}
    if target in named.union(profile.chain):
        raise TargetRefused(
            "target-ring",
            f"The credentials of {profile.name!r} depend on themselves.",
            f"[{target}] is one of its sources: {' ← '.join(profile.chain)}",
            "Choose another target with --as.",
        )


def _process(files: AwsConfig, profile: Profile, request: LoginRequest) -> str:
    """The command line that the target calls for credentials; empty if it holds them."""
    asked = process_source(files, request.target)
    wanted = bool(asked) if request.process is None else request.process
    if not wanted:
        return ""
    kept = request.process is None and asked == profile.name
    line = text(files.in_config(request.target), PROCESS_KEY)
    if kept and scope_of_command_line(line) == request.scope:
        return line
    return credential_process_line(profile.name, request.scope)
