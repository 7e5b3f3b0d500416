"""The edits of the AWS files that give profiles another long-term key in place of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.awsfiles.awsconfig import STORED_KEY, AwsConfig, text
from mfa_tui.core.keys.profile_edits import users_of_stored
from mfa_tui.core.keys.removed_lines import ID, SECRET

if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.models import AccessKeys

NOTE = "# mfa-tui keys rotate: the new key of {}. The section goes when the rotation is finished."
"""The comment in a section for a new key that no profile uses yet; the word is the profile."""


def with_new_key(aws: AwsConfig, old_key_id: str, keys: AccessKeys) -> AwsConfig:
    """*aws* with *keys* in place of an old key, wherever a profile has that: in either file, or stored.

    Sections of :func:`with_waiting_key` are removed. Raises UnsafeEdit.
    """
    values = {ID: keys.access_key_id, SECRET: keys.secret_access_key.reveal()}
    config, credentials = without_waiting_key(aws, keys.access_key_id).documents
    for name in aws.names:
        if text(aws.in_credentials(name), ID) == old_key_id:
            credentials = _with_values(credentials, name, values)
        if text(aws.in_config(name), ID) == old_key_id:
            config = _with_values(config, name, values)
    for name in users_of_stored(aws, old_key_id):
        config = _with_values(config, name, {STORED_KEY: keys.access_key_id})
    return aws.with_documents(config, credentials)


def with_waiting_key(aws: AwsConfig, profile: str, keys: AccessKeys) -> AwsConfig:
    """*aws* with a new key of *profile*, which does not use it yet, in a section of its own. Raises UnsafeEdit.

    That is where the secret is while AWS does not accept the key yet: the credentials file, as that of the old one.
    """
    if waiting_section(aws, keys.access_key_id):
        return aws
    base = f"{profile}-new-key"
    names = (base, *(f"{base}-{number}" for number in range(2, 100)))
    name = next(each for each in names if not aws.in_files(each))
    entries = (NOTE.format(profile), (ID, keys.access_key_id), (SECRET, keys.secret_access_key.reveal()))
    return aws.with_documents(aws.config, aws.credentials.with_section(name, entries))


def without_waiting_key(aws: AwsConfig, access_key_id: str) -> AwsConfig:
    """*aws* without the section of :func:`with_waiting_key` for a key. Raises UnsafeEdit."""
    section = waiting_section(aws, access_key_id)
    if not section:
        return aws
    return aws.with_documents(aws.config, aws.credentials.without_section(section))


def waiting_section(aws: AwsConfig, access_key_id: str) -> str:
    """The section of :func:`with_waiting_key` for a key; empty if there is none."""
    for name in aws.names:
        section = aws.credentials.section_of(name)
        if section is None or text(aws.in_credentials(name), ID) != access_key_id:
            continue
        after_header = aws.credentials.line(aws.credentials.line_of(section) + 1).strip()
        if after_header.startswith(NOTE.partition("{}")[0]):
            return section
    return ""


def _with_values(document: Document, name: str, values: dict[str, str]) -> Document:
    section = document.section_of(name)
    return document if section is None else document.with_values(section, values)
