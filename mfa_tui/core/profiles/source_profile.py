"""The source of a role's credentials: what ``source_profile`` and ``credential_source`` mean."""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.core.sessions.credential_process import profile_of_command_line, scope_of_command_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values

_ENVIRONMENT = "Environment"
"""The value of ``credential_source`` that means the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""


def in_environment(aws: AwsConfig, values: Values) -> bool:
    """Whether a role is assumed with the environment's keys, and the environment has them."""
    named = text(values, "source_profile")
    return not named and text(values, "credential_source") == _ENVIRONMENT and aws.environment is not None


def effective_source(aws: AwsConfig, source: str) -> str:
    """The profile that a ``source_profile`` means: itself, or the source of the session that it holds or asks for."""
    values = aws.merged(source)
    if source in aws and not text(values, "role_arn"):
        own_keys = text(values, "aws_access_key_id") or aws.stored_key_id(source)
        asked = "" if own_keys else profile_of_command_line(text(values, "credential_process"))
        source = asked or source
        return aws.source_of_target(source) or source
    return source


def scope_of_source(aws: AwsConfig, source: str) -> str:
    """The scope of the session that a ``source_profile`` holds or asks for; empty if it is not limited."""
    values = aws.merged(source)
    if source not in aws or text(values, "role_arn"):
        return ""
    asked = "" if text(values, "aws_access_key_id") else scope_of_command_line(text(values, "credential_process"))
    return asked or aws.scope_of_target(source)
