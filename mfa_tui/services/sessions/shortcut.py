"""The shortcut from a profile to its session, for the next command that asks for it (see ``adapters.sessions``)."""

from __future__ import annotations

from mfa_tui.adapters.filesystem.fingerprint import fingerprint, is_settled
from mfa_tui.adapters.sessions.shortcuts import save_shortcut
from mfa_tui.adapters.settings.load import load_settings
from mfa_tui.core.profiles.profile import Kind
from mfa_tui.core.sessions.expiry import margin_for, renewal_threshold
from mfa_tui.core.shells.variables import settings_variables
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


def write_shortcut(context: Context, name: str | None, session: Session) -> dict[str, str]:
    """Write down that *name* means *session*. Returns the variables that stand for the profile's settings.

    The AWS files are read again for it, and nothing is written unless they certainly say the same: they may have
    changed while the user was asked for a code, even if they have changed back.
    Raises ConfigError if *name* means no profile (any more).
    """
    paths = context.paths
    certain = is_settled(paths, context.clock.now())
    files = fingerprint(paths)
    aws, profile = context.resolve(name)
    variables = settings_variables(aws.merged(profile.name))
    certain = certain and _is_of(session, profile) and _settings_are_unchanged(context)
    # Other keys in the environment do not show in the fingerprint.
    certain = certain and profile.base_kind != Kind.ENVIRONMENT
    certain = certain and fingerprint(paths) == files
    if name is not None and certain:
        save_shortcut(
            paths,
            name,
            files=files,
            session=session.name,
            renew_below=renewal_threshold(session.duration),
            margin=int(margin_for(session.duration, context.settings.margin)),
            profile=profile.name,
            variables=variables,
        )
    return variables


def _settings_are_unchanged(context: Context) -> bool:
    """Whether the settings that matter here are still as they were when the context was made."""
    try:
        found = load_settings(context.paths.settings, lambda _: None)
    except ConfigError:
        return False
    known = context.settings
    return (found.target_pattern, found.margin) == (known.target_pattern, known.margin)


def _is_of(session: Session, profile: Profile) -> bool:
    """Whether *session* was made from *profile* as it is now."""
    roles = tuple(role.identity for role in profile.roles)
    serial = profile.serial.text if profile.serial and profile.has_user else ""
    given = not profile.access_key_id and not session.serial
    made_so = given or serial in ("", session.serial)
    return made_so and (session.source_key_id, session.roles) == (profile.credential_id, roles)
