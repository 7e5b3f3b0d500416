"""Profiles whose settings certainly have no problem: nearly all, and each is found to be so in a few steps.

The checks in ``login_problems`` say what is wrong and where, and take their time: with ten thousand profiles that is
what ``list`` and ``doctor`` would spend most of theirs on.
"""

from __future__ import annotations

from mfa_tui.core.profiles.value_checks import is_usual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values

_SPECIAL = frozenset(
    {
        "aws_session_token", "aws_security_token", "credential_source", "external_id", "role_session_name", "services",
        "sso_session", "web_identity_token_file",
    }
)  # fmt: skip
"""Keys that need a closer look."""


def has_usual_settings(aws: AwsConfig, name: str, *, with_region: bool) -> bool:
    """Whether the profile *name* has long-term keys or a role, and nothing that could be a problem.

    The region counts only *with_region*. If this is False, nothing is known.
    """
    config, keys = aws.in_config(name), aws.in_credentials(name)
    if not (_SPECIAL.isdisjoint(config) and _SPECIAL.isdisjoint(keys)):
        return False
    if with_region:
        region = keys["region"] if "region" in keys else config.get("region")
        if region is not None and not is_usual("region", region):
            return False
    if "role_arn" in config or "role_arn" in keys:
        return _has_usual_role(aws, aws.merged(name))
    if "aws_access_key_id" not in keys:
        return False
    key_id, secret = keys["aws_access_key_id"], keys.get("aws_secret_access_key")
    # A session's id without a token is a problem.
    akia = isinstance(key_id, str) and key_id.startswith("AKIA")
    return akia and is_usual("aws_access_key_id", key_id) and is_usual("aws_secret_access_key", secret)


def _has_usual_role(aws: AwsConfig, values: Values) -> bool:
    source = values.get("source_profile")
    return (
        is_usual("role_arn", values["role_arn"])
        and ("duration_seconds" not in values or is_usual("duration_seconds", values["duration_seconds"]))
        and "aws_access_key_id" not in values
        and "aws_secret_access_key" not in values
        and isinstance(source, str)
        and source in aws
    )
