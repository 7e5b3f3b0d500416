"""The kinds of profiles, and which one the keys of a profile make it.

This follows botocore's order of credential providers (``botocore.credentials``, 1.44): assume role, web identity, SSO,
keys of the credentials file, ``aws login``, credential process, keys of the config file.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import DEFAULT, LONG_TERM_SUFFIX, SOURCE_KEY, has_session_keys, text
from mfa_tui.core.sessions.credential_process import profile_of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values


class Kind:
    """Where a profile's credentials come from; the names are stable (``list --json``)."""

    ACCESS_KEYS = "access-keys"
    STORED_KEYS = "stored-keys"
    """Long-term access keys that ``keys store`` moved to the keyring or the vault."""
    ENVIRONMENT = "environment"
    """Long-term access keys in the environment: those of ``default``, where no file gives it others."""
    ROLE = "role"
    ROLE_CHAIN = "role-chain"
    SSO = "sso"
    CREDENTIAL_PROCESS = "credential-process"
    WEB_IDENTITY = "web-identity"
    AWS_LOGIN = "aws-login"
    CREDENTIAL_SOURCE = "credential-source"
    """A role whose credentials come from the machine that it runs on (``credential_source``)."""
    SESSION = "session"
    MFA_TUI_SESSION = "mfa-tui-session"
    AWS_MFA_SESSION = "aws-mfa-session"
    AWS_CLI_SESSION = "aws-cli-session"
    NO_CREDENTIALS = "no-credentials"
    BROKEN = "broken"


USERS = frozenset({Kind.ACCESS_KEYS, Kind.STORED_KEYS, Kind.ENVIRONMENT, Kind.CREDENTIAL_PROCESS})
"""Kinds that have, or may have, the long-term access keys of a user."""
ROLES = frozenset({Kind.ROLE, Kind.ROLE_CHAIN})
"""Kinds whose credentials come from AssumeRole."""
SESSIONS = frozenset({Kind.SESSION, Kind.MFA_TUI_SESSION, Kind.AWS_MFA_SESSION, Kind.AWS_CLI_SESSION})
"""Kinds that hold temporary credentials; the first is for those from an unknown tool."""
USABLE_BY_SDKS = SESSIONS | {
    Kind.SSO,
    Kind.CREDENTIAL_PROCESS,
    Kind.WEB_IDENTITY,
    Kind.AWS_LOGIN,
    Kind.CREDENTIAL_SOURCE,
}
"""Kinds for which AWS SDKs get credentials without mfa-tui."""


def kind_of(aws: AwsConfig, name: str, values: Values) -> str:
    """The kind of the provider from which botocore would take the credentials."""
    # Looking for a key first is quicker than to ask for its text, and most profiles have few keys.
    if "role_arn" in values and wants_role(values):
        return Kind.ROLE
    if "web_identity_token_file" in values:
        return Kind.WEB_IDENTITY
    if "sso_account_id" in values and text(values, "sso_account_id") and text(values, "sso_role_name"):
        return Kind.SSO
    credentials = aws.in_credentials(name)
    if "aws_access_key_id" in credentials and text(credentials, "aws_access_key_id"):
        return _keys_kind(aws, name, credentials)
    if "login_session" in values:
        return Kind.AWS_LOGIN
    if kind := _process_kind(aws, name, values):
        return kind
    if text(values, "aws_access_key_id"):
        return _keys_kind(aws, name, aws.in_config(name))
    if SOURCE_KEY in values:
        return Kind.MFA_TUI_SESSION
    if name == DEFAULT and aws.environment is not None and not any(key.startswith("sso_") for key in values):
        return Kind.ENVIRONMENT
    return Kind.SSO if "sso_session" in values or "sso_start_url" in values else Kind.NO_CREDENTIALS


def _process_kind(aws: AwsConfig, name: str, values: Values) -> str:
    """The kind of a profile with stored keys or a credential process; empty if SDKs would use neither."""
    if aws.stored_key_id(name):
        return Kind.STORED_KEYS
    if "credential_process" not in values:
        return ""
    ours = SOURCE_KEY in values and profile_of_process(text(values, "credential_process"))
    return Kind.MFA_TUI_SESSION if ours else Kind.CREDENTIAL_PROCESS


def wants_role(values: Values) -> bool:
    """Whether a profile asks for AssumeRole; with a web identity, its role is assumed in another way."""
    return bool(text(values, "role_arn")) and "web_identity_token_file" not in values


def section_with_keys(aws: AwsConfig, name: str) -> Values:
    """The section from which the keys are read: botocore never mixes keys of the two files."""
    in_credentials = aws.in_credentials(name)
    return in_credentials if text(in_credentials, "aws_access_key_id") else aws.in_config(name)


def _keys_kind(aws: AwsConfig, name: str, section: Values) -> str:
    """The kind of a profile whose keys are in that *section*."""
    if not has_session_keys(section):
        return Kind.ACCESS_KEYS
    if SOURCE_KEY in aws.merged(name):
        return Kind.MFA_TUI_SESSION
    if name + LONG_TERM_SUFFIX in aws:
        return Kind.AWS_MFA_SESSION
    # ``aws configure mfa-login`` names what it writes ACCOUNT-DEVICE.
    account, _, device = name.partition("-")
    by_aws_cli = len(account) == 12 and account.isdecimal() and device[:1] not in ("", "\n")  # noqa: PLR2004 - digits
    return Kind.AWS_CLI_SESSION if by_aws_cli else Kind.SESSION
