"""Traces of other tools in the AWS files and the environment, and what changes for users who come from them.

The formats are those of the tools' own sources: aws-vault 7 (``vault/config.go``), Granted of May 2025
(``pkg/cfaws/granted_config.go``, ``pkg/granted``), awsume 4.5 (``lib/aws_files.py``, ``lib/autoawsume.py``), aws-mfa
0.0.12 (``awsmfa/__init__.py``), AWS CLI 2 (``customizations/configure/mfalogin.py``), Leapp 0.26 (``docs/security``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mfa_tui.core.awsfiles.awsconfig import LONG_TERM_SUFFIX, SOURCE_KEY, has_long_term_keys, text
from mfa_tui.core.profiles.kind import SESSIONS, Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.profiles.target import stored_expiry
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import quoted, sanitize, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Values


class Tool:
    """The known tools; the names are stable (``doctor --json``)."""

    AWS_VAULT = "aws-vault"
    GRANTED = "Granted"
    AWSUME = "awsume"
    AWS_MFA = "aws-mfa"
    MFA_LOGIN = "aws configure mfa-login"
    AWS_CLI = "AWS CLI cache"
    LEAPP = "Leapp"


class OtherTool(NamedTuple):
    """One tool that the user has used."""

    tool: str
    """One of :class:`Tool`."""
    found: tuple[str, ...]
    """The traces that were found, one line each."""
    change: str
    """What changes with mfa-tui, in a few sentences."""


_PROCESSES = {
    Tool.AWS_VAULT: r"\baws-vault(\.exe)?[\"']?\s(.*\s)?(export|exec)\b",
    Tool.GRANTED: r"\bd?granted(\.exe)?[\"']?\s+credential-process\b",
    Tool.LEAPP: r"\bleapp(\.exe)?[\"']?\s+session\s+generate\b",
}
"""The pattern of a ``credential_process`` that runs the tool; compiled when it is needed, as few profiles have one."""
_AWS_VAULT_KEYS = ("mfa_process", "include_profile", "parent_profile", "web_identity_token_process")
_REGISTRY = "granted_registry_start "
SHELL_MARKS = {"AWS_VAULT": Tool.AWS_VAULT, "AWSUME_PROFILE": Tool.AWSUME, "GRANTED_COMMAND": Tool.GRANTED}
"""Variables by which tools mark a shell that they put credentials into."""

_CHANGES = {
    Tool.AWS_VAULT: (
        "aws-vault's keyring is left alone and not read: a login with mfa-tui needs the long-term keys in the "
        "credentials file, as aws-vault export --no-session --format=ini PROFILE prints them."
    ),
    Tool.GRANTED: (
        "Granted's keyring is left alone and not read: a login with mfa-tui needs the long-term keys in the "
        "credentials file, where granted credentials export-plaintext PROFILE puts them."
    ),
    Tool.AWSUME: (
        "mfa-tui reads the same profiles as they are, and login writes sections of its own: neither tool replaces the "
        "sessions of the other. awsume's cache is left alone and not used."
    ),
    Tool.AWS_MFA: (
        "[NAME-long-term] works as it is, including aws_mfa_device. Its login saves the session as [NAME], and removes "
        "aws_security_token, expiration and assumed_role… there."
    ),
    Tool.MFA_LOGIN: (
        "These sections are left alone: login writes one of its own beside them, with the expiry, which aws configure "
        "mfa-login does not store. mfa-tui login PROFILE --as NAME --overwrite keeps the old name."
    ),
    Tool.AWS_CLI: (
        "The AWS CLI's cache of role sessions is left alone and not used. A role that mfa-tui logs in to has a target "
        "of its own, for which the CLI asks for no code."
    ),
    Tool.LEAPP: (
        "Leapp's keys are left alone and not read: a login with mfa-tui needs the long-term keys in the credentials "
        "file. Leapp keeps writing and removing the sections of its own sessions."
    ),
}
_ALSO = {
    "mfa_process": (
        Tool.AWS_VAULT,
        "mfa_process is not run: set the command as the device's code_command in the settings, or store the secret.",
    ),
    "include_profile": (
        Tool.AWS_VAULT,
        "Only aws-vault reads include_profile: copy those settings into each profile.",
    ),
    "assume_role": (
        Tool.AWS_MFA,
        "assume_role is not followed: add a profile for the role with source_profile = NAME-long-term.",
    ),
    "assumed_role_arn": (
        Tool.AWS_MFA,
        "If [NAME] holds a role's session now, login replaces it with the user's session.",
    ),
}
"""What to add if a profile has the key."""


def traces_in_files(aws: AwsConfig, names: Collection[str]) -> dict[str, list[str]]:
    """The traces of each tool in the profiles *names* of *aws*, one line each."""
    found: dict[str, list[str]] = {}
    for tool, line in _lines(aws, names):
        found.setdefault(tool, []).append(line)
    return found


def traces_in_environment(env: Mapping[str, str]) -> dict[str, list[str]]:
    """The traces of tools that have put credentials into this shell."""
    return {
        tool: [f"this shell has credentials from it, of {quoted(env[variable])} ({variable})"]
        for variable, tool in SHELL_MARKS.items()
        if env.get(variable)
    }


def other_tools(
    aws: AwsConfig, names: Collection[str], found: Sequence[Mapping[str, Sequence[str]]]
) -> list[OtherTool]:
    """The tools of all traces that were *found*, with what changes for their users."""
    if not any(found):
        return []
    present = {key for name in names for key in aws.merged(name)}
    tools: list[OtherTool] = []
    for tool, change in _CHANGES.items():
        lines = [line for part in found for line in part.get(tool, ())]
        if lines:
            also = [words for key, (whose, words) in _ALSO.items() if whose == tool and key in present]
            tools.append(OtherTool(tool, tuple(lines), " ".join([change, *also])))
    return tools


def _lines(aws: AwsConfig, names: Collection[str]) -> Iterator[tuple[str, str]]:
    targets: dict[str, str] | None = None
    for name in aws.names:
        if name not in names:
            continue
        if name in aws.with_more or name.endswith(LONG_TERM_SUFFIX):
            yield from _settings(name, aws.merged(name))
        if read_profile(aws, name).kind in SESSIONS:
            targets = _mfa_login_targets(aws) if targets is None else targets
            yield from _session(aws, name, targets)
    for header in aws.config.sections():
        if header.startswith(_REGISTRY):
            yield Tool.GRANTED, f"profiles of its registry {quoted(header.removeprefix(_REGISTRY))}"


def _settings(name: str, values: Values) -> Iterator[tuple[str, str]]:
    """Settings of a profile that only other tools read, or that run other tools."""
    process = text(values, "credential_process")
    for tool, pattern in _PROCESSES.items():
        if process and re.search(pattern, process):
            yield tool, f"{quoted(name)} gets its credentials from it (credential_process)"
    for key in values:
        if key in _AWS_VAULT_KEYS:
            yield Tool.AWS_VAULT, f"{quoted(name)} has {key}"
        elif key.startswith("granted_"):
            yield Tool.GRANTED, f"{quoted(name)} has {shown(key)}"
    if name.endswith(LONG_TERM_SUFFIX) and has_long_term_keys(values):
        yield Tool.AWS_MFA, _long_term(name, values)
    elif "aws_mfa_device" in values:
        yield Tool.AWS_MFA, f"[{shown(name)}] names its MFA device as aws_mfa_device"


def _long_term(name: str, values: Values) -> str:
    device = text(values, "aws_mfa_device")
    named = f", of the device {sanitize(device)}" if device else ""
    return f"[{shown(name)}] holds long-term keys{named}; sessions go to [{shown(name.removesuffix(LONG_TERM_SUFFIX))}]"


def _session(aws: AwsConfig, name: str, targets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The session of another tool that a profile holds, if any."""
    kind = read_profile(aws, name).kind
    values = aws.merged(name)
    if kind not in SESSIONS or SOURCE_KEY in values:
        return
    where = f"[{shown(name)}] holds a session"
    role = text(values, "assumed_role_arn")
    of_role = f" of the role {sanitize(role)}" if role else ""
    if text(values, "manager") == "awsume":
        renewed = ", which autoawsume renews" if "autoawsume" in values else ""
        yield Tool.AWSUME, where + renewed
    elif kind == Kind.AWS_MFA_SESSION or "assumed_role" in values:
        yield Tool.AWS_MFA, f"{where}{of_role}{until_phrase(stored_expiry(values))}"
    elif kind == Kind.AWS_CLI_SESSION or name in targets:
        owner = targets.get(name)
        yield Tool.MFA_LOGIN, where + (f" of the MFA device of {quoted(owner)}" if owner else "")


def _mfa_login_targets(aws: AwsConfig) -> dict[str, str]:
    """Profiles by the section name that ``aws configure mfa-login`` makes from the profile's MFA serial."""
    names: dict[str, str] = {}
    for name in aws.names:
        profile = read_profile(aws, name)
        if profile.serial is not None and profile.kind in (Kind.ACCESS_KEYS, Kind.STORED_KEYS):
            serial = profile.serial
            # It takes the ARN apart only in the partition "aws".
            apart = serial.account and serial.partition == "aws"
            names.setdefault(f"{serial.account}-{serial.name}" if apart else f"session-{serial.text}", name)
    return names


def until_phrase(expires_at: int | None) -> str:
    """When a session expires (seconds since the epoch), as the end of a line; empty if that is unknown."""
    return "" if expires_at is None else f", until {format_utc(expires_at)}"
