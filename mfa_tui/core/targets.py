"""The target: the section that login writes. Its name, whether it may be written, and the edits themselves.

What stands in a target section of the credentials file is ours to set and to remove; the section's copy of the
source's settings in the config file ends with the line ``mfa_tui_source``, and what stands below that line is the
user's.
"""

from __future__ import annotations

from contextlib import contextmanager

from mfa_tui.core.awsconfig import (
    LONG_TERM_SUFFIX,
    SERIAL_KEYS,
    SOURCE_KEY,
    TARGET_KEY,
    AwsConfig,
    has_long_term_keys,
    has_session_keys,
    text,
)
from mfa_tui.core.credentialprocess import profile_of_process
from mfa_tui.core.document import Document, UnsafeEdit, config_header, credentials_header
from mfa_tui.core.expiry import format_utc, parse_expiry
from mfa_tui.core.ini import shown, split_lines
from mfa_tui.errors import TargetRefused, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.core.awsconfig import Values
    from mfa_tui.models import Session

EXPIRES_KEY = "x_security_token_expires"
"""UTC expiry; prompts such as starship read it. (A key called ``expiration`` would make awsume delete the section.)"""
SESSION_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", EXPIRES_KEY)
"""What login sets in the credentials file, beside the mark."""
_AWS_MFA_KEYS = ("aws_security_token", "expiration", "assumed_role", "assumed_role_arn", "assumed_role_id")
_NOT_COPIED = frozenset(
    {
        "role_arn", "source_profile", "credential_source", "credential_process", "mfa_serial", "external_id",
        "role_session_name", "duration_seconds", "login_session", "aws_access_key_id", "aws_secret_access_key",
        "aws_session_token", "aws_security_token", "aws_mfa_device", "x_security_token_expires", "expiration",
        "x_principal_arn", "aws_credential_expiration",
    }
)  # fmt: skip
_NOT_COPIED_PREFIXES = ("web_identity_", "sso_", "mfa_tui_", "assumed_role")
PROCESS_KEY = "credential_process"
CONFIG_NOTE = "# mfa-tui keeps the lines down to mfa_tui_source as in the source profile; lines below are yours."


def target_name(aws: AwsConfig, source: str, pattern: str) -> str:
    """The section that login of *source* writes when not told otherwise.

    ``mfa_tui_target`` in the profile, else aws-mfa's name for ``X-long-term``, else *pattern* with ``{profile}``.
    """
    chosen = text(aws.merged(source), TARGET_KEY)
    if chosen:
        return chosen
    if source.endswith(LONG_TERM_SUFFIX) and source != LONG_TERM_SUFFIX:
        return source.removesuffix(LONG_TERM_SUFFIX)
    return pattern.replace("{profile}", source)


def source_of(aws: AwsConfig, name: str, pattern: str) -> str | None:
    """The profile whose target *name* is, written already or not; None if it is nobody's. It may be gone itself."""
    return aws.source_of_target(name) if name in aws else source_by_name(aws, name, pattern)


def source_by_name(aws: AwsConfig, name: str, pattern: str) -> str | None:
    """The profile whose target is called *name*, for a target that was never written; None if there is none.

    ``AWS_PROFILE=dev-mfa`` before the first login means ``dev``.
    """
    before, _, after = pattern.partition("{profile}")
    guess = name[len(before) : len(name) - len(after)] if name.startswith(before) and name.endswith(after) else ""
    for source in (guess, name + LONG_TERM_SUFFIX, *aws.names):
        if source in aws and target_name(aws, source, pattern) == name:
            return source
    return None


def check_target(aws: AwsConfig, source: str, target: str) -> None:
    """Refuse a target that SDKs would not read, or that holds long-term keys.

    Raises TargetRefused: ``target-name``, ``target-ignored``, ``target-long-term``.
    """
    suggestion = f"Choose another with --as, for example --as {source.strip()}-session."
    try:
        credentials_header(target)
    except ValueError:
        raise TargetRefused(
            "target-name",
            f"A section cannot be called {target!r}.",
            "Names have no ], no control characters and no spaces at an end, and DEFAULT leaks into every section.",
            suggestion,
        ) from None
    merged = aws.merged(target)
    for key in merged:
        if key in ("role_arn", "web_identity_token_file") or key.startswith("sso_"):
            raise TargetRefused(
                "target-ignored",
                f"The target [{target}] has {key}, so SDKs would ignore keys written there.",
                "They look for a role, a web identity or IAM Identity Center first.",
                suggestion,
            )
    if has_long_term_keys(aws.in_credentials(target)) or has_long_term_keys(aws.in_config(target)):
        raise TargetRefused(
            "target-long-term",
            f"The target [{target}] holds long-term access keys; they are never overwritten.",
            "" if target != source else "A session needs a section of its own beside the keys that it is made from.",
            suggestion,
        )


def foreign_credentials(aws: AwsConfig, source: str, target: str) -> str:
    """What in *target* is not ours and would be replaced or shadowed, in words; empty if nothing is.

    A section of the config file without credentials is the user's to keep, and no hindrance (see :func:`asks_for`).
    """
    values = aws.in_credentials(target)
    # A mark in the config file proves nothing: another program may have replaced what we wrote to the credentials.
    if SOURCE_KEY in values or source == target + LONG_TERM_SUFFIX:
        return ""
    for where in (values, aws.in_config(target)):
        if has_session_keys(where):
            key_id = text(where, "aws_access_key_id")
            return f"temporary credentials that mfa-tui did not write ({key_id[:4]}…{key_id[-4:]})"
    merged = aws.merged(target)
    for key in (PROCESS_KEY, "login_session"):
        if key in merged and not (key == PROCESS_KEY and asks_for(aws, target)):
            return f"a {key}, which SDKs would no longer use"
    return ""


def foreign_section(aws: AwsConfig, target: str) -> bool:
    """Whether the config file has a section of *target* that we did not make."""
    section = aws.config.section_of(target)
    return section is not None and SOURCE_KEY not in aws.config.raw(section)


def written_expiry(values: Values) -> int | None:
    """When the session in a section ends, as mfa-tui or aws-mfa wrote it there, in seconds since the epoch.

    None if nobody wrote it: ``aws configure mfa-login`` does not; nor can awsume's be told, whose ``expiration`` is in
    the local time of wherever it was written.
    """
    if text(values, "manager") == "awsume":
        return None
    # Ours never stands beside aws-mfa's, which login removes: where both are, aws-mfa has written after us.
    return parse_expiry(text(values, "expiration") or text(values, EXPIRES_KEY))


def with_session(credentials: Document, target: str, source: str, session: Session) -> Document:
    """The credentials file with *session* in section *target*."""
    values = {
        "aws_access_key_id": session.access_key_id,
        "aws_secret_access_key": session.secret_access_key.reveal(),
        "aws_session_token": session.session_token.reveal(),
        EXPIRES_KEY: format_utc(session.expires_at),
    }
    if target not in credentials.sections():
        return credentials.with_section(target, [*values.items(), (SOURCE_KEY, source)])
    present = credentials.raw(target)
    stale = [key for key in present if key in _AWS_MFA_KEYS or key.startswith("assumed_role")]
    if SOURCE_KEY in present:
        return credentials.with_values(target, {**values, SOURCE_KEY: source}, remove=stale)
    # The mark goes first in a section that was there before us: logout then knows to leave the header standing.
    return credentials.with_values(target, {SOURCE_KEY: source, **values}, remove=stale)


def without_session(credentials: Document, target: str) -> Document:
    """The credentials file without what :func:`with_session` wrote to *target*."""
    if target not in credentials.sections() or SOURCE_KEY not in credentials.raw(target):
        return credentials
    keys = list(credentials.raw(target))
    ours = [key for key in keys if key in SESSION_KEYS or key == SOURCE_KEY]
    if ours == [SOURCE_KEY]:
        # No session: what with_settings wrote to [profile x], where one file serves as both.
        return credentials
    # Ours are one line each: a longer way from the header to the last means that a comment was put in between.
    length = credentials.line_of(target, keys[-1]) - credentials.line_of(target)
    made_by_us = ours == keys and keys[-1] == SOURCE_KEY and length == len(keys)
    return credentials.without_section(target) if made_by_us else credentials.with_values(target, {}, remove=ours)


def asks_for(aws: AwsConfig, target: str) -> str:
    """The profile whose credentials *target*, if it is ours, asks for by a process; empty if it does not."""
    values = aws.in_config(target)
    return profile_of_process(text(values, PROCESS_KEY)) if SOURCE_KEY in values else ""


def with_settings(aws: AwsConfig, target: str, source: str, process: str = "") -> Document:
    """The config file with the source's settings (region and the like) in the target's section, up to date.

    *process* is the command line that the section shall ask for credentials, if it shall. A section of the target that
    is not marked as ours is left alone but for that; nothing to copy makes no section.
    """
    config = aws.config
    wanted = _copied(aws, source)
    if process:
        wanted = {PROCESS_KEY: process, **wanted}
    section = config.section_of(target)
    if section is None:
        if not wanted:
            return config
        header = config_header(target)
        return config.with_section(header, [CONFIG_NOTE, *wanted.items(), (SOURCE_KEY, source)])
    present = config.raw(section)
    if SOURCE_KEY not in present:
        return _with_process(config, section, source, process) if process else config
    above, below = _around_mark(list(present))
    gone = [key for key in above if key not in wanted]
    changed = {key: value for key, value in wanted.items() if key not in below and present.get(key) != value}
    if present[SOURCE_KEY] != source:
        changed[SOURCE_KEY] = source
    return config.with_values(section, changed, remove=gone, before=SOURCE_KEY) if changed or gone else config


def _with_process(config: Document, section: str, source: str, process: str) -> Document:
    """A section that is not ours, with the process and the mark first: what stands below the mark stays the user's."""
    if PROCESS_KEY in config.raw(section):
        config = config.with_values(section, {}, remove=[PROCESS_KEY])
    below = next(iter(config.raw(section)), "")
    return config.with_values(section, {PROCESS_KEY: process, SOURCE_KEY: source}, before=below)


def without_settings(config: Document, target: str) -> Document:
    """The config file without what :func:`with_settings` wrote for *target*."""
    section = config.section_of(target)
    if section is None or SOURCE_KEY not in config.raw(section):
        return config
    above, below = _around_mark(list(config.raw(section)))
    if below or not _made_by_us(config, section):
        return config.with_values(section, {}, remove=[*above, SOURCE_KEY])
    return config.without_section(section)


def _made_by_us(config: Document, section: str) -> bool:
    """Whether we have made a section of the config file: then our note stands below its header."""
    lines = split_lines(config.render().decode())
    return lines[config.line_of(section)].strip() == CONFIG_NOTE


def _around_mark(keys: list[str]) -> tuple[list[str], list[str]]:
    mark = keys.index(SOURCE_KEY)
    return keys[:mark], keys[mark + 1 :]


def _copied(aws: AwsConfig, source: str) -> dict[str, str]:
    """The source's settings as they stand in the files, nested blocks included; DEFAULT reaches the target anyway."""
    values: dict[str, str] = {}
    section = aws.config.section_of(source)
    if section is not None:
        values.update(aws.config.raw(section))
    if source in aws.credentials.sections():
        values.update(aws.credentials.raw(source))
    return {
        key: value
        for key, value in values.items()
        if key not in _NOT_COPIED and not key.startswith(_NOT_COPIED_PREFIXES)
    }


def without_all_sessions(document: Document) -> Document:
    """The file without any session keys that mfa-tui wrote; for the backup.

    Raises DocumentDefect if what is left could not be read.
    """
    ours = [section for section in document.sections() if SOURCE_KEY in document.raw(section)]
    return document.without_keys(dict.fromkeys(ours, SESSION_KEYS))


def with_target(
    aws: AwsConfig, target: str, source: str, session: Session, process: str = ""
) -> tuple[Document, Document]:
    """Both files (config, credentials) with *session* in place; a file that needs no change is returned as it is.

    With *process*, the target holds no session but asks for it by that command line.
    Raises TargetRefused (``target-unsafe``).
    """
    with _refused_if_unsafe(target, "Choose another section with --as, or tidy up that place in the file."):
        config = with_settings(aws, target, source, process)
        if process:
            return config, _without_keys(without_session(aws.credentials, target), target)
        return config, with_session(aws.credentials, target, source, session)


def _without_keys(credentials: Document, target: str) -> Document:
    """The credentials file without keys in *target*, whosever they are: SDKs would prefer them to the process."""
    if target not in credentials.sections():
        return credentials
    keys = (*SESSION_KEYS, *_AWS_MFA_KEYS)
    gone = [key for key in credentials.raw(target) if key in keys or key.startswith("assumed_role")]
    return credentials.with_values(target, {}, remove=gone) if gone else credentials


def without_target(aws: AwsConfig, target: str) -> tuple[Document, Document]:
    """Both files (config, credentials) without what login wrote for *target*.

    Raises TargetRefused (``target-unsafe``).
    """
    with _refused_if_unsafe(target, "Tidy up that place in the file, or remove the lines of the session by hand."):
        return without_settings(aws.config, target), without_session(aws.credentials, target)


@contextmanager
def _refused_if_unsafe(target: str, remedy: str) -> Iterator[None]:
    """Say so when the document refuses an edit of *target*, for it would change what else the file says."""
    try:
        yield
    except UnsafeEdit as error:
        raise TargetRefused(
            "target-unsafe",
            f"[{shown(target)}] cannot be changed without damage to what stands around it; the files were left alone.",
            sentence(str(error)),
            remedy,
        ) from None


def with_saved_serial(aws: AwsConfig, profile: str, serial: str) -> AwsConfig:
    """The files with ``mfa_serial`` in *profile*, where its settings are: the config file if it has a section there.

    Raises TargetRefused (``target-unsafe``).
    """
    section = aws.config.section_of(profile)
    with _refused_if_unsafe(profile, "Tidy up that place in the file, or add mfa_serial by hand."):
        if section is not None:
            return AwsConfig(aws.config.with_values(section, {"mfa_serial": serial}), aws.credentials)
        return AwsConfig(aws.config, aws.credentials.with_values(profile, {"mfa_serial": serial}))


def without_saved_serial(aws: AwsConfig, profile: str, serial: str) -> AwsConfig:
    """The files without the keys by which *profile* names the device *serial*.

    Raises TargetRefused (``target-unsafe``).
    """

    def unnamed(document: Document) -> Document:
        section = document.section_of(profile)
        own = document.raw(section) if section is not None else {}
        keys = [key for key in SERIAL_KEYS if own.get(key, "").strip() == serial]
        return document.with_values(section, {}, remove=keys) if section is not None and keys else document

    with _refused_if_unsafe(profile, "Tidy up that place in the file, or take mfa_serial out by hand."):
        return AwsConfig(unnamed(aws.config), unnamed(aws.credentials))
