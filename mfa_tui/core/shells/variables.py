"""The environment variables that SDKs read, and an environment in which they find one session."""

from __future__ import annotations

from mfa_tui.core.sessions.expiry import format_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsfiles.awsconfig import Values
    from mfa_tui.models import AccessKeys, Session

PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
"""The variables that name a profile. AWS CLI v2 and most SDKs prefer the first. The JavaScript SDK prefers a profile
that is named here to keys in the environment."""
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""The variables that name a region. botocore reads only the second, AWS CLI v2 and the other SDKs the first."""
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
"""The variables of keys. If they are set, every SDK except JavaScript's ignores the profile. The last is an older name
for the third."""
CREDENTIALS = (*KEYS, "AWS_CREDENTIAL_EXPIRATION")
"""The keys and their expiry. They are always set together: an old expiry would make botocore refuse new keys."""
EXPORTED = "MFA_TUI_EXPORTED"
"""Our own variable: the settings that we exported along with keys, and the profile of both, if it is known.

``AWS_REGION,AWS_DEFAULT_REGION dev``: these are unset with the keys; the same variables, set by the user, stay.
"""
FUNCTION = "MFA_TUI_FUNCTION"
"""Our own variable, by which a shell function with a short name (``shell-init --name``) tells that name."""
SHOWN_PROFILE = "MFA_TUI_PROFILE"
"""Our own variable: the profile whose session a program was started with, for the prompt of a shell."""
_BEFORE = "MFA_TUI_BEFORE_"
"""The prefix of variables that save the user's value of a variable while ours is in its place."""
CLEARED = (
    *CREDENTIALS,
    *PROFILES,
    EXPORTED,
    "AWS_SESSION_EXPIRATION",
    # The names of the first Java SDK and of the tools before the SDKs.
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
)
"""All variables by which an SDK finds credentials, or that belong to them."""


def export_command(profile: str) -> str:
    """What a user types into a POSIX shell to use *profile* there."""
    import shlex

    return f"export AWS_PROFILE={shlex.quote(profile)}"


def long_term_keys(environment: Mapping[str, str]) -> AccessKeys | None:
    """The long-term access keys in the environment; None if it has none, or a session."""
    key_id, secret, *tokens = (environment.get(name, "") for name in KEYS)
    if not key_id or not secret or any(tokens) or key_id.startswith("ASIA"):
        return None
    from mfa_tui.models import AccessKeys, Secret

    return AccessKeys(key_id, Secret(secret))


def profile_of_shell(environment: Mapping[str, str]) -> str:
    """The profile that the environment names; empty if none."""
    return next(filter(None, map(environment.get, PROFILES)), "")


def exported_settings(environment: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The names of the settings that were exported with keys, and the profile of both; empty if there are none.

    Only valid names are taken, because they become code.
    """
    names, _, profile = environment.get(EXPORTED, "").partition(" ")
    return tuple(
        name for name in names.split(",") if name.isascii() and name.isidentifier() and name.startswith("AWS_")
    ), profile


def saved_user_values(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """The variables that save the user's own values which *settings* will replace."""
    users = {**environment, **dict.fromkeys(exported_settings(environment)[0], ""), **restored_user_values(environment)}
    return {_BEFORE + name: users[name] for name in settings if users.get(name)}


def restored_user_values(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's own values, if any, of the variables that were exported with keys."""
    names = exported_settings(environment)[0]
    return {name: environment[_BEFORE + name] for name in names if _BEFORE + name in environment}


def exported_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names of all variables that were exported along with keys: settings, saved values and the mark."""
    names = exported_settings(environment)[0]
    return (*names, *(_BEFORE + name for name in names if _BEFORE + name in environment), EXPORTED)


def credential_variables(session: Session) -> dict[str, str]:
    """The variables that give the session to SDKs, with its secrets in the clear."""
    secret, token = session.secret_access_key.reveal(), session.session_token.reveal()
    return session_variables(session.access_key_id, secret, token, session.expires_at)


def session_variables(key_id: str, secret: str, token: str, expires_at: int) -> dict[str, str]:
    """As :func:`credential_variables`, for a session by its parts; it expires at *expires_at*, in epoch seconds."""
    return {
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_SESSION_TOKEN": token,
        "AWS_CREDENTIAL_EXPIRATION": format_utc(expires_at),
    }


def session_environment(
    environment: Mapping[str, str], credentials: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, str]:
    """*environment* with only these credentials, and without the settings that were exported with earlier ones.

    *settings* are the profile's (regions, endpoints), and win. If they have no region, but the environment has one
    under one of its two names, it is set under both.
    """
    gone = {*CLEARED, FUNCTION, *exported_variables(environment)}
    new = {name: value for name, value in environment.items() if name not in gone}
    new.update(restored_user_values(environment))
    new.update(settings)
    region = next(filter(None, map(new.get, REGIONS)), "")
    if region:
        for name in REGIONS:
            new[name] = new.get(name) or region
    new.update(credentials)
    return new


def settings_variables(values: Values) -> dict[str, str]:
    """The variables for a profile's settings, used instead of its name: region, endpoint and certificates.

    *values* are the profile's, as :class:`AwsConfig` merges them.
    """
    from mfa_tui.core.awsfiles.awsconfig import text

    variables = {"AWS_ENDPOINT_URL": text(values, "endpoint_url"), "AWS_CA_BUNDLE": text(values, "ca_bundle")}
    variables |= dict.fromkeys(REGIONS, text(values, "region"))
    return {name: value for name, value in variables.items() if value}
