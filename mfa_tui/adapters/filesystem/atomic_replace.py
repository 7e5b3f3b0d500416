"""Replacing a file of the user: at every moment it is the old file or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from mfa_tui.adapters.filesystem.ownership import NO_LINK, WITHOUT_WAITING
from mfa_tui.adapters.filesystem.system_calls import (
    exchange,
    keep_owner,
    open_new,
    rename_if_free,
    replace,
    sync,
    sync_directory,
    write_all,
)
from mfa_tui.adapters.filesystem.temporary_files import (
    SIBLING_MARK,
    clear_leftovers,
    remove_temporary,
    sibling_stem,
    temporary_name,
)


class Replacement:
    """New content for the file *path* (not a symbolic link), in two steps: :meth:`prepare`, then :meth:`commit`.

    The temporary file is in the same directory. It is created 0600, and gets the old file's mode, owner and access
    control list. Use this only under the file's lock: leftover temporary files for *path* are deleted.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.directory = os.path.dirname(path)
        self.temporary = temporary_name(sibling_stem(path))
        self._place: int | None = None
        self._swapped = False
        self._taken_over: tuple[int, int, int] | None = None

    def prepare(self, data: bytes) -> None:
        """Write *data* to the temporary file, and force it to the disk. Raises OSError; call :meth:`discard` then."""
        clear_leftovers(self.directory, containing=SIBLING_MARK, ours=os.path.basename(sibling_stem(self.path)) + ".")
        if os.name == "posix":
            # To find the temporary file even if the directory is moved away. One that cannot be listed is not opened.
            with contextlib.suppress(OSError):
                self._place = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        handle = open_new(self.temporary)
        try:
            write_all(handle, data)
            self._take_over_attributes(handle, self.path)
            sync(handle)
        finally:
            os.close(handle)

    def commit(self, *, new: bool = False) -> None:
        """Give the temporary file the file's name, and force that to the disk. *new* says that no file had the name.

        Where the system can swap two names, the old file is called ``temporary`` until :meth:`discard`. It may be one
        that another program put there at this very moment, which the caller saves. If the process is killed before
        that, nothing else has that file, and the next edit deletes it as a leftover.
        Raises OSError; call :meth:`discard` then. FileNotFoundError, FileExistsError: the file has just gone or come,
        or something else has its name, such as a link.
        """
        taken = rename_if_free if new else exchange
        if taken(self.temporary, self.path):
            if not new:
                self._swapped = True
                self._check_displaced()
        else:
            if not new:
                self._take_over_late(self.path, self.temporary)
            replace(self.temporary, self.path)
        sync_directory(self.directory)

    def take_back(self) -> bool:
        """Undo :meth:`commit`, where the names were swapped; returns whether they were. Raises OSError."""
        if not self._swapped:
            return False
        self._swapped = False
        return exchange(self.temporary, self.path)

    def _check_displaced(self) -> None:
        """Put back what is no plain file, and take over what has become of the old one's attributes meanwhile."""
        displaced = os.lstat(self.temporary)
        if not stat.S_ISREG(displaced.st_mode) or displaced.st_nlink > 1:
            self.take_back()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self.path)
        # The new file is in its place by now, whatever happens here.
        with contextlib.suppress(OSError):
            self._take_over_late(self.temporary, self.path)

    def _take_over_late(self, old: str, new: str) -> None:
        """Copy the attributes of the file *old* to *new* again if they have changed since it was prepared."""
        if os.name != "posix" or _attributes(os.lstat(old)) == self._taken_over:
            return
        handle = os.open(new, os.O_RDONLY | WITHOUT_WAITING | NO_LINK)
        try:
            self._take_over_attributes(handle, old)
        finally:
            os.close(handle)

    def discard(self) -> None:
        """Remove the temporary file if it exists and can be removed."""
        remove_temporary(self.temporary, self._place)
        if self._place is not None:
            os.close(self._place)
            self._place = None

    def _take_over_attributes(self, handle: int, path: str) -> None:
        """Copy owner, access control list and mode of the file *path*; what cannot be copied must not widen access."""
        try:
            old = os.stat(path)
        except FileNotFoundError:
            keep_owner(handle, self.directory)
            return
        if os.name != "posix":
            return
        self._taken_over = _attributes(old)
        mode = stat.S_IMODE(old.st_mode)
        new = os.fstat(handle)
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            try:
                # Without root only the group can be set, and only to one of ours.
                os.fchown(handle, old.st_uid if os.geteuid() == 0 else -1, old.st_gid)
            except OSError:
                # Our group must not get what the old one was allowed: it gets what others get.
                mode = mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
        if sys.platform == "linux":
            _copy_extended_attributes(path, handle)
        _set_mode(handle, mode)


def _attributes(info: os.stat_result) -> tuple[int, int, int]:
    return stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid


def _set_mode(handle: int, mode: int) -> None:
    """Set the mode. Some file systems have one mode for all files, which is an error only if it allows more."""
    present = stat.S_IMODE(os.fstat(handle).st_mode)
    if present != mode:
        try:
            os.fchmod(handle, mode)
        except OSError:
            if present & ~mode:
                raise


_ACCESS_LIST = "system.posix_acl_access"


def _copy_extended_attributes(path: str, handle: int) -> None:
    """Copy the access control list, and other attributes (SELinux's, the user's own) as far as allowed."""
    try:
        names = os.listxattr(path)
    except OSError:
        # The file system has none.
        return
    if _ACCESS_LIST not in names:
        # The new file may have a list from its directory's default, which the old mode would put into force.
        with contextlib.suppress(OSError):
            os.removexattr(handle, _ACCESS_LIST)
    for name in names:
        with contextlib.suppress(OSError):
            os.setxattr(handle, name, os.getxattr(path, name))
