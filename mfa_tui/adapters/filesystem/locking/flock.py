"""A lock on a file by flock(2), tried once. It ends with the process at the latest.

It locks as filelock does on POSIX, so that either sees the other's lock; but that takes longer to import than a login
may take.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

_CONTENDED = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK)
"""What flock answers if somebody else has the lock."""


class Flock:
    """The lock on the file *path*, which is made if there is none, for its owner only, and stays there."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.handle: int | None = None
        """The descriptor of the file while we hold the lock."""

    def take(self) -> bool:
        """Try to take it; returns whether it is ours. Raises OSError."""
        import fcntl

        handle = self._open()
        if handle is None:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._is_in_place(handle):
                self.handle, handle = handle, -1
        except OSError as error:
            if error.errno not in _CONTENDED or isinstance(error, _Foreign):
                raise
        finally:
            if handle >= 0:
                os.close(handle)
        return self.handle is not None

    def release(self) -> None:
        """Release it. Raises OSError."""
        import fcntl

        handle, self.handle = self.handle, None
        if handle is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_UN)
            finally:
                os.close(handle)

    def _open(self) -> int | None:
        """A descriptor of the file; None if it cannot be had now. Raises OSError."""
        # Without O_NONBLOCK, a lease on the file would hold us up.
        flags = os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            handle = os.open(self._path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            handle = -1
        except FileNotFoundError:
            # On some network file systems it may also be removed while it is made.
            if os.path.isdir(os.path.dirname(self._path) or "."):
                return None
            raise
        except PermissionError:
            # In a directory such as /tmp, a file of another user cannot be opened with O_CREAT.
            if not os.path.lexists(self._path):
                raise
            handle = -1
        if handle >= 0:
            # Whatever the umask takes away.
            with contextlib.suppress(PermissionError):
                os.fchmod(handle, 0o600)
            return handle
        try:
            return os.open(self._path, flags)
        except (FileNotFoundError, BlockingIOError):
            # It was removed in the meantime, or somebody gives up a lease on it.
            return None

    def _is_in_place(self, handle: int) -> bool:
        """Whether it is still the file at the path. Raises OSError if its owner could remove it at any time."""
        about, place = os.fstat(handle), os.stat(os.path.dirname(self._path) or ".")
        if place.st_mode & stat.S_ISVTX and about.st_uid not in (os.geteuid(), place.st_uid):
            raise _Foreign(errno.EACCES, "the lock file belongs to another user", self._path)
        return about.st_nlink > 0


class _Foreign(PermissionError):
    """The file is another user's, who may remove it while we hold the lock."""
