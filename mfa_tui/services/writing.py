"""Writing a session into its target: what is made sure of before a code is spent, and the write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.targets import check_target, foreign_credentials, with_saved_serial, with_target
from mfa_tui.errors import FileProblem, WriteProblem
from mfa_tui.models import Secret, Session
from mfa_tui.services.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.awsfiles import AwsFiles, Edit
    from mfa_tui.adapters.control import Control
    from mfa_tui.core.awsconfig import AwsConfig
    from mfa_tui.core.document import Document

_ROOM = 4096
"""Bytes that a session takes in the credentials file, at most; tokens have some 400 to 1,500."""


class TargetWriter:
    """Puts sessions of the profile *source* into the section *target*.

    *overwrite* allows it to replace temporary credentials that mfa-tui did not write; *save_serial* puts the serial of
    the session into the profile as well, as ``mfa_serial``.
    """

    def __init__(self, files: AwsFiles, source: str, target: str, *, overwrite: bool, save_serial: bool) -> None:
        self._files = files
        self._source = source
        self._target = target
        self._overwrite = overwrite
        self._save_serial = save_serial

    def foreign(self, aws: AwsConfig) -> str:
        """What in the target is not ours and may not be replaced, in words; empty if nothing is."""
        return "" if self._overwrite else foreign_credentials(aws, self._source, self._target)

    def check(self, aws: AwsConfig) -> None:
        """Before a code is spent, make sure that both files can be written, as far as they need to be.

        Raises FileProblem, TargetRefused, WriteProblem.
        """
        nobody = Session(
            access_key_id="ASIA", secret_access_key=Secret("-"), session_token=Secret("-"), expires_at=0, duration=0,
            source_key_id="", serial="",
        )  # fmt: skip
        try:
            self._files.check_writable(aws, self._edit(nobody), room=_ROOM)
        except (FileProblem, WriteProblem) as problem:
            problem.remedy = f"{problem.remedy.rstrip('.')}. No code was used."
            raise

    def is_written(self, aws: AwsConfig, session: Session) -> bool:
        """Whether the files hold *session* in the target already, with the source's settings as they are now."""
        if foreign_credentials(aws, self._source, self._target):
            return False
        config, credentials = self._edit(session)(aws)
        return config is aws.config and credentials is aws.credentials

    def write(self, session: Session, control: Control, progress: Callable[[Progress], None]) -> None:
        """Put *session* into the target. Raises FileProblem, TargetRefused, WriteProblem, Cancelled."""
        edit = self._edit(session)

        def waiting(holder: str) -> None:
            progress(Progress("waiting", f"Waiting for {holder}, which is writing the AWS files"))

        progress(Progress("writing", f"Writing [{self._target}]"))
        control.commit(lambda: self._files.edit(edit, cancelled=control.cancelled, waiting=waiting))

    def _edit(self, session: Session) -> Edit:
        def edit(aws: AwsConfig) -> tuple[Document, Document]:
            # Once more, on what stands there now: it may have changed since it was first looked at.
            check_target(aws, self._source, self._target)
            if self.foreign(aws):
                raise WriteProblem(
                    "target-changed",
                    f"[{self._target}] was not written: another program has put credentials there meanwhile.",
                    "",
                    "Log in again with --overwrite to replace them; the session is kept.",
                )
            if self._save_serial and session.serial:
                aws = with_saved_serial(aws, self._source, session.serial)
            return with_target(aws, self._target, self._source, session)

        return edit
