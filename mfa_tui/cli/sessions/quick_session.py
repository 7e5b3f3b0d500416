"""A session to pass on: for ``exec``, ``env`` and ``use --export``. Quick where one is valid."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.sessions.shortcuts import load_shortcut
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.models import Secret, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.sessions.shortcuts import SessionShortcut


class HandedSession:
    """A valid session to pass on."""

    __slots__ = ("profile", "scope", "session", "variables")

    def __init__(self, profile: str, session: Session, variables: dict[str, str], scope: str) -> None:
        self.profile = profile
        """The profile that it is of."""
        self.session = session
        """The session."""
        self.variables = variables
        """Environment variables for the profile's settings, such as its region."""
        self.scope = scope
        """The scope that it is limited to; empty for none."""


def get_session_for_child(profile: str | None, scope: str = "") -> HandedSession:
    """Get a session of *profile* without changing the AWS files. What is missing is asked for on the terminal.

    It is limited to *scope* if that is not empty.
    Raises what ``login_prompts.obtain_session`` raises.
    """
    paths, clock = Paths(os.environ), Clock()
    clock.persist_in(paths)
    known = load_shortcut(paths, profile, scope) if profile is not None else None
    if known is not None and known.is_live(clock.aws_now()):
        try:
            return HandedSession(known.profile, _session_from_shortcut(known), known.variables, known.scope)
        except ValueError:
            pass
    return _obtain(profile, scope)


def _session_from_shortcut(known: SessionShortcut) -> Session:
    return Session(
        access_key_id=known.field("AccessKeyId"),
        secret_access_key=Secret(known.field("SecretAccessKey")),
        session_token=Secret(known.field("SessionToken")),
        expires_at=known.expires_at,
        duration=0,
        source_key_id="",
        serial="",
    )


def _obtain(profile: str | None, scope: str) -> HandedSession:
    from mfa_tui.cli.sessions.context import new_operation, open_context
    from mfa_tui.cli.sessions.login_prompts import obtain_session
    from mfa_tui.services.sessions.outcomes import LoginRequest
    from mfa_tui.services.sessions.shortcut import write_shortcut

    context = open_context(secrets=True)
    found = obtain_session(new_operation(context), LoginRequest(profile=profile, scope=scope))
    variables = write_shortcut(context, profile, found.session, scope)
    return HandedSession(found.profile.name, found.session, variables, found.session.scope_name)
