"""Replacing a file that belongs to the user: the old one or the new one, whole, at every instant."""

from __future__ import annotations

import contextlib
import os
import stat
import sys

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
    """A new content for the file *path* (resolved, no symlink), in two steps: :meth:`prepare`, then :meth:`commit`.

    The temporary file lies in the same directory, is created 0600, and gets the old file's mode, owner and access
    control list. Use it only under the file's lock: what is left of other temporary files for *path* is deleted.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.directory = os.path.dirname(path)
        self.temporary = temporary_name(sibling_stem(path))

    def prepare(self, data: bytes) -> None:
        """Write *data* beside the file, and to the disk. Raises OSError; call :meth:`discard` then."""
        clear_leftovers(self.directory, containing=SIBLING_MARK, ours=os.path.basename(sibling_stem(self.path)) + ".")
        handle = open_new(self.temporary)
        try:
            write_all(handle, data)
            self._take_over_attributes(handle)
            sync(handle)
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
        sync_directory(self.directory)

    def discard(self) -> None:
        """Remove the temporary file if it is there and can be removed."""
        remove_temporary(self.temporary)

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
            except OSError:
                # What the old group was allowed is not for ours: it gets what others get.
                mode = mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
        if sys.platform == "linux":
            _copy_extended_attributes(self.path, handle)
        _set_mode(handle, mode)


def _set_mode(handle: int, mode: int) -> None:
    """Some file systems have the same mode for every file: that is no failure while nothing is opened wider by it."""
    present = stat.S_IMODE(os.fstat(handle).st_mode)
    if present != mode:
        try:
            os.fchmod(handle, mode)
        except OSError:
            if present & ~mode:
                raise


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
