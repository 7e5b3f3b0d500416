"""How targets are written and removed: the changes of their sections, for one target or for a thousand.

A target's section in the credentials file is ours to set and to remove. In the config file, its section has a copy of
the source's settings, which ends with the line ``mfa_tui_source``; what is below that line belongs to the user. The
functions return changes; :func:`with_edits` makes them all at once.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import SCOPE_KEY, SERIAL_KEYS, SOURCE_KEY, AwsConfig
from mfa_tui.core.awsfiles.changes import SectionChange
from mfa_tui.core.awsfiles.document import Document, UnsafeEdit
from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.profiles.target import EXPIRES_KEY, PROCESS_KEY, SESSION_KEYS
from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.core.text.display import shown
from mfa_tui.errors import MfaTuiError, TargetRefused, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mfa_tui.core.awsfiles.changes import Entry, SectionChanges
    from mfa_tui.models import Session

    Changes = tuple[SectionChanges, SectionChanges]
    """The changes of the config and of the credentials file."""
    ChangesOf = Callable[[AwsConfig], Changes]
    """Finds the changes for given files."""

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
CONFIG_NOTE = "# mfa-tui keeps the lines down to mfa_tui_source as in the source profile; lines below are yours."


def with_edits(
    aws: AwsConfig,
    edits: Iterable[tuple[Sequence[str], ChangesOf]],
    remedy: str,
    refused: Callable[[str, MfaTuiError], None] | None = None,
) -> AwsConfig:
    """*aws* after all *edits*; the same object if nothing changes.

    An edit names its profile, and then others that it reads or changes, with a function that finds its changes. The
    changes are found in the current files and made at once; but an edit that shares a name with an earlier one is
    applied after that one.

    *refused*, if given, is called with the profile and the problem of each edit that cannot be made, and the others are
    made. Without it the first such problem is raised: TargetRefused (``target-unsafe``, with *remedy*), or what an
    edit's function raises.
    """
    batch = _Batch(remedy, refused)
    for names, changes_of in edits:
        if not batch.names.isdisjoint(names):
            aws = batch.made(aws)
            batch = _Batch(remedy, refused)
        try:
            batch.add(names, changes_of(aws))
        except MfaTuiError as problem:
            if refused is None:
                raise
            refused(names[0], problem)
    return batch.made(aws)


def has_effect(aws: AwsConfig, changes: Changes) -> bool:
    """Whether *changes* would change either file."""
    return aws.config.changed_by(changes[0]) or aws.credentials.changed_by(changes[1])


def missing_lines(config: Document, changes: SectionChanges) -> str:
    """The text of the sections or keys that *changes* would add to *config*, without our marks."""
    document = Document.parse(b"", "config")
    for header, change in changes.items():
        own = config.raw(header) if header in config.sections() else {}
        entries = change.values.items() if isinstance(change, SectionChange) else change or ()
        marks = (SOURCE_KEY, SCOPE_KEY)
        wanted = [entry for entry in entries if not isinstance(entry, str) and entry[0] not in marks]
        if missing := [(key, value) for key, value in wanted if own.get(key) != value]:
            document = document.with_section(header, missing)
    return document.render().decode().strip()


class _Batch:
    """Changes that are made at once, by profile. ``names`` are all profiles that they read or change."""

    def __init__(self, remedy: str, refused: Callable[[str, MfaTuiError], None] | None) -> None:
        self.names: set[str] = set()
        self._remedy = remedy
        self._refused = refused
        self._changes: dict[str, Changes] = {}

    def add(self, names: Sequence[str], changes: Changes) -> None:
        self.names.update(names)
        self._changes[names[0]] = changes

    def made(self, aws: AwsConfig) -> AwsConfig:
        """The files after all changes, except those that cannot be made, which are reported to ``refused``."""
        while True:
            documents: list[Document] = []
            for number, document in enumerate(aws.documents):
                whole = {header: each for of in self._changes.values() for header, each in of[number].items()}
                try:
                    documents.append(document.with_sections(whole))
                except UnsafeEdit as error:
                    name = next(name for name, of in self._changes.items() if error.section in of[number])
                    del self._changes[name]
                    self._refuse(name, error)
                    break
            else:
                return aws if documents == [*aws.documents] else aws.with_documents(*documents)

    def _refuse(self, name: str, error: UnsafeEdit) -> None:
        problem = TargetRefused(
            "target-unsafe",
            f"[{shown(name)}] cannot be changed without affecting other sections; the files were left alone.",
            sentence(str(error)),
            self._remedy,
        )
        if self._refused is None:
            raise problem from None
        self._refused(name, problem)


def target_changes(
    aws: AwsConfig, target: str, source: str, session: Session, process: str = "", *, scope: str = ""
) -> Changes:
    """The changes that put *session* into *target*. With *process*, it runs that command line instead.

    *scope* is the name of the scope that the session is limited to; empty for none.
    """
    config = settings_changes(aws, target, source, process, scope)
    if process:
        return config, _keyless_changes(aws.credentials, target)
    return config, session_changes(aws.credentials, target, source, session, scope)


def removal_changes(aws: AwsConfig, target: str) -> Changes:
    """The changes that remove everything that login wrote for *target*."""
    return _settings_removal(aws.config, target), _session_removal(aws.credentials, target)


def session_changes(
    credentials: Document, target: str, source: str, session: Session, scope: str = ""
) -> SectionChanges:
    """The changes that put *session* into section *target* of the credentials file, with its *scope* if it has one."""
    values = {
        "aws_access_key_id": session.access_key_id,
        "aws_secret_access_key": session.secret_access_key.reveal(),
        "aws_session_token": session.session_token.reveal(),
        EXPIRES_KEY: format_utc(session.expires_at),
    }
    if scope:
        values[SCOPE_KEY] = scope
    if target not in credentials:
        return {target: [*values.items(), (SOURCE_KEY, source)]}
    present = credentials.raw(target)
    stale = [key for key in present if key in _AWS_MFA_KEYS or key.startswith("assumed_role")]
    if SOURCE_KEY in present:
        return {target: SectionChange({**values, SOURCE_KEY: source}, stale)}
    # The mark goes first in a section that was there before us: logout then knows to leave the header.
    return {target: SectionChange({SOURCE_KEY: source, **values}, stale)}


def _session_removal(credentials: Document, target: str) -> SectionChanges:
    """The changes that undo :func:`session_changes`."""
    if target not in credentials or SOURCE_KEY not in credentials.raw(target):
        return {}
    keys = list(credentials.raw(target))
    ours = [key for key in keys if key in SESSION_KEYS or key in (SOURCE_KEY, SCOPE_KEY)]
    if not any(key in SESSION_KEYS for key in ours):
        # No session: settings_changes wrote it to [profile x], in one file that serves as both.
        return {}
    # Each of our keys takes one line: more lines mean that someone has added a comment.
    length = credentials.line_of(target, keys[-1]) - credentials.line_of(target)
    made_by_us = ours == keys and keys[-1] == SOURCE_KEY and length == len(keys)
    return {target: None if made_by_us else SectionChange({}, ours)}


def _keyless_changes(credentials: Document, target: str) -> SectionChanges:
    """The changes that remove all keys from *target*, even foreign ones: SDKs would prefer them to the process."""
    if target not in credentials:
        return {}
    ours = _session_removal(credentials, target).get(target, SectionChange({}))
    if not isinstance(ours, SectionChange):
        return {target: ours}
    keys = (*SESSION_KEYS, *_AWS_MFA_KEYS, SCOPE_KEY)
    theirs = [key for key in credentials.raw(target) if key in keys or key.startswith("assumed_role")]
    return {target: SectionChange({}, ours.remove.union(theirs))}


def settings_changes(aws: AwsConfig, target: str, source: str, process: str = "", scope: str = "") -> SectionChanges:
    """The changes that copy the source's settings (region and the like) to the target's section, or update them there.

    *process* is the credential process of the section, *scope* its scope; empty for none. A section that is not marked
    as ours only gets the process; if there is nothing to copy, no section is made.
    """
    config = aws.config
    wanted = _copied_settings(aws, source)
    if scope:
        wanted = {**wanted, SCOPE_KEY: scope}
    if process:
        wanted = {PROCESS_KEY: process, **wanted}
    section = config.section_of(target)
    if section is None:
        entries: list[Entry] = [CONFIG_NOTE, *wanted.items(), (SOURCE_KEY, source)]
        return {config_header(target): entries} if wanted else {}
    present = config.raw(section)
    if SOURCE_KEY not in present:
        if not process:
            return {}
        # The process and the mark go first: what is below the mark stays the user's.
        first = next((key for key in present if key != PROCESS_KEY), None)
        return {section: SectionChange({PROCESS_KEY: process, SOURCE_KEY: source}, [PROCESS_KEY], first)}
    above, below = _around_mark(present)
    gone = [key for key in above if key not in wanted]
    changed = {key: value for key, value in wanted.items() if key not in below}
    return {section: SectionChange({**changed, SOURCE_KEY: source}, gone, SOURCE_KEY)}


def _settings_removal(config: Document, target: str) -> SectionChanges:
    """The changes that undo :func:`settings_changes`."""
    section = config.section_of(target)
    if section is None or SOURCE_KEY not in config.raw(section):
        return {}
    above, below = _around_mark(config.raw(section))
    # If we made the section, our note is below its header.
    ours = config.line(config.line_of(section) + 1).strip() == CONFIG_NOTE
    return {section: SectionChange({}, [*above, SOURCE_KEY]) if below or not ours else None}


def _around_mark(values: Iterable[str]) -> tuple[list[str], list[str]]:
    keys = list(values)
    mark = keys.index(SOURCE_KEY)
    return keys[:mark], keys[mark + 1 :]


def _copied_settings(aws: AwsConfig, source: str) -> dict[str, str]:
    """The source's settings as the files have them, with nested blocks but without [DEFAULT], which applies anyway."""
    values: dict[str, str] = {}
    section = aws.config.section_of(source)
    if section is not None:
        values.update(aws.config.raw(section))
    if source in aws.credentials:
        values.update(aws.credentials.raw(source))
    return {
        key: value
        for key, value in values.items()
        if key not in _NOT_COPIED and not key.startswith(_NOT_COPIED_PREFIXES)
    }


def serial_changes(aws: AwsConfig, profile: str, serial: str) -> Changes:
    """The changes that set ``mfa_serial`` in *profile*: in the config file if it has a section there."""
    section = aws.config.section_of(profile)
    change = SectionChange({"mfa_serial": serial})
    return ({section: change}, {}) if section is not None else ({}, {profile: change})


def serial_removal(aws: AwsConfig, profile: str, serial: str) -> Changes:
    """The changes that remove the keys by which *profile* names the device *serial*."""

    def unnamed(document: Document) -> SectionChanges:
        section = document.section_of(profile)
        own = document.raw(section) if section is not None else {}
        keys = [key for key in SERIAL_KEYS if own.get(key, "").strip() == serial]
        return {section: SectionChange({}, keys)} if section is not None and keys else {}

    return unnamed(aws.config), unnamed(aws.credentials)
