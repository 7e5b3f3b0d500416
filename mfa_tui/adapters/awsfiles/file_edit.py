"""One edit of both AWS files, while other programs may write them in place, replace them, or have stopped halfway.

The edit starts from a file only if no program has it open for writing, as far as the system says, and it still holds
what it held when the command began. What another program then writes into the old file is merged into the new one.
"""

from __future__ import annotations

import contextlib
import os
import time

from mfa_tui.adapters.awsfiles.backups import without_stored_keys
from mfa_tui.adapters.awsfiles.late_writers import LateWriters, ReplacedFile
from mfa_tui.adapters.awsfiles.leases import BUSY, FREE, UNKNOWN, writer_of
from mfa_tui.adapters.awsfiles.settled_read import lock_path, read_both, read_snapshot
from mfa_tui.adapters.awsfiles.write_checks import check_replaceable
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.adapters.filesystem.locks import hold_lock
from mfa_tui.adapters.filesystem.os_errors import as_write_problem, reason
from mfa_tui.adapters.filesystem.system_calls import make_directory
from mfa_tui.core.awsfiles.awsconfig import stored_key_ids
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.losses import has_lost, lost_sections, only_sections_removed, sections_with_lost_keys
from mfa_tui.core.text.display import in_words, shown
from mfa_tui.errors import Cancelled, FileProblem, MfaTuiError, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mfa_tui.adapters.awsfiles.backups import Backups
    from mfa_tui.adapters.awsfiles.settled_read import Snapshot
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig, Edit

TIMEOUT = 10.0
"""Seconds that other programs may take to write the files."""
_QUIET = 0.05
"""Seconds after the last write before a file counts as complete."""
_QUIET_IF_DAMAGED = 1.0
"""The same for an empty or broken file: a program may be writing it in place, slowed down by a busy disk."""
_QUIET_IF_UNKNOWN = 3.5
"""The same for a file that was written in place, where the system does not say who has it open."""
_QUIET_IF_LOST = 3.5
"""The same for a file that has lost something since the command began."""
_PAUSE = 0.02
_UNNOTICED = 0.5
"""Seconds before a wait is reported."""
_NAMED = 3
"""How many sections one sentence names."""


class _Contended(Exception):
    """Not now: another program is writing the file *path*."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class FileEdit:
    """One edit of the files at *paths* (config, credentials; symbolic links resolved).

    *parse* makes a document from a path, its bytes and a kind, and raises FileProblem. *start* is what the files held
    when the command began, if that matters. For the others see :meth:`AwsFiles.edit`.
    """

    def __init__(
        self,
        edit: Edit,
        *,
        paths: Callable[[], tuple[str, str]],
        parse: Callable[[str, bytes, str], Document],
        clock: Clock,
        backups: Backups,
        start: AwsConfig | None,
        cancelled: Callable[[], bool] | None,
        waiting: Callable[[str], None] | None,
        despite_defects: bool,
    ) -> None:
        self._edit = edit
        self._paths = paths
        self._parse = parse
        self._clock = clock
        self._backups = backups
        self._start = start
        self._cancelled = cancelled
        self._waiting = waiting
        self._despite_defects = despite_defects
        self.without_backup: dict[str, str] = {}
        """Files of which there is no backup at all, and why."""
        self._replaced: dict[str, bytes] = {}
        """What was written, by path: from then on, that is what a file must not lose."""
        self._waited = 0.0
        self._reported = False
        self._missing: dict[str, float] = {}
        self._late = LateWriters(clock, backups)

    def run(self) -> bool:
        """Make the edit; returns whether anything changed. Raises as :meth:`AwsFiles.edit` does."""
        with self._late:
            try:
                self._write()
            except MfaTuiError as problem:
                self._late.check(problem)
                raise
            self._late.check(None)
        return bool(self._replaced)

    def _write(self) -> None:
        """Apply the edit to the files' content, and again until no other program has interfered."""
        edit = _cached(self._edit)
        held: set[str] = set()
        while True:
            try:
                if self._late.expected:
                    edit = _cached(self._late.add_late_changes(self._edit, self._paths()))
                paths = self._paths()
                # Only complete files show that there is nothing to change.
                changes = changes_of(edit, self._read(self._read_as_is), paths)
                changes = changes or changes_of(edit, self._read(self._read_complete), paths)
                if not changes:
                    return
                held |= changes.keys()
                # Config before credentials, always, so that two processes never wait for each other.
                with self._locks([path for path in dict.fromkeys(paths) if path in held]):
                    # What was read without the lock may have changed since.
                    changes = changes_of(edit, self._read(self._read_complete), paths)
                    if changes.keys() <= held:
                        self._replace(changes)
                # If one file serves as both, only the credentials' change was made; the other comes next. The same if
                # the names have just become those of other files, as when ``sed -i`` replaces a link.
                complete = paths[0] != paths[1] and changes.keys() <= held
                if complete and not self._late.expected and self._paths() == paths:
                    return
            except _Contended as contended:
                self._pause(_PAUSE, contended.path)

    # Reading

    def _read(self, load: Callable[[str, str], Document]) -> AwsConfig:
        aws, problems = read_both(load, *self._paths())
        if problems and not self._despite_defects:
            raise problems[0]
        return aws

    def _read_as_is(self, path: str, kind: str) -> Document:
        """The file as it is, to plan the edit."""
        return self._parsed(read_snapshot(path, asking=True), path, kind)

    def _read_complete(self, path: str, kind: str) -> Document:
        """The file, once it is certain that no program is in the middle of writing it. Raises _Contended."""
        look = read_snapshot(path, asking=True)
        # A file that was renamed into place, as other mfa-tui processes do, is complete at once.
        while look.use != BUSY and (look.in_place or look.use != FREE) and self._age(look, path) < _QUIET:
            self._pause(_QUIET, path)
            look = read_snapshot(path, asking=True)
        if look.use == UNKNOWN and look.in_place and self._age(look, path) < _QUIET_IF_UNKNOWN:
            raise _Contended(path)
        return self._parsed(look, path, kind)

    def _parsed(self, look: Snapshot, path: str, kind: str) -> Document:
        if look.use == BUSY:
            raise _Contended(path)
        problem: FileProblem | None = None
        try:
            document = self._parse(path, look.data, kind)
        except FileProblem as found:
            document, problem = Document.parse(b"", kind), found
        damaged = problem is not None or (look.modified is not None and not look.data)
        if damaged and self._age(look, path) < _QUIET_IF_DAMAGED:
            raise _Contended(path)
        if kind == "config":
            # Another process may have stored them since the command began.
            self._backups.stored |= stored_key_ids(document)
        before = self._before(path, kind)
        if problem is not None:
            if before is not None and (gone := lost_sections(before, document)):
                self._back_up(path, before)
                problem.remedy += f" Its earlier content is in {self._backups.newest_with(path, gone)}."
            raise problem
        if before is not None:
            self._compare(before, document, look, path)
        return document

    def _before(self, path: str, kind: str) -> Document | None:
        """What the file held when it was last known to be complete."""
        if self._start is None:
            return None
        if path in self._replaced:
            document = self._parse(path, self._replaced[path], kind)
        else:
            document = self._start.config if kind == "config" else self._start.credentials
        return without_stored_keys(document, self._backups.stored)

    def _age(self, look: Snapshot, path: str) -> float:
        """Seconds since the file was last written, or since it was found missing."""
        if look.modified is None:
            return self._clock.monotonic() - self._missing.setdefault(path, self._clock.monotonic())
        self._missing.pop(path, None)
        # By this machine's clock, which the file system uses. A time in the future says nothing.
        age = self._clock.now() - look.modified
        return age if age >= 0 else _QUIET_IF_LOST

    def _compare(self, before: Document, document: Document, look: Snapshot, path: str) -> None:
        """Make sure that the file has lost nothing since the command began, except what was removed on purpose."""
        age = self._age(look, path)
        if not has_lost(before, document):
            return
        if age < _QUIET_IF_LOST:
            raise _Contended(path)
        # Whatever happens next, the earlier content is kept.
        self._back_up(path, before)
        if look.use == UNKNOWN or not only_sections_removed(before, document):
            raise self._incomplete(path, before, document)

    # Replacing

    def _replace(self, changes: dict[str, tuple[bytes, bytes]]) -> None:
        """Replace each file by its new content. Raises _Contended if another program was faster."""
        with contextlib.ExitStack() as stack:
            steps = []
            for path, (old, new) in changes.items():
                self._back_up(path, self._parse(path, old, self._kind(path)))
                replacement = Replacement(path)
                stack.callback(replacement.discard)
                with _reporting(path):
                    replacement.prepare(new)
                outgoing = ReplacedFile(replacement, old, new)
                stack.callback(outgoing.close_if_done)
                steps.append(outgoing)
            for outgoing in steps:
                with _reporting(outgoing.path):
                    if not outgoing.block_writers():
                        raise _Contended(outgoing.path)
            replaced: list[ReplacedFile] = []
            try:
                for outgoing in steps:
                    with _reporting(outgoing.path):
                        if not outgoing.replace():
                            raise _Contended(outgoing.path)
                    self._replaced[outgoing.path] = outgoing.new
                    outgoing.release_writers()
                    replaced.append(outgoing)
                for path, (_, new) in changes.items():
                    # A program that had read the file earlier may have overwritten it already.
                    if read_snapshot(path).data != new:
                        raise _Contended(path)
            finally:
                self._late.expect(replaced)

    def _back_up(self, path: str, document: Document) -> None:
        # The backup is a second net: without it (a read-only home) a login still works, with a warning.
        try:
            self._backups.keep(path, document)
        except (OSError, ValueError) as error:
            if not self._backups.has(path):
                self.without_backup[path] = reason(error) if isinstance(error, OSError) else "It is damaged"

    def _kind(self, path: str) -> str:
        return "credentials" if path == self._paths()[1] else "config"

    @contextlib.contextmanager
    def _locks(self, paths: list[str]) -> Iterator[None]:
        with contextlib.ExitStack() as locks:
            for path in paths:
                check_replaceable(path)
                with as_write_problem(f"{path} was not written: its directory cannot be created."):
                    make_directory(os.path.dirname(path))
                locks.enter_context(
                    hold_lock(lock_path(path), f"Writing {path}", cancelled=self._cancelled, waiting=self._waiting)
                )
            yield

    # Waiting

    def _pause(self, seconds: float, path: str) -> None:
        """Give the other program time. Raises WriteProblem (``write-contended``) when its time is up, and Cancelled."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._waited >= TIMEOUT:
            writer = writer_of(path)
            what = "has it open for writing" if writer else "keeps writing it"
            raise WriteProblem(
                "write-contended",
                f"{self._not_written(path)}: another program {what}.",
                f"It is {writer}." if writer else "",
                "Let the other program finish, then try again.",
            )
        if self._waiting is not None and not self._reported and self._waited >= _UNNOTICED:
            self._reported = True
            self._waiting(writer_of(path) or "another program")
        start = self._clock.monotonic()
        time.sleep(seconds)
        self._waited += max(seconds, self._clock.monotonic() - start)

    def _not_written(self, path: str) -> str:
        # What was written may be gone again, or another program may have kept it in what it wrote.
        return f"{path} may not hold what was written" if path in self._replaced else f"{path} was not written"

    def _incomplete(self, path: str, before: Document, document: Document) -> WriteProblem:
        gone = lost_sections(before, document)
        sections = gone or sections_with_lost_keys(before, document)
        named = in_words([f"[{shown(name)}]" for name in sections], _NAMED)
        return WriteProblem(
            "write-contended",
            f"{self._not_written(path)}: it has lost {'' if gone else 'keys in '}{named} since this command began.",
            "Another program is still writing it, or was stopped halfway.",
            f"What is missing is in {self._backups.newest_with(path, sections)}: copy it back if it should be there.",
        )


def changes_of(edit: Edit, aws: AwsConfig, paths: tuple[str, str]) -> dict[str, tuple[bytes, bytes]]:
    """The changes that *edit* would make to the files in *aws*: old and new bytes of each changed file, by path."""
    return {
        path: (old.render(), new.render())
        for path, old, new in zip(paths, aws.documents, edit(aws), strict=True)
        if new.render() != old.render()
    }


def _reporting(path: str) -> contextlib.AbstractContextManager[None]:
    return as_write_problem(f"{path} was not written; it is unchanged.")


def _cached(edit: Edit) -> Edit:
    """*edit*, with its last result cached: under a lock the same work is not done twice."""
    last: list[tuple[AwsConfig, tuple[Document, Document]]] = []

    def made(aws: AwsConfig) -> tuple[Document, Document]:
        if not (last and last[0][0].config is aws.config and last[0][0].credentials is aws.credentials):
            last[:] = [(aws, edit(aws))]
        return last[0][1]

    return made
