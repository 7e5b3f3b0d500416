"""Programs that still write into a file that was just replaced: what they write would be lost silently.

A program that opened the file before it was replaced continues to write into the old one. We keep the old file open,
read it again when the program has finished, and merge its change into the new file.
"""

from __future__ import annotations

import contextlib
import os
import time

from mfa_tui.adapters.awsfiles.leases import BUSY, FREE, UNKNOWN, OpenFile
from mfa_tui.core.awsfiles.awsconfig import AwsConfig
from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import DocumentDefect
from mfa_tui.core.awsfiles.losses import has_lost, lost_sections, only_sections_removed
from mfa_tui.errors import MfaTuiError, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from mfa_tui.adapters.awsfiles.backups import Backups
    from mfa_tui.adapters.filesystem.atomic_replace import Replacement
    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.core.awsfiles.awsconfig import Edit

_WATCHED = 10.0
"""Seconds that another program has to finish writing."""
_WATCHED_BLINDLY = 2.0
"""Seconds for which an old file is watched where the system does not say whether a program writes it."""
_QUIET_ONCE_CHANGED = 3.5
"""Seconds that it must then stay unchanged, once a program has written it."""
_POLL = 0.01


class ReplacedFile:
    """A file that *replacement* replaces. It held *old* when it was last read; *new* is the new content."""

    def __init__(self, replacement: Replacement, old: bytes, new: bytes) -> None:
        self.path = replacement.path
        self.old = old
        self.new = new
        self.files: list[OpenFile] = []
        """The file itself, and after it one that another program put in its place at the last moment."""
        self._replacement = replacement
        self._use = FREE
        self._expected = False

    def block_writers(self) -> bool:
        """Make writers wait; False if a program is writing, or has written since the file was read. Raises OSError."""
        if os.path.realpath(self.path) != self.path:
            # Another program has put a link there.
            return False
        try:
            file = OpenFile(self.path)
        except FileNotFoundError:
            return not self.old
        self.files.append(file)
        self._use = file.take_lease()
        if self._use == BUSY or file.read() != self.old or not file.is_at(self.path):
            return False
        if os.name != "posix":
            # On Windows an open file cannot be replaced, so no other program can have it open either.
            self._close()
        return True

    def replace(self) -> bool:
        """Put the replacement in its place; False if the file has just come or gone. Raises OSError."""
        try:
            self._replacement.commit(new=not self.files and os.name == "posix")
        except (FileExistsError, FileNotFoundError):
            return False
        return True

    def take_back(self) -> bool:
        """Undo the replacement if another program writes the old file, or has put another there; returns whether.

        This is for callers who cannot merge its change. Where names cannot be swapped, nothing is undone.
        """
        if not self.files:
            return False
        file = self.files[0]
        overtaken = file.has_waiting_writer() or not file.is_at(self._replacement.temporary)
        if not overtaken:
            file.drop_lease()
            # A program that was opening it when it lost its name may have done so by now.
            overtaken = file.take_lease() == BUSY or file.read() != self.old
        return overtaken and self._replacement.take_back()

    def release_writers(self) -> None:
        """Let writers continue, now that the file is replaced."""
        if not self.files:
            return
        file = self.files[0]
        with contextlib.suppress(OSError):
            displaced = OpenFile(self._replacement.temporary)
            if file.is_at(self._replacement.temporary):
                displaced.close()
            else:
                self.files.append(displaced)
        self._expected = len(self.files) > 1 or self._use == UNKNOWN or file.has_waiting_writer()
        file.drop_lease()

    def may_still_be_written(self) -> bool:
        """Whether a program may still write into the old file, or has written into it. Raises OSError."""
        if self.files and not self._expected:
            # A program that was opening it when it lost its name may have done so by now.
            self._expected = self.files[0].take_lease() == BUSY or self.files[0].read() != self.old
            self.files[0].drop_lease()
        return self._expected

    def close_if_done(self) -> None:
        """Close the old file, after the replacement or without it, unless writers are expected."""
        if not self._expected:
            self._close()

    def _close(self) -> None:
        while self.files:
            self.files.pop().close()

    def close(self) -> None:
        """Close the old file; writers are no longer expected."""
        self._expected = False
        self._close()


class _LateChange:
    """What another program wrote into an old file: ``data``, where we replaced ``old`` by ``new``."""

    def __init__(self, outgoing: ReplacedFile, data: bytes) -> None:
        self.path = outgoing.path
        self.old = outgoing.old
        self.new = outgoing.new
        self.data = data
        self.obstacle = ""
        """Why it could not be merged into the new file completely; empty if it was."""


class LateWriters:
    """Watches the old files, and merges what is written into them into the new ones."""

    def __init__(self, clock: Clock, backups: Backups) -> None:
        self._clock = clock
        self._backups = backups
        self._expected: list[ReplacedFile] = []
        self._found: list[_LateChange] = []
        self._lost: list[_LateChange] = []

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the old files."""
        self._close()

    def _close(self) -> None:
        while self._expected:
            self._expected.pop().close()

    @property
    def expected(self) -> bool:
        """Whether a program may be writing into an old file."""
        return bool(self._expected)

    def expect(self, replaced: list[ReplacedFile]) -> None:
        """Watch those of the *replaced* files that a program may be writing into."""
        self._expected += [outgoing for outgoing in replaced if outgoing.may_still_be_written()]

    def add_late_changes(self, edit: Edit, paths: tuple[str, str]) -> Edit:
        """Wait until no program writes into an old file any more. Returns *edit* with their changes merged first."""
        self._watch()

        def both(aws: AwsConfig) -> tuple[Document, Document]:
            documents = []
            for path, document in zip(paths, aws.documents, strict=True):
                for late in self._found:
                    if late.path == path:
                        document = _merged(late, document)  # noqa: PLW2901 - one after the other
                documents.append(document)
            return edit(AwsConfig(documents[0], documents[1], aws.paths))

        return both

    def check(self, problem: MfaTuiError | None) -> None:
        """Report changes that no file holds now, and save a copy. *problem* is why the edit was not made, or None.

        Raises WriteProblem (``write-overtaken``).
        """
        self._watch()
        lost = self._lost + [late for late in self._found if late.obstacle or problem]
        if not lost:
            return
        copy = ""
        for late in lost:
            with contextlib.suppress(OSError):
                copy = self._backups.save_copy(late.path, late.data)
        paths = " and ".join(dict.fromkeys(late.path for late in lost))
        why = problem.what if problem else next(late.obstacle for late in lost)
        raise WriteProblem(
            "write-overtaken",
            f"{paths}: another program wrote at the same moment, and its changes are not all in the file.",
            why,
            f"What it wrote is in {copy}: copy over what is missing." if copy else "Look through the file.",
        ) from None

    def _watch(self) -> None:
        """Read the old files once no program writes them any more, or time is up."""
        waiting = [_WatchedFile(outgoing, file) for outgoing in self._expected for file in outgoing.files]
        waited = 0.0
        while waiting:
            start = self._clock.monotonic()
            for watched in list(waiting):
                done = watched.is_done(waited)
                if not done and waited < _WATCHED:
                    continue
                waiting.remove(watched)
                data = watched.file.read()
                if data != watched.outgoing.old or not done:
                    self._take(_LateChange(watched.outgoing, data), watched.use, done=done)
            if waiting:
                time.sleep(_POLL)
                waited += max(_POLL, self._clock.monotonic() - start)
        self._close()

    def _take(self, late: _LateChange, use: str, *, done: bool) -> None:
        if not done:
            late.obstacle = f"After {_WATCHED:g} s it was still writing the old file."
        elif not _is_whole(late, use):
            late.obstacle = "It left half a file."
        (self._lost if late.obstacle else self._found).append(late)


class _WatchedFile:
    """An old file, and when it last changed."""

    def __init__(self, outgoing: ReplacedFile, file: OpenFile) -> None:
        self.outgoing = outgoing
        self.file = file
        self.use = UNKNOWN
        info = file.info()
        self._seen = (len(outgoing.old), info.st_mtime_ns)
        self._changed: float | None = None

    def is_done(self, waited: float) -> bool:
        """Whether no program writes it any more, *waited* seconds after it was replaced."""
        self.use = self.file.take_lease()
        if self.use != UNKNOWN:
            self.file.drop_lease()
            return self.use == FREE
        info = self.file.info()
        if (info.st_size, info.st_mtime_ns) != self._seen:
            self._seen = (info.st_size, info.st_mtime_ns)
            self._changed = waited
        if self._changed is None:
            return waited >= _WATCHED_BLINDLY
        return waited - self._changed >= _QUIET_ONCE_CHANGED


def _is_whole(late: _LateChange, use: str) -> bool:
    """Whether what was written looks complete."""
    try:
        old, new = (Document.parse(data, "credentials") for data in (late.old, late.data))
    except DocumentDefect:
        return False
    if use == UNKNOWN:
        return not has_lost(old, new)
    return not lost_sections(old, new) or only_sections_removed(old, new)


def _merged(late: _LateChange, document: Document) -> Document:
    """*document* with the late change merged."""
    theirs = Document.parse(late.data, document.kind)
    if document.render() == late.new:
        return theirs
    from mfa_tui.core.awsfiles.merge import merged

    before = Document.parse(late.old, document.kind)
    document, clashes = merged(before, theirs, document)
    late.obstacle = f"Both programs, or a third one, changed {', '.join(clashes)}." if clashes else ""
    return document
