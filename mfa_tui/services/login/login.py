"""Login: a session with MFA for a profile, written to the AWS files.

A frozen :class:`LoginRequest` goes in; out comes :class:`Done`, or what is missing: :class:`NeedsCode`,
:class:`NeedsSerial`, :class:`NeedsConsent`. Whoever has a screen gets the answer and calls again with
``request._replace(…)``, starting from the outcome's own ``request``, which carries what was learned.
Nothing is locked or held between the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.programs.own_command import credential_process_line
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.profiles.target import PROCESS_KEY, check_target, process_source, target_name
from mfa_tui.errors import TargetRefused
from mfa_tui.services.login.target_writer import TargetWriter, check_writers, write_sessions
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.sessions.obtain import Obtainer
from mfa_tui.services.sessions.outcomes import Done, LoginRequest, NeedsConsent, Obtained, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.services.context import Context


def login(
    context: Context, request: LoginRequest, control: CancelScope, progress: Callable[[Progress], None] = quiet
) -> Outcome:
    """Make or keep a session for a profile and write it to its target.

    All that can be wrong with the request or the files is found before a request is made or a code is used.
    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, WriteProblem, Cancelled.
    """
    obtainer = Obtainer.prepared(context, request, control, progress)
    aws = obtainer.aws
    obtainer.request, writer = planned(context, obtainer.request, aws, obtainer.profile)
    request = obtainer.request
    found = obtainer.live()
    if found is not None and writer.is_written(aws, found):
        context.files.clear_leftovers()
        return done(context, request, obtainer.obtained(found), writer)
    if foreign := writer.foreign(aws):
        return NeedsConsent(request, writer.source, writer.target, foreign)
    if request.fit is not aws:
        check_writers(context.files, aws, [writer])
        obtainer.request = request._replace(fit=aws)
    # A live session may have been made for another target, or its write did not succeed: then no new code is needed.
    obtained = obtainer.obtained(found) if found is not None else obtainer.obtain()
    if not isinstance(obtained, Obtained):
        return obtained
    start, kept = obtainer.request.start, not obtainer.uncached
    write_sessions(context.files, [(writer, obtained.session)], control, progress, start=start, kept=kept)
    return done(context, obtainer.request, obtained, writer)


def planned(
    context: Context, request: LoginRequest, aws: AwsConfig, profile: Profile, *, read_only_store: str | None = None
) -> tuple[LoginRequest, TargetWriter]:
    """The request with its target, and what writes there. Raises TargetRefused.

    *read_only_store* is what the files say of it, where that is known already.
    """
    target = request.target or target_name(aws, profile.name, context.settings.target_pattern)
    request = request._replace(profile=profile.name, target=target)
    check_target(aws, profile.name, target)
    _check_no_ring(aws, profile, target)
    writer = TargetWriter(
        profile.name,
        target,
        process=_process(aws, profile, request),
        overwrite=request.overwrite,
        save_serial=request.remember_serial,
        read_only_store=context.files.read_only_store() if read_only_store is None else read_only_store,
    )
    return request, writer


def done(context: Context, request: LoginRequest, obtained: Obtained, writer: TargetWriter) -> Done:
    """The outcome, with what else the user should know."""
    notices = list(obtained.notices)
    if context.env.get("AWS_ACCESS_KEY_ID"):
        notices.append("AWS_ACCESS_KEY_ID is set in this shell and outranks every profile: unset it.")
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
    return Done(
        profile.name,
        writer.target,
        session,
        obtained.kept,
        tuple(notices),
        unsaved_serial="" if saved or obtained.kept else session.serial,
        process=bool(writer.process),
    )


def _check_no_ring(aws: AwsConfig, profile: Profile, target: str) -> None:
    """Refuse a target that the profile gets its credentials from, itself or by a session that it holds.

    Raises TargetRefused (``target-ring``).
    """
    named = {text(aws.merged(role.profile), "source_profile") for role in profile.roles}
    if target in named.union(profile.chain):
        raise TargetRefused(
            "target-ring",
            f"The credentials of {profile.name!r} depend on themselves.",
            f"[{target}] is one of its sources: {' ← '.join(profile.chain)}",
            "Choose another target with --as.",
        )


def _process(aws: AwsConfig, profile: Profile, request: LoginRequest) -> str:
    """The command line that the target shall ask for credentials; empty if it shall hold them."""
    asked = process_source(aws, request.target)
    wanted = bool(asked) if request.process is None else request.process
    if not wanted:
        return ""
    kept = request.process is None and asked == profile.name
    return text(aws.in_config(request.target), PROCESS_KEY) if kept else credential_process_line(profile.name)
