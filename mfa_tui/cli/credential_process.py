"""``mfa-tui credential-process``: what AWS SDKs run for a profile with ``credential_process``, and wait for.

Nothing but os and the few modules named here is imported as long as the session is live.
"""

from __future__ import annotations

import contextlib
import os

from mfa_tui.adapters.clock import Clock
from mfa_tui.adapters.paths import Paths
from mfa_tui.adapters.ready import ready
from mfa_tui.cli import output
from mfa_tui.errors import ConfigError, Exit, MfaTuiError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.cli.arguments import Parser
    from mfa_tui.models import Session
    from mfa_tui.services.outcomes import LoginRequest

_ASKING = "MFA_TUI_ASKING"
"""Environment variable: the profiles whose credential processes are running, one inside the other."""
_LONGEST = 45
"""Seconds that one run may take: the AWS SDK for Go ends it at 60."""


def run(arguments: list[str]) -> int:
    """Print the credentials as JSON."""
    plain = len(arguments) == 1 and not arguments[0].startswith("-")
    profile = arguments[0] if plain else _parsed(arguments)
    known = ready(Paths(os.environ), profile)
    if known is not None and known.expires_at - Clock().now() >= known.renew_below:
        output.result(known.process)
    else:
        output.result(_worked_out(profile))
    return Exit.DONE


def parser() -> Parser:
    """The parser of its arguments."""
    from mfa_tui.cli.arguments import Parser

    parser = Parser(
        "credential-process",
        "Print the profile's session for AWS SDKs, which run this themselves (login --process sets that up). "
        "It is renewed in time: a role's by its user's session, a user's by the stored secret, else the code is asked "
        "for on the terminal, if there is one.",
    )
    parser.add_argument("profile", metavar="PROFILE", help="a profile; a target means its source")
    return parser


def _parsed(arguments: list[str]) -> str:
    profile: str = parser().parse_args(arguments).profile
    return profile


def _worked_out(profile: str) -> str:
    from mfa_tui.adapters.control import Control
    from mfa_tui.cli.environment import open_context
    from mfa_tui.core.credentialprocess import answer
    from mfa_tui.services.readying import Readying
    from mfa_tui.services.renewal import code_needed, current_session

    _refuse_ring(profile)
    context, control = open_context(secrets=True), Control()

    def ask(request: LoginRequest) -> Session:
        from mfa_tui.cli import asking, terminal

        if not terminal.is_there():
            raise code_needed(profile)
        return asking.obtained(context, request, control).session

    with _within_time(profile):
        readying = Readying(context, profile)
        session = current_session(context, profile, control, ask=ask)
        readying.note(session)
    return answer(session)


def _refuse_ring(profile: str) -> None:
    """Where a credential process that this one has started asks for the same profile again, it would go on for ever."""
    asked = os.environ.get(_ASKING, "").splitlines()
    if profile in asked:
        raise ConfigError(
            "process-ring",
            f"The credentials of {profile!r} would come from themselves.",
            f"A credential_process on the way calls mfa-tui again: {' → '.join([*asked, profile])}",
            "Correct credential_process of the last source in the AWS files.",
        )
    os.environ[_ASKING] = "\n".join([*asked, profile])


@contextlib.contextmanager
def _within_time(profile: str) -> Iterator[None]:
    """End what takes too long, a prompt as well as a wait, before the SDK does; it would not say why."""
    import signal

    if os.name != "posix":
        # Each request has its own time limit, and prompts need a console that SDKs do not give.
        yield
        return

    def end(*_: object) -> None:
        raise MfaTuiError(
            "too-long",
            f"There were no credentials for {profile} within {_LONGEST} s.",
            "AWS SDKs wait a minute at most, so it was given up.",
            f"Log in by yourself: mfa-tui login {profile}",
        )

    signal.signal(signal.SIGALRM, end)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
