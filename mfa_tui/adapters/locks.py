"""One lock for each file, honoured by every mfa-tui process on the machine (filelock)."""

from __future__ import annotations

import contextlib
import errno
import os
from functools import partial

from mfa_tui.adapters.oserrors import reason
from mfa_tui.adapters.private import keep_owner
from mfa_tui.errors import Cancelled, FileProblem, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import filelock

WAIT = 10.0
"""How long to wait for another process, in seconds."""
_UNNOTICED = 0.5
"""How long a wait may last before it is told, in seconds."""
_POLL = 0.02
_NO_LOCKS_HERE = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
"""What flock answers on file systems without locks (some NFS, SMB and FUSE mounts)."""


@contextlib.contextmanager
def locked(
    path: str,
    purpose: str,
    *,
    seconds: float | None = None,
    cancelled: Callable[[], bool] | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the lock file *path*, waiting for it *seconds* at most (WAIT if None).

    *waiting* is told who holds it (``process PID on HOST``), once that has lasted for half a second.

    *purpose* says in the error what could not be done meanwhile. Where the file system has no locks, a marker file
    takes their place; filelock removes one whose process is gone.
    Raises WriteProblem (``lock-timeout``, which names the holder, ``lock-failed``) and Cancelled.
    """
    import filelock

    patience = WAIT if seconds is None else seconds

    def acquire(lock: filelock.BaseFileLock) -> filelock.BaseFileLock:
        _acquire(lock, path, patience, cancelled, waiting)
        return lock

    try:
        try:
            lock = acquire(
                filelock.FileLock(path, mode=0o600, fallback_to_soft=False, on_acquired=partial(_sign, path))
            )
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE:
                raise
            lock = acquire(filelock.SoftFileLock(path + ".held", mode=0o600))
    except filelock.Timeout:
        if cancelled is not None and cancelled():
            raise Cancelled from None
        raise WriteProblem(
            "lock-timeout",
            f"{purpose} was not possible: another mfa-tui holds the lock.",
            f"It is process {_holder(path)}, and {patience:g} s have passed.",
            "Wait for it or end it, then try again; nothing was changed.",
        ) from None
    except OSError as error:
        raise WriteProblem(
            "lock-failed",
            f"{purpose} was not possible: it needs a lock file.",
            f"{path}: {reason(error)}.",
            "Mend that, then try again; nothing was changed.",
        ) from None
    try:
        yield
    finally:
        # What was to be done is done; a lock that cannot be given back ends with the process.
        with contextlib.suppress(OSError):
            lock.release()


def _acquire(
    lock: filelock.BaseFileLock,
    path: str,
    patience: float,
    cancelled: Callable[[], bool] | None,
    waiting: Callable[[str], None] | None,
) -> None:
    """Take *lock* within *patience* seconds; tell *waiting* if it takes a while. Raises filelock.Timeout, OSError."""
    import filelock

    try:
        lock.acquire(timeout=min(patience, _UNNOTICED), poll_interval=_POLL, cancel_check=cancelled)
    except filelock.Timeout:
        if patience <= _UNNOTICED or (cancelled is not None and cancelled()):
            raise
        if waiting is not None:
            waiting(f"process {_holder(path)}")
        lock.acquire(timeout=patience - _UNNOTICED, poll_interval=_POLL, cancel_check=cancelled)


def _sign(path: str, handle: int) -> None:
    """Leave our name in the lock file *path*, open as *handle*, for whoever waits."""
    import socket

    # It only helps. A disk too full for it will be told of by what is written next.
    with contextlib.suppress(OSError):
        # Under sudo the lock must stay usable for the owner of the home.
        keep_owner(handle, os.path.dirname(path))
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()} on {socket.gethostname()}\n".encode())


def check_lockable(path: str) -> None:
    """Make sure that the lock file *path*, if it is there, can be locked. Raises FileProblem (``lock-read-only``)."""
    if os.path.lexists(path) and not os.access(path, os.R_OK | os.W_OK):
        import shlex

        raise FileProblem(
            "lock-read-only",
            f"{path} cannot be locked.",
            "The lock file is another user's, or read-only.",
            f"Remove it: rm -f {shlex.quote(path)}",
        )


def _holder(path: str) -> str:
    """Who holds the lock: «PID on HOST», as we write it, or as filelock writes its marker files (PID, HOST, …)."""
    for name in (path, path + ".held"):
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                words = [word for word in file.read(200).split() if word != "on" and word.isprintable()]
        except OSError:
            continue
        if words:
            return " on ".join(words[:2])
    return "unknown"
