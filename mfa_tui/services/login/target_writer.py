"""Writing a session into its target: the checks before a code is used, and the write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.profiles.target import check_target, foreign_credentials, foreign_section
from mfa_tui.core.profiles.target_edits import has_effect, missing_lines, serial_changes, target_changes, with_edits
from mfa_tui.errors import FileProblem, MfaTuiError, TargetRefused, WriteProblem
from mfa_tui.models import Secret, Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.adapters.awsfiles.files import AwsFiles
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document
    from mfa_tui.core.profiles.target_edits import Changes
    from mfa_tui.services.operation import Operation

_ROOM = 4096
"""Bytes that a session takes in the credentials file at most; tokens have some 400 to 1,500."""

_NAMED = 8
"""How many targets are named in one line."""
_ELSEWHERE = "Choose another section with --as, or clean up that part of the file."
_SECTION = "settings of yours in the config file; credential_process would be put above them"


class TargetWriter:
    """Puts sessions of the profile *source* into the section *target*."""

    def __init__(
        self,
        source: str,
        target: str,
        *,
        process: str = "",
        scope: str = "",
        overwrite: bool,
        save_serial: bool,
        read_only_store: str = "",
    ) -> None:
        """*process* is a command line that the target calls for sessions instead of holding them; empty for none.

        *scope* is the scope that the sessions are limited to, empty for none; *overwrite* allows it to replace
        temporary credentials that mfa-tui did not write; *save_serial* puts the serial of the session into the profile
        as well, as ``mfa_serial``; *read_only_store* says why the config file cannot be written, if it is in such a
        store.
        """
        self.source = source
        self.target = target
        self.process = process
        self._scope = scope
        self.by_hand = ""
        """The section with the keys that are missing in a config file that cannot be written, for the user to add."""
        self.saved_before = False
        """Whether the target had the session already, each time that it was to be written or checked.

        It is set to True before the first time: :meth:`changes` is called again when another program may have written.
        """
        self._config_stays = bool(read_only_store) and not process
        self._overwrite = overwrite
        self._save_serial = save_serial

    def foreign(self, aws: AwsConfig) -> str:
        """What in the target mfa-tui did not write and may not replace, in words; empty if there is nothing."""
        return "" if self._overwrite else self._theirs(aws)

    def is_written(self, aws: AwsConfig, session: Session) -> bool:
        """Whether the target holds *session* already, with the source's settings as they are now."""
        if self._theirs(aws):
            return False
        self.saved_before = True
        self.changes(aws, session)
        return self.saved_before

    def _theirs(self, aws: AwsConfig) -> str:
        """What in the target mfa-tui did not write, in words."""
        theirs = foreign_credentials(aws, self.source, self.target)
        return theirs or (_SECTION if self.process and foreign_section(aws, self.target) else "")

    def changes(self, aws: AwsConfig, session: Session) -> Changes:
        """What puts *session* into the target. Raises TargetRefused, WriteProblem (``target-changed``)."""
        # Again, with the files as they are now: they may have changed since the first check.
        check_target(aws, self.source, self.target)
        if self.foreign(aws):
            raise WriteProblem(
                "target-changed",
                f"[{self.target}] was not written: another program has put credentials there in the meantime.",
                "",
                "Log in again with --overwrite to replace them; the session is kept.",
            )
        config, credentials = target_changes(aws, self.target, self.source, session, self.process, scope=self._scope)
        if self._save_serial and session.serial:
            serial = serial_changes(aws, self.source, session.serial)
            config, credentials = {**serial[0], **config}, {**serial[1], **credentials}
        if self._config_stays:
            self.by_hand = missing_lines(aws.config, config)
            config = {}
        if has_effect(aws, (config, credentials)):
            self.saved_before = False
        return config, credentials


def foreign_target(target: str, what: str) -> TargetRefused:
    """The error for a target that holds what mfa-tui did not write, where nobody can be asked."""
    return TargetRefused(
        "target-foreign",
        f"The target [{target}] holds {what}.",
        "It was not replaced.",
        "Replace it with --overwrite, or choose another target with --as.",
    )


def check_writers(
    files: AwsFiles, aws: AwsConfig, writers: Sequence[TargetWriter], *, all_or_none: bool = True
) -> dict[str, MfaTuiError]:
    """Before a code is used, make sure that both files can be written, as far as they need to be.

    Unless *all_or_none*, returns the problems of the targets that cannot be written, by their names.
    Raises FileProblem, TargetRefused, WriteProblem.
    """
    dummy = Session(
        access_key_id="ASIA", secret_access_key=Secret("-"), session_token=Secret("-"), expires_at=0, duration=0,
        source_key_id="", serial="",
    )  # fmt: skip
    edit = _WriteAll([(writer, dummy) for writer in writers], all_or_none=all_or_none)
    try:
        files.check_writable(aws, edit, room=_ROOM * len(writers))
    except (FileProblem, WriteProblem) as problem:
        if all_or_none:
            problem.remedy = f"{problem.remedy.rstrip('.')}. No code was used."
        raise
    return edit.refused


def write_sessions(
    operation: Operation,
    sessions: Sequence[tuple[TargetWriter, Session]],
    *,
    start: AwsConfig | None,
    cached: bool = True,
    all_or_none: bool = True,
) -> dict[str, MfaTuiError]:
    """Put each session into its target, all in one write.

    *start*: the files as they were when the command began. *cached*: the sessions are in the cache as well.
    Unless *all_or_none*, returns the problems of the targets that cannot be written, by their names.
    Raises FileProblem, TargetRefused, WriteProblem, Cancelled.
    """

    def report_wait(holder: str) -> None:
        operation.progress("waiting", f"Waiting for {holder}, which is writing the AWS files")

    operation.progress("writing", f"Writing {_words([writer.target for writer, _ in sessions])}")
    files, cancel = operation.context.files, operation.cancel
    edit = _WriteAll(sessions, all_or_none=all_or_none)
    for writer, _ in sessions:
        writer.saved_before = True
    try:
        cancel.run_uninterrupted(lambda: files.edit(edit, start=start, cancelled=cancel.cancelled, waiting=report_wait))
    except (WriteProblem, FileProblem) as problem:
        if cached:
            problem.remedy = f"The session is kept: no new code is needed. {problem.remedy}".rstrip()
        raise
    return edit.refused


def _words(targets: Sequence[str]) -> str:
    named = ", ".join(f"[{target}]" for target in targets[:_NAMED])
    return named if len(targets) <= _NAMED else f"{named} and {len(targets) - _NAMED} more"


class _WriteAll:
    """The edit that puts each session into its target. ``refused``: the problems of the last run, by target."""

    def __init__(self, sessions: Sequence[tuple[TargetWriter, Session]], *, all_or_none: bool) -> None:
        self._edits = [
            ((writer.target, writer.source), partial(writer.changes, session=session)) for writer, session in sessions
        ]
        self._all_or_none = all_or_none
        self.refused: dict[str, MfaTuiError] = {}

    def __call__(self, aws: AwsConfig) -> tuple[Document, Document]:
        self.refused.clear()
        aws = with_edits(aws, self._edits, _ELSEWHERE, None if self._all_or_none else self.refused.__setitem__)
        return aws.documents
