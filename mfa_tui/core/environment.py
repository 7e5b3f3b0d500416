"""The environment in which SDKs find one session, whatever credentials were in it before."""

from __future__ import annotations

from mfa_tui.core.expiry import format_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsconfig import Values
    from mfa_tui.models import Session

CLEARED = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    # The names of the first Java SDK and of the tools before the SDKs.
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_CREDENTIAL_FILE",
    # The JavaScript SDK prefers a named profile to keys in the environment.
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
)
"""Every variable by which an SDK finds credentials, or that belongs to those it found."""

_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""botocore reads only the second, AWS CLI v2 and the other SDKs the first."""


def credential_variables(session: Session) -> dict[str, str]:
    """The variables that give SDKs the session. These are its secrets in the clear.

    AWS_CREDENTIAL_EXPIRATION (``2026-11-24T11:55:42Z``) goes with the keys always: beside others' it would make
    botocore refuse them once it has passed.
    """
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": session.session_token.reveal(),
        "AWS_CREDENTIAL_EXPIRATION": format_utc(session.expires_at),
    }


def environment_with(
    environment: Mapping[str, str], credentials: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, str]:
    """*environment* with these credentials and no others.

    *settings* are the profile's (regions, endpoints), and win. Without a region in them, one that the environment
    names under one of its two names gets the other name too.
    """
    new = {name: value for name, value in environment.items() if name not in CLEARED}
    new.update(settings)
    region = next(filter(None, map(new.get, _REGIONS)), "")
    if region:
        for name in _REGIONS:
            new[name] = new.get(name) or region
    new.update(credentials)
    return new


def settings_variables(values: Values) -> dict[str, str]:
    """The variables that stand for a profile's settings, so that it need not be named: region, endpoint, certificates.

    *values* are the profile's, as :class:`AwsConfig` merges them.
    """
    from mfa_tui.core.awsconfig import text

    variables = {"AWS_ENDPOINT_URL": text(values, "endpoint_url"), "AWS_CA_BUNDLE": text(values, "ca_bundle")}
    variables |= dict.fromkeys(_REGIONS, text(values, "region"))
    return {name: value for name, value in variables.items() if value}
