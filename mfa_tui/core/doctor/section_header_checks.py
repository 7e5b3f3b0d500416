"""Checks of headers that do not make the profile that was meant: the two files have different rules for headers."""

from __future__ import annotations

import re

from mfa_tui.core.awsfiles.ini import DEFAULTS
from mfa_tui.core.awsfiles.section_headers import profile_in
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.problems.place import header_place
from mfa_tui.core.problems.problem import ERROR
from mfa_tui.core.profiles.kind import Kind
from mfa_tui.core.profiles.profile import read_profile
from mfa_tui.core.text.display import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.problems.finding import Finding

_SETTINGS = frozenset(
    {
        "region", "output", "role_arn", "source_profile", "credential_source", "credential_process", "mfa_serial",
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "sso_session", "sso_account_id",
        "login_session", "web_identity_token_file", "duration_seconds", "endpoint_url",
    }
)  # fmt: skip
"""Keys that show that a section was meant to be a profile."""
UNREAD = ("header-config", "header-credentials")
"""The codes of headers that make another profile than the one that was meant."""
_OTHERS = ("sso-session", "services", "plugins", "preview")
"""Other kinds of sections in the config file."""
_USUAL = "In the config file, a profile's header is [profile NAME] or [default]."
_QUOTES = "\"'“”‘’"


def check_headers(aws: AwsConfig, names: Collection[str] | None = None) -> Iterator[Finding]:
    """Headers that make no profile, or another profile than the one that was meant, or that hide another section.

    With *names*, only those that probably mean one of these profiles, or that concern all profiles.
    """
    unread = _unread(aws)
    for meant, found in (*_check_config(aws, unread), *_check_twice(aws, unread), *_check_credentials(aws)):
        if names is None or meant in names:
            yield found
    for document, path in ((aws.config, aws.paths[0]), (aws.credentials, aws.paths[1])):
        own = document.raw(DEFAULTS)
        if not _SETTINGS.isdisjoint(own):
            header = document.section_of("default")
            yield problem(
                "header-default-twice" if header else "header-for-all",
                place=header_place(document, path, DEFAULTS),
                keys=_counted([shown(key) for key in own]),
                header=shown(header or ""),
            )


def _unread(aws: AwsConfig) -> list[str]:
    """The headers in the config file that no profile is read from."""
    profiles = set(map(aws.config.section_of, aws.names))
    return [header for header in aws.config.sections() if header not in profiles]


def _check_config(aws: AwsConfig, unread: Collection[str]) -> Iterator[tuple[str, Finding]]:
    for header in unread:
        if _SETTINGS.isdisjoint(aws.config.raw(header)):
            continue
        if header.startswith(_OTHERS) or (name := intended_profile(header)) is None:
            continue
        named = f"[{header_for(name)}]" if name else ""
        read = aws.config.section_of(name)
        if not name:
            reason, remedy = "It has no name.", "Name it: [profile NAME]"
        elif read is not None and read != header:
            if profile_in(header) == name:
                # Reported as two sections of one profile.
                continue
            reason, remedy = _USUAL, f"Move its lines to [{shown(read)}], which is read, and remove it."
        else:
            reason, remedy = _reason(header, name), f"Write it as {named}"
        place = header_place(aws.config, aws.paths[0], header)
        yield name, problem("header-config", place=place, header=shown(header), reason=reason, remedy=remedy)


def intended_profile(header: str) -> str | None:
    """The profile that a header of the config file probably means; empty if it has no name."""
    text = header.strip()
    if "]" in text:
        # A bracket in the comment after the header: the header goes up to the last bracket of the line.
        text = text.partition("]")[0].strip()
    found = re.match(r"(?i)profile(?P<rest>\b.*)?\Z", text, re.DOTALL) or re.match(
        r"(?i)profile(?P<rest>[^\s].*)\Z", text, re.DOTALL
    )
    name = (found["rest"] or "") if found else text
    return name.strip().strip(_QUOTES).strip()


def header_for(name: str) -> str:
    """The header of a profile in the config file, for a message."""
    if name == "default":
        return name
    return f'profile "{shown(name)}"' if re.search(r"[\s'\"]", name) else f"profile {shown(name)}"


def _reason(header: str, name: str) -> str:
    text = header.strip()
    if "]" in text:
        return "A header goes up to the last bracket of its line, so the comment after it is part of the name."
    if sum(text.count(quote) for quote in "\"'") % 2:
        return "Its quote is not closed."
    if header != text and text.startswith("profile"):
        return "It has a space before its first word."
    if text.lower().startswith("profile") and not text.startswith("profile"):
        return "The word profile must be in lower case."
    if text.startswith("profile") and text[7:8].isalnum():
        return "It has no space after the word profile."
    if re.search(r"\s", name) and text.startswith("profile"):
        return "A name of several words must be in quotes."
    return _USUAL


def _check_twice(aws: AwsConfig, unread: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """Two sections of one profile: botocore takes the later one, and does not merge them."""
    for header in unread:
        name = profile_in(header)
        read = aws.config.section_of(name) if name else None
        if name and read is not None and read != header:
            place = header_place(aws.config, aws.paths[0], header)
            yield name, problem("header-twice", profile=name, place=place, header=shown(header), later=shown(read))


def _check_credentials(aws: AwsConfig) -> Iterator[tuple[str, Finding]]:
    for header in aws.credentials.sections():
        if header.replace("-", "").replace("_", "").isalnum():
            # Nearly all are like this, and mean what they say.
            continue
        if _SETTINGS.isdisjoint(aws.credentials.raw(header)):
            continue
        name = header.partition("]")[0].strip()
        reason = "Spaces at either end are part of the name."
        if name != header.strip():
            reason = "A header goes up to the last bracket of its line, so the comment after it is part of the name."
        if re.match(r"(?i)profile\s", name):
            name = name[7:].strip()
            reason = "The word profile belongs to the config file only."
        if name[:1] in _QUOTES or name[-1:] in _QUOTES:
            name = name.strip(_QUOTES).strip()
            reason = "In the credentials file, quotes are part of the name." if "profile" not in reason else reason
        if name and name != header:
            place = header_place(aws.credentials, aws.paths[1], header)
            # Then a login with that profile cannot work.
            lacks_keys = name in aws and read_profile(aws, name).kind == Kind.NO_CREDENTIALS
            found = problem(
                "header-credentials",
                severity=ERROR if lacks_keys else "",
                place=place,
                header=shown(header),
                reason=reason,
                better=shown(name),
            )
            yield name, found._replace(profile=header)


def _counted(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
