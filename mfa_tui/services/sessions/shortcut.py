"""The shortcut from a profile to its session, for the next command that asks for it (see ``adapters.sessions``)."""

from __future__ import annotations

from mfa_tui.adapters.filesystem.fingerprint import fingerprint, is_settled
from mfa_tui.adapters.sessions.shortcuts import save_shortcut
from mfa_tui.adapters.settings.load import load_settings, policy_path
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.sessions.expiry import margin_for, renewal_threshold
from mfa_tui.core.settings.values import WrongSetting
from mfa_tui.core.shells.variables import settings_variables
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.profiles.profile import Profile
    from mfa_tui.models import Session
    from mfa_tui.services.context import Context


def write_shortcut(context: Context, name: str | None, session: Session, option: str = "") -> dict[str, str]:
    """Write down that *name* means *session*. Returns the variables that stand for the profile's settings.

    *option* is the scope that was given beside *name*. The AWS files are read again for it, and nothing is written
    unless they certainly say the same: they may have changed while the user was asked for a code, even if they have
    changed back. Raises ConfigError if *name* means no profile (any more).
    """
    paths = context.paths
    policy_file = _policy_file(context, session)
    certain = is_settled(paths, context.clock.now(), *policy_file)
    files = fingerprint(paths, *policy_file)
    (aws, profile), named = context.resolve_with_scope(name)
    scope = named or option
    variables = settings_variables(aws.merged(profile.name))
    certain = certain and _is_of(session, profile) and _settings_are_unchanged(context)
    certain = certain and _is_limited_to(context, session, scope)
    # Other keys in the environment do not show in the fingerprint.
    certain = certain and profile.base_kind != Kind.ENVIRONMENT
    certain = certain and fingerprint(paths, *policy_file) == files
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
            option=option,
            scope=scope,
            policy_file="".join(policy_file),
        )
    return variables


def _policy_file(context: Context, session: Session) -> tuple[str, ...]:
    """The path of the file that the policy of the session's scope is from, if it is from one."""
    own = context.settings.scopes.get(session.scope_name)
    policy = "" if own is None or isinstance(own, WrongSetting) else own.policy
    return (policy_path(context.paths.settings, policy),) if policy else ()


def _is_limited_to(context: Context, session: Session, scope: str) -> bool:
    """Whether *session* is limited to *scope* as it is now, or not limited if that is empty."""
    if not scope or not session.scope:
        return not scope and not session.scope
    from mfa_tui.services.scopes.find_scope import find_scope

    parent = context.cache.find(session.source_key_id, session.serial, session.roles)
    try:
        wanted = find_scope(context, scope)
    except ConfigError:
        return False
    return parent is not None and session.scope == wanted.session_scope(parent.access_key_id)


def _settings_are_unchanged(context: Context) -> bool:
    """Whether the settings that matter here are still as they were when the context was made."""
    known = context.settings
    try:
        found = load_settings(context.paths.settings, lambda _: None)
        # One that is wrong now raises the error, too.
        values = (found.target_pattern, found.margin, found.scopes)
    except ConfigError:
        return False
    return values == (known.target_pattern, known.margin, known.scopes)


def _is_of(session: Session, profile: Profile) -> bool:
    """Whether *session* was made from *profile* as it is now."""
    roles = tuple(role.identity for role in profile.roles)
    serial = profile.serial.text if profile.serial and profile.has_user else ""
    given = not profile.access_key_id and not session.serial
    made_so = given or serial in ("", session.serial)
    return made_so and (session.source_key_id, session.roles) == (profile.credential_id, roles)
