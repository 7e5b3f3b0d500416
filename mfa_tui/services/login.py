"""Login: a session with MFA for a profile, written to the AWS files.

A frozen :class:`LoginRequest` goes in; out comes :class:`Done`, or what is missing: :class:`NeedsCode`,
:class:`NeedsSerial`, :class:`NeedsConsent`. Whoever has a screen gets the answer and calls again with
``dataclasses.replace(request, …)``, starting from the outcome's own ``request``, which carries what was learned.
Nothing is locked or held between the calls.
"""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

from mfa_tui.core.targets import check_target, target_name
from mfa_tui.errors import FileProblem, WriteProblem
from mfa_tui.services.obtaining import Obtainer
from mfa_tui.services.outcomes import Done, LoginRequest, NeedsConsent, Obtained, Outcome
from mfa_tui.services.progress import Progress, quiet
from mfa_tui.services.writing import TargetWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.control import Control
    from mfa_tui.services.context import Context


def login(
    context: Context, request: LoginRequest, control: Control, progress: Callable[[Progress], None] = quiet
) -> Outcome:
    """Make or keep a session for a profile and write it to its target.

    All that can be wrong with the request or the files is found before a request is made or a code is used.
    Raises UsageError, ConfigError, AwsRefused, NetworkProblem, WriteProblem, Cancelled.
    """
    obtainer = Obtainer.prepared(context, request, control, progress)
    aws, profile = obtainer.aws, obtainer.profile
    target = request.target or target_name(aws, profile.name, context.settings.target_pattern)
    request = obtainer.request = replace(obtainer.request, target=target)
    check_target(aws, profile.name, target)
    writer = TargetWriter(
        context.files, profile.name, target, overwrite=request.overwrite, save_serial=request.remember_serial
    )
    found = obtainer.live()
    if found is not None and writer.is_written(aws, found):
        return _done(context, obtainer, obtainer.obtained(found))
    if foreign := writer.foreign(aws):
        return NeedsConsent(request, profile.name, target, foreign)
    writer.check(aws)
    # A live session may have been made for another target, or its write did not succeed: then no new code is needed.
    obtained = obtainer.obtained(found) if found is not None else obtainer.obtain()
    if not isinstance(obtained, Obtained):
        return obtained
    try:
        writer.write(obtained.session, control, progress)
    except (WriteProblem, FileProblem) as problem:
        if not obtainer.uncached:
            problem.remedy = "Mend that and log in again: the session is kept, so no new code is needed."
        raise
    return _done(context, obtainer, obtained)


def _done(context: Context, obtainer: Obtainer, obtained: Obtained) -> Done:
    """The outcome, with what else the user should know."""
    notices = list(obtained.notices)
    if context.env.get("AWS_ACCESS_KEY_ID"):
        notices.append("AWS_ACCESS_KEY_ID is set in this shell and outranks every profile: unset it.")
    if context.files.open_to_others():
        path = context.files.credentials_path
        notices.append(f"Others on this machine can read {path}: chmod 600 {quote(path)}")
    profile, session, request = obtained.profile, obtained.session, obtainer.request
    in_profile = profile.serial is not None and profile.serial.text == session.serial
    saved = in_profile or request.remember_serial
    return Done(
        profile.name,
        request.target,
        session,
        obtained.kept,
        tuple(notices),
        "" if saved or obtained.kept else session.serial,
    )
