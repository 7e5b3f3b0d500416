"""Locks between all mfa-tui processes on the machine, one for each file, in the order of arrival.

The order is kept by a queue in the lock file (:mod:`mfa_tui.adapters.filesystem.locking.lock_queue`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time

from mfa_tui.adapters.filesystem.locking.flock import Flock
from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.libraries.logs import silence_libraries
from mfa_tui.errors import Cancelled, FileProblem, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import filelock

    from mfa_tui.adapters.filesystem.locking.lock_queue import QueuePlace

WAIT = 10.0
"""Seconds to wait while one and the same process holds the lock."""
_UNNOTICED = 0.5
"""Seconds before a wait is reported."""
_POLL = 0.02
"""Seconds between two attempts of the process that is next."""
_SLOWEST = 5
"""Processes further back try more rarely, at intervals up to so many times as long."""
_MARKER = ".held"
"""What the name of a marker file ends with."""
_NO_LOCKS_HERE = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
"""What flock answers on file systems without locks (some NFS, SMB and FUSE mounts)."""


@contextlib.contextmanager
def hold_lock(
    path: str,
    purpose: str,
    *,
    seconds: float | None = None,
    cancelled: Callable[[], bool] | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the lock file *path*, after the processes that came before.

    It waits as long as the holder changes, but at most WAIT seconds for the same holder; or *seconds* in all, if given.
    After half a second *waiting* is called with the holder (``process PID on HOST``). *purpose* says in the error what
    was not possible.

    Where the file system has no locks, a marker file replaces them; filelock removes one whose process is gone.
    Raises WriteProblem (``lock-timeout``, which names the holder, ``lock-failed``) and Cancelled.
    """
    lock = _Lock(path)
    try:
        if not _acquired(lock, path, seconds, cancelled, waiting):
            held_for = "which has held it for" if seconds is None else "and mfa-tui has waited"
            from mfa_tui.adapters.filesystem.locking.lock_queue import holder

            raise WriteProblem(
                "lock-timeout",
                f"{purpose} was not possible: another mfa-tui holds the lock.",
                f"It is process {holder(path)}, {held_for} {WAIT if seconds is None else seconds:g} s.",
                "Wait for it or stop it, then try again; nothing was changed.",
            )
    except OSError as error:
        raise WriteProblem(
            "lock-failed",
            f"{purpose} was not possible: it needs a lock file.",
            f"{path}: {reason(error)}.",
            "Fix that, then try again; nothing was changed.",
        ) from None
    try:
        yield
    finally:
        lock.release()


class _Lock:
    """The lock on the file *path*, or a marker file beside it if the file system has no locks."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle: int | None = None
        self._tried = False
        self._flock: Flock | None = Flock(path) if os.name == "posix" else None
        self._lock: filelock.BaseFileLock | None = None
        if self._flock is None:
            silence_libraries()
            import filelock

            self._lock = filelock.FileLock(path, mode=0o600, fallback_to_soft=False, on_acquired=self._note)

    def take(self) -> bool:
        """Try once to take it; returns whether it is ours. Raises OSError."""
        try:
            return self._take()
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE or self._is_marker:
                raise
            if self._tried:
                self._use_marker()
            # Try again first: perhaps only chmod failed, which is needed for a new file alone.
            self._tried = True
            return self.take()

    def write_holder(self, place: QueuePlace) -> None:
        """Record in the lock file that it is ours."""
        place.write_holder(self._handle)

    def release(self) -> None:
        """Release it."""
        # The work is done; a lock that cannot be released ends with the process.
        with contextlib.suppress(OSError):
            if self._flock is not None:
                self._flock.release()
            elif self._lock is not None:
                self._lock.release()

    @property
    def _is_marker(self) -> bool:
        return self._path.endswith(_MARKER)

    def _use_marker(self) -> None:
        silence_libraries()
        import filelock

        self._path += _MARKER
        self._flock, self._lock = None, filelock.SoftFileLock(self._path, mode=0o600)

    def _take(self) -> bool:
        if self._flock is not None:
            taken = self._flock.take()
            self._handle = self._flock.handle
            return taken
        import filelock

        try:
            if self._lock is not None:
                self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        return True

    def _note(self, handle: int) -> None:
        self._handle = handle


def _acquired(
    lock: _Lock,
    path: str,
    seconds: float | None,
    cancelled: Callable[[], bool] | None,
    waiting: Callable[[str], None] | None,
) -> bool:
    """Take *lock* when it is our turn; False if that was not in time. Raises OSError, Cancelled."""
    from mfa_tui.adapters.filesystem.locking.lock_queue import QueuePlace, holder

    place = QueuePlace(path)
    began = time.monotonic()
    reported = False
    try:
        while not place.take_turn(lock.take, lock.release):
            _check(cancelled)
            place.join()
            now = time.monotonic()
            if now - (place.since if seconds is None else began) >= (WAIT if seconds is None else seconds):
                return False
            if waiting is not None and not reported and now - began > _UNNOTICED:
                reported = True
                waiting(f"process {holder(path)}")
            time.sleep(_POLL * min(place.ahead + 1, _SLOWEST))
        lock.write_holder(place)
        return True
    finally:
        place.leave()


def _check(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def check_lockable(path: str) -> None:
    """Make sure that the lock file *path* can be locked, if it exists.

    Raises FileProblem (``lock-read-only``, ``lock-kind``).
    """
    import shlex

    try:
        info = os.lstat(path)
    except OSError:
        # What prevents its creation is found when the file beside it is checked.
        return
    slug, why = "", ""
    if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
        slug, why = "lock-kind", "It is a link, a pipe or another file of that name: mfa-tui did not make it."
    elif not os.access(path, os.R_OK | os.W_OK):
        slug, why = "lock-read-only", "The lock file is another user's, or read-only."
    if slug:
        raise FileProblem(slug, f"{path} cannot be locked.", why, f"Remove it: rm -f {shlex.quote(path)}")
