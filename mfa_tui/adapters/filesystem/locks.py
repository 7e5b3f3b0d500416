"""One lock for each file, honoured by every mfa-tui process on the machine (filelock); who came first has it first.

The order is kept by a queue in the lock file (:mod:`mfa_tui.adapters.filesystem.lock_queue`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.errors import Cancelled, FileProblem, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import filelock

    from mfa_tui.adapters.filesystem.lock_queue import QueuePlace

WAIT = 10.0
"""How long to wait, in seconds, while the same process holds the lock."""
_UNNOTICED = 0.5
"""How long a wait may last before it is told, in seconds."""
_POLL = 0.02
"""Seconds between two looks of whoever is next."""
_SLOWEST = 5
"""Those farther behind look more rarely, up to so many times."""
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
    """Hold the lock file *path*, once those who came before have had it.

    It is waited for as long as holders change, but for WAIT seconds at most while one and the same holds it; or for
    *seconds* in all, if given. *waiting* is told who holds it (``process PID on HOST``), once it has been waited for
    half a second. *purpose* says in the error what could not be done meanwhile.

    Where the file system has no locks, a marker file takes their place; filelock removes one whose process is gone.
    Raises WriteProblem (``lock-timeout``, which names the holder, ``lock-failed``) and Cancelled.
    """
    lock = _Lock(path)
    try:
        if not _acquired(lock, path, seconds, cancelled, waiting):
            held_for = "which has held it for" if seconds is None else "and it was waited for"
            from mfa_tui.adapters.filesystem.lock_queue import holder

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
    """The lock on the file *path*, or where the file system has none, a marker file beside it."""

    def __init__(self, path: str) -> None:
        import filelock

        from mfa_tui.adapters.libraries.logs import silence_libraries

        silence_libraries()
        self._path = path
        self._handle: int | None = None
        self._tried = False
        self._lock: filelock.BaseFileLock = filelock.FileLock(
            path, mode=0o600, fallback_to_soft=False, on_acquired=self._note
        )

    def take(self) -> bool:
        """Try once; returns whether it is ours now. Raises OSError."""
        import filelock

        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE or isinstance(self._lock, filelock.SoftFileLock):
                raise
            if self._tried:
                self._lock = filelock.SoftFileLock(self._path + ".held", mode=0o600)
            # Once more first: it may be that there is no chmod, which is needed for a new file only.
            self._tried = True
            return self.take()
        return True

    def sign(self, place: QueuePlace) -> None:
        """Say in the lock file that it is ours."""
        place.sign(self._handle)

    def release(self) -> None:
        """Give it back."""
        # What was to be done is done; a lock that cannot be given back ends with the process.
        with contextlib.suppress(OSError):
            self._lock.release()

    def _note(self, handle: int) -> None:
        self._handle = handle


def _acquired(
    lock: _Lock,
    path: str,
    seconds: float | None,
    cancelled: Callable[[], bool] | None,
    waiting: Callable[[str], None] | None,
) -> bool:
    """Take *lock* when it is our turn; False if that did not come in time. Raises OSError, Cancelled."""
    from mfa_tui.adapters.filesystem.lock_queue import QueuePlace, holder

    place = QueuePlace(path)
    began = time.monotonic()
    told = False
    try:
        while not place.take_turn(lock.take, lock.release):
            _check(cancelled)
            place.keep()
            now = time.monotonic()
            if now - (place.since if seconds is None else began) >= (WAIT if seconds is None else seconds):
                return False
            if waiting is not None and not told and now - began > _UNNOTICED:
                told = True
                waiting(f"process {holder(path)}")
            time.sleep(_POLL * min(place.ahead + 1, _SLOWEST))
        lock.sign(place)
        return True
    finally:
        place.leave()


def _check(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def check_lockable(path: str) -> None:
    """Make sure that the lock file *path*, if it is there, can be locked.

    Raises FileProblem (``lock-read-only``, ``lock-kind``).
    """
    import shlex

    try:
        info = os.lstat(path)
    except OSError:
        # What keeps it from being made is found when the file beside it is looked at.
        return
    slug, why = "", ""
    if not stat.S_ISREG(info.st_mode) or info.st_nlink > 1:
        slug, why = "lock-kind", "It is a link, a pipe or another file of that name: mfa-tui did not make it."
    elif not os.access(path, os.R_OK | os.W_OK):
        slug, why = "lock-read-only", "The lock file is another user's, or read-only."
    if slug:
        raise FileProblem(slug, f"{path} cannot be locked.", why, f"Remove it: rm -f {shlex.quote(path)}")
