"""The target: the section that login writes. Its name, whether it may be written, and what it contains now.

How it is written: :mod:`mfa_tui.core.profiles.target_edits`.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import (
    LONG_TERM_SUFFIX,
    SOURCE_KEY,
    STORED_KEY,
    TARGET_KEY,
    AwsConfig,
    has_long_term_keys,
    has_session_keys,
    text,
)
from mfa_tui.core.awsfiles.section_headers import credentials_header
from mfa_tui.core.sessions.credential_process import profile_of_process
from mfa_tui.core.sessions.expiry import parse_expiry
from mfa_tui.core.text.display import is_visible, shell_word, shortened_key
from mfa_tui.errors import TargetRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import Values
    from mfa_tui.core.awsfiles.document import Document

EXPIRES_KEY = "x_security_token_expires"
"""The key of the expiry, in UTC; prompts such as starship read it. (awsume deletes sections that have a key called
``expiration``.)"""
SESSION_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", EXPIRES_KEY)
"""The keys that login sets in the credentials file, besides the mark."""
PROCESS_KEY = "credential_process"


def target_name(aws: AwsConfig, source: str, pattern: str) -> str:
    """The section that login of *source* writes unless another is given.

    ``mfa_tui_target`` in the profile, else aws-mfa's name for ``X-long-term``, else *pattern* with ``{profile}``.
    """
    config, own = aws.sections_of(source)
    # Few have it; most have no name like that, either.
    if (TARGET_KEY in config or TARGET_KEY in own) and (
        chosen := text(own if TARGET_KEY in own else config, TARGET_KEY)
    ):
        return chosen
    if LONG_TERM_SUFFIX in source and source.endswith(LONG_TERM_SUFFIX) and source != LONG_TERM_SUFFIX:
        return source.removesuffix(LONG_TERM_SUFFIX)
    return pattern.replace("{profile}", source)


def source_of(aws: AwsConfig, name: str, pattern: str) -> str | None:
    """The profile whose target is *name*, written or not; None if there is none. The profile may no longer exist."""
    return aws.source_of_target(name) if name in aws else source_by_name(aws, name, pattern)


def source_by_name(aws: AwsConfig, name: str, pattern: str) -> str | None:
    """The profile whose target is called *name*, for a target that was never written; None if there is none.

    ``AWS_PROFILE=dev-mfa`` before the first login means ``dev``.
    """
    before, _, after = pattern.partition("{profile}")
    guess = name.removeprefix(before).removesuffix(after)
    for source in (guess, name + LONG_TERM_SUFFIX, *aws.names):
        if source in aws and target_name(aws, source, pattern) == name:
            return source
    return None


def check_target(aws: AwsConfig, source: str, target: str) -> None:
    """Check that SDKs would read the target, and that it has no long-term keys.

    Raises TargetRefused: ``target-name``, ``target-ignored``, ``target-long-term``.
    """
    try:
        credentials_header(target)
    except ValueError:
        raise TargetRefused(
            "target-name",
            f"A section cannot be named {target!r}.",
            "Names have no ] or control characters and no space at either end; DEFAULT leaks into every section.",
            _suggestion(source),
        ) from None
    merged = aws.merged(target)
    for key in merged:
        if key in ("role_arn", "web_identity_token_file") or key.startswith("sso_"):
            raise TargetRefused(
                "target-ignored",
                f"The target [{target}] has {key}, so SDKs would ignore keys written there.",
                "They look for a role, a web identity or IAM Identity Center first.",
                _suggestion(source),
            )
    stored = text(aws.in_config(target), STORED_KEY)
    if stored or has_long_term_keys(aws.in_credentials(target)) or has_long_term_keys(aws.in_config(target)):
        raise TargetRefused(
            "target-long-term",
            f"The target [{target}] is a profile whose long-term keys are stored; it is never overwritten."
            if stored
            else f"The target [{target}] holds long-term access keys; they are never overwritten.",
            ""
            if target != source
            else "A session needs a section of its own, apart from the keys that it is made from.",
            _suggestion(source),
        )


def _suggestion(source: str) -> str:
    """How to save the session of the profile *source* in another section."""
    other = _other_target(source)
    return f"Choose another with --as {shell_word(other)}, or with mfa_tui_target = {other} in the profile."


def _other_target(source: str) -> str:
    """A name that a section can have, after that of the profile *source*."""
    name = "".join(character for character in source if character != "]" and is_visible(character)).strip()
    return f"{name}-session" if name else "session"


def foreign_credentials(aws: AwsConfig, source: str, target: str) -> str:
    """The credentials in *target* that are not ours and would be replaced or hidden, in words; empty if there are none.

    A config section without credentials does not count: the user keeps it (see :func:`process_source`).
    """
    values = aws.in_credentials(target)
    # A mark in the config file proves nothing: another program may have replaced what we wrote to the credentials.
    if SOURCE_KEY in values or source == target + LONG_TERM_SUFFIX:
        return ""
    for where in (values, aws.in_config(target)):
        if has_session_keys(where):
            shortened = shortened_key(text(where, "aws_access_key_id"))
            return f"temporary credentials that mfa-tui did not write ({shortened})"
    merged = aws.merged(target)
    for key in (PROCESS_KEY, "login_session"):
        if key in merged and not (key == PROCESS_KEY and process_source(aws, target)):
            return f"a {key}, which SDKs would no longer use"
    return ""


def foreign_section(aws: AwsConfig, target: str) -> bool:
    """Whether the config file has a section of *target* that mfa-tui did not make."""
    section = aws.config.section_of(target)
    return section is not None and SOURCE_KEY not in aws.config.raw(section)


def stored_expiry(values: Values) -> int | None:
    """When the session in a section expires, as mfa-tui or aws-mfa wrote it, in seconds since the epoch.

    None if it is unknown: ``aws configure mfa-login`` does not write it, and awsume writes local time without a zone.
    """
    if text(values, "manager") == "awsume":
        return None
    # Login removes the expiry of aws-mfa, so if both are there, aws-mfa has written after us.
    return parse_expiry(text(values, "expiration") or text(values, EXPIRES_KEY))


def process_source(aws: AwsConfig, target: str) -> str:
    """The profile for which *target*, if it is ours, runs a credential process; empty if it does not."""
    values = aws.in_config(target)
    return profile_of_process(text(values, PROCESS_KEY)) if SOURCE_KEY in values else ""


def without_all_sessions(document: Document) -> Document:
    """The file without the session keys that mfa-tui wrote, for the backup.

    Raises DocumentDefect if the result could not be read.
    """
    ours = [section for section in document.sections() if SOURCE_KEY in document.raw(section)]
    return document.without_keys(dict.fromkeys(ours, SESSION_KEYS))
