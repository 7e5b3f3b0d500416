"""Who still writes into a file that has just lost its name to a new one: what they write would be lost without a word.

A program that opened the file before it was replaced goes on writing into the old one. That is kept open, read again
when the program is done with it, and its change is made to the new file, too.
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
"""Seconds that somebody has, at most, to end what they write."""
_WATCHED_BLINDLY = 2.0
"""Seconds for which an old file is watched where the system does not tell whether somebody writes it."""
_QUIET_ONCE_CHANGED = 3.5
"""Seconds that it must stay unchanged then, once somebody has written it."""
_POLL = 0.01


class ReplacedFile:
    """The file that *replacement* takes the name from. It held *old* when it was last read; *new* takes its place."""

    def __init__(self, replacement: Replacement, old: bytes, new: bytes) -> None:
        self.path = replacement.path
        self.old = old
        self.new = new
        self.files: list[OpenFile] = []
        """The file itself; behind it one that another program put in its place at the last moment."""
        self._replacement = replacement
        self._use = FREE
        self._expected = False

    def hold(self) -> bool:
        """Keep writers waiting; False if somebody is writing, or has written since it was read. Raises OSError."""
        try:
            file = OpenFile(self.path)
        except FileNotFoundError:
            return not self.old
        self.files.append(file)
        self._use = file.take_lease()
        if self._use == BUSY or file.read() != self.old or not file.is_at(self.path):
            return False
        if os.name != "posix":
            # An open file cannot be replaced there: nobody else has it open then, either.
            self._close()
        return True

    def replace(self) -> bool:
        """Let the replacement take its place; False if it came or went just now. Raises OSError."""
        try:
            self._replacement.commit(new=not self.files and os.name == "posix")
        except (FileExistsError, FileNotFoundError):
            return False
        return True

    def release_writers(self) -> None:
        """Once it is replaced, let writers go on."""
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
        """Whether somebody may still write into the old file, or has. Raises OSError."""
        if self.files and not self._expected:
            # Who was on the way to it when it lost its name may have arrived by now.
            self._expected = self.files[0].take_lease() == BUSY or self.files[0].read() != self.old
            self.files[0].drop_lease()
        return self._expected

    def end(self) -> None:
        """The replacement is done with, or was given up: nothing is held any more, unless writers are expected."""
        if not self._expected:
            self._close()

    def _close(self) -> None:
        while self.files:
            self.files.pop().close()

    def close(self) -> None:
        """No more is expected."""
        self._expected = False
        self._close()


class _Late:
    """What another program wrote: ``data``, in place of what was ``old`` and has become ``new``."""

    def __init__(self, outgoing: ReplacedFile, data: bytes) -> None:
        self.path = outgoing.path
        self.old = outgoing.old
        self.new = outgoing.new
        self.data = data
        self.obstacle = ""
        """Why it is not, or not wholly, put into the new file."""


class LateWriters:
    """All that is written into the old files, and puts it into the new ones."""

    def __init__(self, clock: Clock, backups: Backups) -> None:
        self._clock = clock
        self._backups = backups
        self._expected: list[ReplacedFile] = []
        self._found: list[_Late] = []
        self._lost: list[_Late] = []

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """No more is expected."""
        self._close()

    def _close(self) -> None:
        while self._expected:
            self._expected.pop().close()

    @property
    def expected(self) -> bool:
        """Whether somebody may be writing into an old file."""
        return bool(self._expected)

    def expect(self, replaced: list[ReplacedFile]) -> None:
        """Look later into those that somebody may be writing into."""
        self._expected += [outgoing for outgoing in replaced if outgoing.may_still_be_written()]

    def add_late_changes(self, edit: Edit, paths: tuple[str, str]) -> Edit:
        """Wait until nobody writes into an old file any more. Returns *edit* with what they have changed."""
        self._watch()

        def both(aws: AwsConfig) -> tuple[Document, Document]:
            documents = []
            for path, document in zip(paths, (aws.config, aws.credentials), strict=True):
                for late in self._found:
                    if late.path == path:
                        document = _carried_over(late, document)  # noqa: PLW2901 - one after the other
                documents.append(document)
            return edit(AwsConfig(documents[0], documents[1], aws.paths))

        return both

    def check(self, problem: MfaTuiError | None) -> None:
        """Say what is in no file now, and keep a copy. *problem*: why the edit was not made at all.

        Raises WriteProblem (``write-overtaken``).
        """
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
        """Read the old files once nobody writes them any more, or time is up."""
        waiting = [_Watched(outgoing, file) for outgoing in self._expected for file in outgoing.files]
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
                    self._take(_Late(watched.outgoing, data), watched.use, done=done)
            if waiting:
                time.sleep(_POLL)
                waited += max(_POLL, self._clock.monotonic() - start)
        self._close()

    def _take(self, late: _Late, use: str, *, done: bool) -> None:
        if not done:
            late.obstacle = f"After {_WATCHED:g} s it was still writing the old file."
        elif not _is_whole(late, use):
            late.obstacle = "It left half a file."
        (self._lost if late.obstacle else self._found).append(late)


class _Watched:
    """One of the old files, and when it last changed."""

    def __init__(self, outgoing: ReplacedFile, file: OpenFile) -> None:
        self.outgoing = outgoing
        self.file = file
        self.use = UNKNOWN
        info = file.info()
        self._seen = (len(outgoing.old), info.st_mtime_ns)
        self._changed: float | None = None

    def is_done(self, waited: float) -> bool:
        """Whether nobody writes it any more, *waited* seconds after it lost its name."""
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


def _is_whole(late: _Late, use: str) -> bool:
    """Whether what was written looks like all that it was to be."""
    try:
        old, new = (Document.parse(data, "credentials") for data in (late.old, late.data))
    except DocumentDefect:
        return False
    if use == UNKNOWN:
        return not has_lost(old, new)
    return not lost_sections(old, new) or only_sections_removed(old, new)


def _carried_over(late: _Late, document: Document) -> Document:
    """*document* with the late change."""
    theirs = Document.parse(late.data, document.kind)
    if document.render() == late.new:
        return theirs
    from mfa_tui.core.awsfiles.merge import merged

    before = Document.parse(late.old, document.kind)
    document, clashes = merged(before, theirs, document)
    late.obstacle = f"Both programs, or a third one, changed {', '.join(clashes)}." if clashes else ""
    return document
