"""A session for the commands that hand it on: ``exec``, ``env``, ``use --export``. Quick where one is live."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.sessions.shortcuts import load_shortcut
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.models import Secret, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.sessions.shortcuts import SessionShortcut


class Usable:
    """A live session. ``profile`` is the one that it is of; ``variables`` stand for the profile's settings (region)."""

    __slots__ = ("profile", "session", "variables")

    def __init__(self, profile: str, session: Session, variables: dict[str, str]) -> None:
        self.profile = profile
        self.session = session
        self.variables = variables


def usable(profile: str | None) -> Usable:
    """The session of *profile*, which may be any that can log in, made if need be; the AWS files are left alone.

    What is missing is asked for on the terminal. Raises as ``asking.obtained`` does.
    """
    paths, clock = Paths(os.environ), Clock()
    clock.remember(paths)
    known = load_shortcut(paths, profile) if profile is not None else None
    if known is not None and known.expires_at - clock.aws_now() > known.margin:
        try:
            return Usable(known.profile, _session(known), known.variables)
        except ValueError:
            pass
    return _worked_out(profile)


def _session(known: SessionShortcut) -> Session:
    return Session(
        access_key_id=known.field("AccessKeyId"),
        secret_access_key=Secret(known.field("SecretAccessKey")),
        session_token=Secret(known.field("SessionToken")),
        expires_at=known.expires_at,
        duration=0,
        source_key_id="",
        serial="",
    )


def _worked_out(profile: str | None) -> Usable:
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.cli.sessions.context import open_context
    from mfa_tui.cli.sessions.login_prompts import obtained
    from mfa_tui.cli.terminal import output
    from mfa_tui.services.sessions.outcomes import LoginRequest
    from mfa_tui.services.sessions.shortcut import made_ready

    context = open_context(secrets=True)
    found = obtained(context, LoginRequest(profile=profile), CancelScope())
    output.notices(found.notices)
    return Usable(found.profile.name, found.session, made_ready(context, profile, found.session))
