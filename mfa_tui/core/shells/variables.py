"""The variables by which SDKs are told what to use, and the environment in which they find one session."""

from __future__ import annotations

from mfa_tui.core.sessions.expiry import format_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsfiles.awsconfig import Values
    from mfa_tui.models import AccessKeys, Session

PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
"""What names a profile: AWS CLI v2 and most SDKs take the first before the second. The JavaScript SDK prefers a profile
that is named here to keys in the environment."""
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""botocore reads only the second, AWS CLI v2 and the other SDKs the first."""
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
"""With keys here, every SDK but the JavaScript one passes over the profile. The last is an older name of the third."""
CREDENTIALS = (*KEYS, "AWS_CREDENTIAL_EXPIRATION")
"""The keys and their end, which is set with them always: beside others' it would make botocore refuse them."""
EXPORTED = "MFA_TUI_EXPORTED"
"""A variable of our own: what we put into a shell beside exported keys, and the profile they are of, if that is known.

``AWS_REGION,AWS_DEFAULT_REGION dev``: these go when the keys go; the same variables, set by the user, stay.
"""
_BEFORE = "MFA_TUI_BEFORE_"
"""Before the name of a variable: the value that the user had given it, while what we put in its place stands there."""
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
"""Every variable by which an SDK finds credentials, or that belongs to those it found."""


def long_term_keys(environment: Mapping[str, str]) -> AccessKeys | None:
    """The access keys of a user that the environment holds; None if it holds none, or a session."""
    key_id, secret, *tokens = (environment.get(name, "") for name in KEYS)
    if not key_id or not secret or any(tokens) or key_id.startswith("ASIA"):
        return None
    from mfa_tui.models import AccessKeys, Secret

    return AccessKeys(key_id, Secret(secret))


def profile_of_shell(environment: Mapping[str, str]) -> str:
    """The profile that the environment names; empty if none."""
    return next(filter(None, map(environment.get, PROFILES)), "")


def exported_settings(environment: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The names of the settings that were exported with keys, and the profile that both are of; empty if none.

    Names alone are taken: they become code.
    """
    names, _, profile = environment.get(EXPORTED, "").partition(" ")
    return tuple(
        name for name in names.split(",") if name.isascii() and name.isidentifier() and name.startswith("AWS_")
    ), profile


def saved_user_values(environment: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Variables that keep the user's own values of those that *settings* will take the place of."""
    users = {**environment, **dict.fromkeys(exported_settings(environment)[0], ""), **restored_user_values(environment)}
    return {_BEFORE + name: users[name] for name in settings if users.get(name)}


def restored_user_values(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's own values of the variables that were exported with keys, as far as there were any."""
    names = exported_settings(environment)[0]
    return {name: environment[_BEFORE + name] for name in names if _BEFORE + name in environment}


def exported_variables(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names of all that was exported beside keys: the settings, and what keeps and marks them."""
    names = exported_settings(environment)[0]
    return (*names, *(_BEFORE + name for name in names if _BEFORE + name in environment), EXPORTED)


def credential_variables(session: Session) -> dict[str, str]:
    """The variables that give SDKs the session. These are its secrets in the clear."""
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": session.session_token.reveal(),
        "AWS_CREDENTIAL_EXPIRATION": format_utc(session.expires_at),
    }


def session_environment(
    environment: Mapping[str, str], credentials: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, str]:
    """*environment* with these credentials and no others, nor the settings that were exported with others.

    *settings* are the profile's (regions, endpoints), and win. Without a region in them, one that the environment
    names under one of its two names gets the other name too.
    """
    gone = {*CLEARED, *exported_variables(environment)}
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
    """The variables that stand for a profile's settings, so that it need not be named: region, endpoint, certificates.

    *values* are the profile's, as :class:`AwsConfig` merges them.
    """
    from mfa_tui.core.awsfiles.awsconfig import text

    variables = {"AWS_ENDPOINT_URL": text(values, "endpoint_url"), "AWS_CA_BUNDLE": text(values, "ca_bundle")}
    variables |= dict.fromkeys(REGIONS, text(values, "region"))
    return {name: value for name, value in variables.items() if value}
