"""Sections that were meant to be profiles and are none: headers of the two files follow different rules."""

from __future__ import annotations

from mfa_tui.core.findings import Finding, Severity
from mfa_tui.core.ini import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.core.awsconfig import AwsConfig

_SETTINGS = frozenset(
    {
        "region", "output", "role_arn", "source_profile", "credential_source", "credential_process", "mfa_serial",
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "sso_session", "sso_account_id",
        "login_session", "web_identity_token_file", "duration_seconds", "endpoint_url",
    }
)  # fmt: skip
"""Keys by which a section shows that it was meant for a profile."""


def check_headers(aws: AwsConfig) -> Iterator[Finding]:
    """Headers that no profile has, or that make a profile of another name than was meant."""
    profiles = {aws.config.section_of(name) for name in aws.names}
    for header in aws.config.sections():
        if header in profiles or _SETTINGS.isdisjoint(aws.config.raw(header)):
            continue
        name = header.removeprefix("profile ").strip()
        if header.strip() == "profile":
            yield _unread(aws, header, "Give it a name: [profile NAME]")
        elif name != header:
            # A second section of the same profile, or a name of several words.
            if name in aws or "'" in name or '"' in name:
                continue
            yield _unread(aws, header, f'Put the name in quotes: [profile "{shown(name)}"]')
        elif header.startswith(("sso-session", "services")):
            continue
        elif (read := aws.config.section_of(name)) is not None:
            yield _unread(aws, header, f"Move its lines to [{shown(read)}], which is read, and remove it.")
        else:
            yield _unread(aws, header, f"Write it as [profile {shown(name)}]")
    for header in aws.credentials.sections():
        if header.startswith("profile ") and not _SETTINGS.isdisjoint(aws.credentials.raw(header)):
            yield Finding(
                "header-credentials",
                Severity.WARNING,
                f"The credentials file has [{shown(header)}], which makes a profile of that whole name.",
                "The word «profile» belongs to the config file only.",
                f"Write it as [{shown(header.removeprefix('profile ').strip())}]",
                header,
            )


def _unread(aws: AwsConfig, header: str, remedy: str) -> Finding:
    line = aws.config.line_of(header)
    return Finding(
        "header-config",
        Severity.WARNING,
        f"boto3 and the AWS CLI take [{shown(header)}] for no profile (config file, line {line}).",
        "There, a profile's header is [profile NAME], or [default].",
        remedy,
    )
