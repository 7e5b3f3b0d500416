"""``credential-process`` where no valid session is at hand: it is renewed, a code is asked for, or it fails."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.cli.sessions import login_prompts
from mfa_tui.cli.sessions.context import open_context, show_event
from mfa_tui.cli.terminal import tty
from mfa_tui.core.sessions.credential_process import RUNNING, process_output
from mfa_tui.core.text.display import shell_command
from mfa_tui.errors import ConfigError, MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.renewal import get_current_session
from mfa_tui.services.sessions.shortcut import write_shortcut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.models import Session
    from mfa_tui.services.sessions.outcomes import LoginRequest

_LONGEST = 45
"""Seconds that one run may take. The AWS SDK for Go kills it after 60."""


def resolve_credentials(profile: str, scope: str = "") -> str:
    """Get the credentials of *profile*, limited to *scope* if that is not empty, as JSON for AWS SDKs.

    Raises what ``get_current_session`` raises, ConfigError (``process-ring``), MfaTuiError (``too-long``).
    """
    _refuse_loop(profile)
    context, cancel = open_context(secrets=True), CancelScope()

    def ask(request: LoginRequest) -> Session:
        return login_prompts.obtain_session(Operation(context, cancel, show_event), request).session

    # A read in the background would stop us, and then not even our time limit would work.
    can_ask = tty.is_in_foreground()
    with _time_limit(profile):
        session = get_current_session(Operation(context, cancel), profile, ask if can_ask else None, scope)
        write_shortcut(context, profile, session, scope)
    return process_output(session)


def _refuse_loop(profile: str) -> None:
    """Raise ConfigError if a credential process that we started asks for the same profile: it would never end."""
    asked = os.environ.get(RUNNING, "").splitlines()
    if profile in asked:
        raise ConfigError(
            "process-ring",
            f"The credentials of {profile!r} depend on themselves.",
            f"A credential_process calls mfa-tui again: {' → '.join([*asked, profile])}",
            "Correct the credential_process of the last source in the AWS files.",
        )
    os.environ[RUNNING] = "\n".join([*asked, profile])


@contextlib.contextmanager
def _time_limit(profile: str) -> Iterator[None]:
    """Raise MfaTuiError (``too-long``) after a while, before the SDK kills us: it would not say why."""
    import signal

    if os.name != "posix":
        # Each request has its own time limit, and prompts need a console, which SDKs do not provide.
        yield
        return

    def end(*_: object) -> None:
        raise MfaTuiError(
            "too-long",
            f"There were no credentials for {profile} within {_LONGEST} s.",
            "AWS SDKs wait one minute at most, so mfa-tui gave up.",
            f"Log in first: {shell_command(profile, 'mfa-tui login PROFILE')}",
        )

    signal.signal(signal.SIGALRM, end)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
