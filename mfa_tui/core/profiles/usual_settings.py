"""Profiles whose settings certainly have no problem: nearly all, and each is found to be so in a few steps.

The checks in ``login_problems`` say what is wrong and where, and take their time: with ten thousand profiles that is
what ``list`` and ``doctor`` would spend most of theirs on.
"""

from __future__ import annotations

from mfa_tui.core.profiles.value_checks import are_usual_keys, is_usual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values

_SPECIAL = frozenset(
    {
        "aws_session_token", "aws_security_token", "credential_source", "external_id", "role_session_name", "services",
        "sso_account_id", "sso_session", "web_identity_token_file",
    }
)  # fmt: skip
"""Keys that need a closer look."""
_NOT_OF_USERS = _SPECIAL | {"role_arn"}
_NOT_OF_ROLES = _SPECIAL | {"aws_access_key_id", "aws_secret_access_key"}


def has_usual_settings(aws: AwsConfig, name: str, *, with_region: bool) -> bool:
    """Whether the profile *name* has long-term keys or a role, and nothing that could be a problem.

    The region counts only *with_region*. If this is False, nothing is known.
    """
    config, keys = aws.sections_of(name)
    if with_region and not has_usual_region(aws, keys["region"] if "region" in keys else config.get("region")):
        return False
    return has_usual_keys(config, keys) or has_usual_role(aws, config, keys)


def has_usual_region(aws: AwsConfig, region: str | Mapping[str, str] | None) -> bool:
    """Whether a profile's ``region``, None if it has none, has certainly no problem."""
    if region is None:
        return True
    # Thousands of profiles have a few regions.
    if not isinstance(region, str) or region in aws.usual_regions:
        return isinstance(region, str)
    if not is_usual("region", region):
        return False
    aws.usual_regions.add(region)
    return True


def has_usual_keys(config: Values, keys: Values) -> bool:
    """Whether a profile has long-term keys in the credentials file, which SDKs use, and certainly no problem.

    *config* and *keys* are its keys in either file. Its region does not count. If this is False, nothing is known.
    """
    # Most have no role, and looking for one key is quicker than for many.
    return (
        "aws_access_key_id" in keys
        and _NOT_OF_USERS.isdisjoint(config)
        and _NOT_OF_USERS.isdisjoint(keys)
        and are_usual_keys(keys["aws_access_key_id"], keys.get("aws_secret_access_key"))
    )


def has_usual_role(aws: AwsConfig, config: Values, keys: Values) -> bool:
    """As ``has_usual_keys``, whether a profile has a role and a source for it, and certainly no problem itself."""
    values = {**config, **keys} if keys else config
    source = values.get("source_profile")
    return (
        "role_arn" in values
        and _NOT_OF_ROLES.isdisjoint(values)
        and is_usual("role_arn", values["role_arn"])
        and ("duration_seconds" not in values or is_usual("duration_seconds", values["duration_seconds"]))
        and isinstance(source, str)
        and source in aws
    )
