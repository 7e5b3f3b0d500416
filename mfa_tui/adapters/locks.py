"""One lock for each file, honoured by every mfa-tui process on the machine (filelock)."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import contextmanager

from mfa_tui.errors import Cancelled, WriteProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAIT = 10.0
"""How long to wait for another process, in seconds."""
_NO_LOCKS_HERE = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
"""What flock answers on file systems without locks (some NFS, SMB and FUSE mounts)."""


@contextmanager
def locked(
    path: str, purpose: str, *, seconds: float = WAIT, cancelled: Callable[[], bool] | None = None
) -> Iterator[None]:
    """Hold the lock file *path*. *purpose* says in the error what could not be done meanwhile.

    Where the file system has no locks, a marker file takes their place; filelock removes one whose process is gone.
    Raises WriteProblem (``lock-timeout``) that names the holder, and Cancelled.
    """
    import filelock

    def sign(handle: int) -> None:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()} on {socket.gethostname()}\n".encode())

    def acquire(lock: filelock.BaseFileLock) -> filelock.BaseFileLock:
        lock.acquire(timeout=seconds, poll_interval=0.02, cancel_check=cancelled)
        return lock

    try:
        try:
            lock = acquire(filelock.FileLock(path, mode=0o600, fallback_to_soft=False, on_acquired=sign))
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
            f"It is process {_holder(path)}, and {seconds:.0f} s have passed.",
            "Wait for it or end it, then try again; nothing was changed.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _holder(path: str) -> str:
    for name in (path, path + ".held"):
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                words = file.read(200).split()
        except OSError:
            continue
        if words:
            return " ".join(word for word in words if word.isprintable())
    return "unknown"
