"""Notes of logins that had nothing to do, by which the next one need not read the AWS files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.filesystem.fingerprint import is_settled
from mfa_tui.adapters.sessions.saved_targets import directories, save_target, state_of_files
from mfa_tui.core.sessions.expiry import margin_for
from mfa_tui.errors import ConfigError
from mfa_tui.services.login.login import plan_target
from mfa_tui.services.sessions.lookup import live_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.services.context import Context
    from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult


def note_saved_target(
    context: Context,
    command: str,
    name: str,
    request: LoginRequest,
    done: LoginResult,
    *,
    result: str = "",
    remarks: Sequence[str] = (),
) -> None:
    """Note that ``mfa-tui COMMAND NAME``, which made *request*, had nothing to do, if that is so and certain.

    *result* and *remarks* are what it has printed, without the time. The AWS files are read again if they have changed
    since.
    """
    if not (done.kept and done.saved_before) or done.notices or done.scope:
        return
    paths = context.paths
    certain = is_settled(paths, context.clock.now(), *directories(paths)) and not context.clock.was_set
    files = state_of_files(paths)
    try:
        aws, profile = context.resolve(name)
    except ConfigError:
        return
    # Without a serial, any device's session will do; without a key of its own, what a program gives decides.
    if not certain or not profile.access_key_id or (profile.has_user and profile.serial is None):
        return
    if not (aws.config.render().isascii() and aws.credentials.render().isascii()):
        # Whether the SDK can read them depends on the locale.
        return
    request, writer = plan_target(context, request, aws, profile)
    found = live_session(context, profile)
    if found is None or (found.name, found.access_key_id) != (done.session.name, done.session.access_key_id):
        return
    if writer.target != done.target or not writer.is_written(aws, done.session) or writer.by_hand:
        return
    if state_of_files(paths) == files:
        save_target(
            paths,
            context.env,
            command,
            name,
            files=files,
            session=done.session,
            margin=int(margin_for(done.session.duration, context.settings.margin)),
            profile=profile.name,
            target=done.target,
            result=result,
            remarks=remarks,
        )
