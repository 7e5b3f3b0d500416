"""Noting which session a profile means, for the next command that asks for it (see ``adapters.ready``)."""

from __future__ import annotations

from mfa_tui.adapters.filesystem.fingerprint import fingerprint, is_settled
from mfa_tui.adapters.sessions.shortcuts import save_shortcut
from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.core.profiles.profile import Kind, read_profile
from mfa_tui.core.sessions.credential_process import renewal_threshold
from mfa_tui.core.sessions.expiry import margin_for
from mfa_tui.core.shells.variables import settings_variables
from mfa_tui.errors import ConfigError
from mfa_tui.services.profiles.resolve import source_profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


def made_ready(context: Context, name: str | None, session: Session) -> dict[str, str]:
    """Note that *name* means *session*; returns the variables that stand for the profile's settings.

    The AWS files are read for it anew, and nothing is noted unless they say the same for sure: while a code was asked
    for, they may have become others, or become others and these again.
    Raises ConfigError where the name means nothing (any more).
    """
    paths = context.paths
    certain = is_settled(paths, context.clock.now())
    files = fingerprint(paths)
    aws = context.files.load()
    profile = source_profile(aws, name, context.env, context.settings.target_pattern)
    variables = settings_variables(aws.merged(profile))
    understood = read_profile(aws, profile)
    certain = certain and _is_of(session, understood) and _has_these_settings(context)
    # Other keys in the environment do not show in the fingerprint.
    certain = certain and understood.base_kind != Kind.ENVIRONMENT
    certain = certain and fingerprint(paths) == files
    if name is not None and certain:
        save_shortcut(
            paths,
            name,
            files=files,
            session=session.name,
            renew_below=renewal_threshold(session.duration),
            margin=int(margin_for(session.duration, context.settings.margin)),
            profile=profile,
            variables=variables,
        )
    return variables


def _has_these_settings(context: Context) -> bool:
    """Whether the settings say still what they said when the context was made, as far as it counts here."""
    try:
        found = load_settings(context.paths.settings, lambda _: None)
    except ConfigError:
        return False
    known = context.settings
    return (found.target_pattern, found.margin) == (known.target_pattern, known.margin)


def _is_of(session: Session, profile: Profile) -> bool:
    roles = tuple(role.identity for role in profile.roles)
    serial = profile.serial.text if profile.serial and profile.has_user else ""
    given = profile.keys is None and not session.serial
    made_so = given or serial in ("", session.serial)
    return made_so and (session.source_key_id, session.roles) == (profile.credential_id, roles)
