"""Replacing a file that belongs to the user: the old one or the new one, whole, at every instant."""

from __future__ import annotations

import contextlib
import os
import stat
import sys

from mfa_tui.adapters.exchange import exchange, rename_if_free
from mfa_tui.adapters.private import keep_owner, replace, write_all
from mfa_tui.errors import FileProblem


class Replacement:
    """A new content for the file *path* (resolved, no symlink), in two steps: :meth:`prepare`, then :meth:`commit`.

    The temporary file lies in the same directory, is created 0600, and gets the old file's mode, owner and access
    control list. Its name is fixed, so that what a killed process left is overwritten by the next one: use it only
    under the file's lock.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.directory, name = os.path.split(path)
        self.temporary = os.path.join(self.directory, f".{name}.mfa-tui.tmp")

    def prepare(self, data: bytes) -> None:
        """Write *data* beside the file, and to the disk. Raises OSError; call :meth:`discard` then."""
        self.discard()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(self.temporary, flags, 0o600)
        try:
            write_all(handle, data)
            self._take_over_attributes(handle)
            os.fsync(handle)
        finally:
            os.close(handle)

    def commit(self, *, new: bool = False) -> None:
        """Give it the file's name, and the directory to the disk. *new*: there is no such file so far.

        The file that had the name lies at ``temporary`` then, until :meth:`discard`, where two names can be exchanged.
        Raises OSError; call :meth:`discard` then. FileNotFoundError, FileExistsError: it went or came just now.
        """
        taken = rename_if_free if new else exchange
        if not taken(self.temporary, self.path):
            replace(self.temporary, self.path)
        if os.name == "posix":
            # Some directories cannot be opened, some file systems refuse it; the rename is done all the same.
            with contextlib.suppress(OSError):
                handle = os.open(self.directory, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def discard(self) -> None:
        """Remove the temporary file if it is there and can be removed."""
        with contextlib.suppress(OSError):
            os.unlink(self.temporary)

    def _take_over_attributes(self, handle: int) -> None:
        """Owner, access control list and mode of the old file; where one cannot be had, nothing is opened wider."""
        try:
            old = os.stat(self.path)
        except FileNotFoundError:
            keep_owner(handle, self.directory)
            return
        if os.name != "posix":
            return
        mode = stat.S_IMODE(old.st_mode)
        new = os.fstat(handle)
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            try:
                # Not being root, only the group can be kept, and only if we are in it.
                os.fchown(handle, old.st_uid if os.geteuid() == 0 else -1, old.st_gid)
            except PermissionError:
                # What the old group was allowed is not for ours: it gets what others get.
                mode = mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
        if sys.platform == "linux":
            _copy_extended_attributes(self.path, handle)
        os.fchmod(handle, mode)


_ACCESS_LIST = "system.posix_acl_access"


def _copy_extended_attributes(path: str, handle: int) -> None:
    """The access control list, and others (SELinux's, the user's own) as far as allowed."""
    try:
        names = os.listxattr(path)
    except OSError:
        # A file system without them.
        return
    if _ACCESS_LIST not in names:
        # A list that the new file got from its directory's default would come into force with the old mode.
        with contextlib.suppress(OSError):
            os.removexattr(handle, _ACCESS_LIST)
    for name in names:
        with contextlib.suppress(OSError):
            os.setxattr(handle, name, os.getxattr(path, name))


def check_replaceable(path: str) -> None:
    """Make sure, before a code is spent, that *path* (resolved) can be replaced by renaming over it.

    Raises FileProblem: ``file-kind``, ``file-hard-link``, ``file-mount``, ``file-read-only``, ``directory-read-only``.
    """
    directory = os.path.dirname(path)
    try:
        info = os.stat(path)
    except FileNotFoundError:
        info = None
    except OSError as error:
        raise _not_writable("file-read-only", path, f"{error.strerror}.", "Mend its permissions.") from None
    if info is not None:
        if not stat.S_ISREG(info.st_mode):
            raise _not_writable("file-kind", path, "It is no regular file.", "Point the variable at a file.")
        if info.st_nlink > 1:
            raise _not_writable(
                "file-hard-link",
                path,
                f"It has {info.st_nlink} hard links; replacing it would cut this name off from the others.",
                "Make the other names symbolic links to this file.",
            )
        if _is_mount_point(path):
            raise _not_writable(
                "file-mount",
                path,
                "It is mounted by itself (a container's bind mount), and a mounted file cannot be replaced.",
                "Mount its directory instead.",
            )
        if not os.access(path, os.W_OK):
            import shlex

            raise _not_writable(
                "file-read-only", path, "It is read-only for you.", f"Make it writable: chmod u+w {shlex.quote(path)}"
            )
    while not os.path.exists(directory) and directory != os.path.dirname(directory):
        directory = os.path.dirname(directory)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _not_writable(
            "directory-read-only", path, f"The directory {directory} is read-only for you.", "Mend its permissions."
        )


def check_room(path: str, size: int) -> None:
    """Make sure that *size* bytes can be written beside *path*, by writing so many. Raises OSError."""
    directory, name = os.path.split(path)
    if not os.path.isdir(directory):
        return
    trial = os.path.join(directory, f".{name}.mfa-tui.trial")
    try:
        handle = os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            write_all(handle, b"\n" * size)
        finally:
            os.close(handle)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(trial)


def _is_mount_point(path: str) -> bool:
    if sys.platform != "linux":
        return False
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            points = [line.split(" ", 5)[4] for line in file]
    except (OSError, IndexError):
        return False
    # Spaces and the like are written as octal escapes.
    return path.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012") in points


def _not_writable(slug: str, path: str, why: str, remedy: str) -> FileProblem:
    return FileProblem(slug, f"{path} cannot be written.", why, remedy)
