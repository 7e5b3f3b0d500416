"""The edits of the AWS files that move a profile's long-term keys out of them, and back.

In the config file the profile keeps the id of its stored keys (``mfa_tui_access_key_id``, not secret), and as a rule a
``credential_process`` that gets sessions with MFA from mfa-tui, so that AWS tools go on working with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import STORED_KEY, AwsConfig, has_long_term_keys, text
from mfa_tui.core.awsfiles.changes import SectionChange
from mfa_tui.core.awsfiles.section_headers import config_header
from mfa_tui.core.keys.removed_lines import ID, SECRET, OfProfile, RemovedLines, with_keys, without_keys
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.core.profiles.target import PROCESS_KEY
from mfa_tui.core.sessions.credential_process import profile_of_command_line
from mfa_tui.errors import ProfileProblem, sentence

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import Values
    from mfa_tui.core.awsfiles.changes import Entry
    from mfa_tui.core.awsfiles.document import Document, UnsafeEdit
    from mfa_tui.models import AccessKeys

NOTE = "# mfa-tui made this section: the profile's access key is stored. mfa-tui keys restore removes it."
"""The comment in a section of the config file that was made for a stored key."""
UNKNOWN = OfProfile(RemovedLines(()), RemovedLines(()), kept_process=False)
"""What is known of a profile whose keys were not taken out by us, or whose record is lost."""


def holders(aws: AwsConfig, access_key_id: str) -> tuple[str, ...]:
    """The profiles that have these long-term keys in either file, in the order of the files."""
    return tuple(
        name
        for name in aws.names
        if any(_has(values, access_key_id) for values in (aws.in_credentials(name), aws.in_config(name)))
    )


def users_of_stored(aws: AwsConfig, access_key_id: str) -> tuple[str, ...]:
    """The profiles whose stored keys these are, in the order of the files."""
    return tuple(name for name in aws.names if text(aws.in_config(name), STORED_KEY) == access_key_id)


def users_of_key(aws: AwsConfig, access_key_id: str) -> tuple[str, ...]:
    """The profiles that use these long-term keys, in the files or stored, in the order of the files."""
    users = {*holders(aws, access_key_id), *users_of_stored(aws, access_key_id)}
    return tuple(name for name in aws.names if name in users)


def secrets_of(aws: AwsConfig, access_key_id: str) -> set[str]:
    """The secret access keys that the files have for an access key ID: one, unless copies differ."""
    sections = [each for name in aws.names for each in (aws.in_credentials(name), aws.in_config(name))]
    return {text(values, SECRET) for values in sections if _has(values, access_key_id)}


def runs_own_process(aws: AwsConfig, name: str) -> bool:
    """Whether a profile runs our credential process for itself."""
    return profile_of_command_line(text(aws.in_config(name), PROCESS_KEY)) == name


def unmovable(
    profile: str, why: UnsafeEdit | str, remedy: str = "Clean up that part of the file, then try again."
) -> ProfileProblem:
    """The error (``keys-unmovable``) for an edit of a profile's keys that cannot be made."""
    return problem("keys-unmovable", profile=profile, why=sentence(str(why)), remedy=remedy).as_error(ProfileProblem)


def with_stored(
    aws: AwsConfig, name: str, access_key_id: str, process: str, before: OfProfile = UNKNOWN
) -> tuple[AwsConfig, OfProfile]:
    """*aws* with the keys of a profile taken out of both files and the mark set, and what was taken out.

    *process* is the command line of our credential process for it; empty for none. *before* is what was taken out
    earlier, which counts where there is nothing to take out now. Raises UnsafeEdit.
    """
    marked = bool(text(aws.in_config(name), STORED_KEY))
    kept_process = before.kept_process if marked else runs_own_process(aws, name)
    config, credentials = aws.config, aws.credentials
    of_config = of_credentials = RemovedLines(())
    if _has(aws.in_credentials(name), access_key_id) and (section := credentials.section_of(name)) is not None:
        credentials, of_credentials = without_keys(credentials, section)
    if _has(aws.in_config(name), access_key_id) and (section := config.section_of(name)) is not None:
        config, of_config = without_keys(config, section)
    config = _with_mark(config, name, access_key_id, process, kept_process=kept_process)
    about = OfProfile(
        of_credentials if of_credentials.lines else before.credentials,
        of_config if of_config.lines else before.config,
        kept_process,
    )
    return aws.with_documents(config, credentials), about


def with_restored(aws: AwsConfig, name: str, keys: AccessKeys, about: OfProfile) -> AwsConfig:
    """*aws* with the keys of a profile back where *about* says, in the credentials file if it does not say.

    The mark stays; :func:`without_mark` removes it. Raises UnsafeEdit.
    """
    values = {ID: keys.access_key_id, SECRET: keys.secret_access_key.reveal()}
    config, credentials = aws.config, aws.credentials
    section = config.section_of(name)
    in_config = bool(about.config.lines) and section is not None
    if in_config and section is not None and not text(aws.in_config(name), ID):
        config = _without_mark(config, name, kept_process=about.kept_process)
        config = with_keys(config, config.section_of(name) or config_header(name), about.config, values)
    if (about.credentials.lines or not in_config) and not text(aws.in_credentials(name), ID):
        credentials = with_keys(credentials, credentials.section_of(name) or name, about.credentials, values)
    return aws.with_documents(config, credentials)


def without_mark(aws: AwsConfig, name: str, about: OfProfile) -> AwsConfig:
    """*aws* without the mark of a profile's stored keys and our credential process for it. Raises UnsafeEdit."""
    return aws.with_documents(_without_mark(aws.config, name, kept_process=about.kept_process), aws.credentials)


def _with_mark(config: Document, name: str, access_key_id: str, process: str, *, kept_process: bool) -> Document:
    wanted = {PROCESS_KEY: process, STORED_KEY: access_key_id} if process else {STORED_KEY: access_key_id}
    section = config.section_of(name)
    if section is None:
        entries: list[Entry] = [NOTE, *wanted.items()]
        return config.with_section(config_header(name), entries)
    present = config.raw(section).get(PROCESS_KEY, "")
    if process and profile_of_command_line(present) == name:
        # Another spelling of the same, such as another path to this program, stays.
        del wanted[PROCESS_KEY]
    ours = profile_of_command_line(present) == name and not kept_process
    gone = [PROCESS_KEY] if ours and not process else []
    return config.with_values(section, wanted, remove=gone)


def _without_mark(config: Document, name: str, *, kept_process: bool) -> Document:
    section = config.section_of(name)
    if section is None or STORED_KEY not in config.raw(section):
        return config
    values = config.raw(section)
    ours = [STORED_KEY]
    if not kept_process and profile_of_command_line(values.get(PROCESS_KEY, "")) == name:
        ours.append(PROCESS_KEY)
    made = config.line(config.line_of(section) + 1).strip() == NOTE
    if made and set(values) == set(ours):
        return config.with_sections({section: None})
    return config.with_sections({section: SectionChange({}, ours)})


def _has(values: Values, access_key_id: str) -> bool:
    return has_long_term_keys(values) and text(values, ID) == access_key_id
