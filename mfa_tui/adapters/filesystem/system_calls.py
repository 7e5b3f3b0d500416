"""System calls for files, made complete: whole writes, exclusive creation, renames, and data forced to the disk.

Each raises OSError as the call itself does, unless its description says otherwise.
"""

from __future__ import annotations

import errno
import os
import sys
import time

from mfa_tui.adapters.filesystem.ownership import NO_LINK

_NO_SYNC_HERE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What fsync answers on file systems that do not support it."""
_SHARING_VIOLATIONS = {5, 32, 33}
"""Windows errors: access denied, sharing violation, lock violation. An editor or a virus scanner has the file open."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)
_DEMO_HOME = "MFA_TUI_DEMO_HOME"
"""The environment variable that names the home of a demo."""
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_NOT_HERE = {errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP}
"""What renameat2(2) answers where the kernel, the file system or a sandbox does not support it."""


def make_directory(path: str, *, durable: bool = False) -> None:
    """Make *path* and its missing parents, mode 0700. With *durable* their names are on the disk afterwards."""
    if os.path.isdir(path):
        return
    if path == os.environ.get(_DEMO_HOME):
        # A process that outlives its demo would make the home again, and nothing would ever remove it.
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    parent = os.path.dirname(path)
    if parent and parent != path:
        make_directory(parent, durable=durable)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if os.path.isdir(path):
            return
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
    if durable:
        sync_directory(parent)


def open_new(path: str, place: int | None = None) -> int:
    """Create the file *path*, mode 0600, and open it for writing; *place* is its directory, if that is open.

    Raises FileExistsError if anything has that name already, even a link.
    """
    return os.open(_name_in(place, path), _NEW, 0o600, dir_fd=place)


def write_all(handle: int, data: bytes) -> None:
    """Write all of *data*, however many calls that takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def keep_owner(handle: int, parent: str) -> None:
    """As root, give the new file that is open as *handle* to the owner of its directory *parent*."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    owner = os.stat(parent or ".")
    if owner.st_uid != 0:
        os.chown(handle, owner.st_uid, owner.st_gid)


def sync(handle: int) -> None:
    """Force what was written to *handle* to the disk, where the file system supports that."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC_HERE:
            raise


def sync_directory(path: str) -> None:
    """Force the names in a directory to the disk: what was renamed, created or removed there.

    Raises nothing: some directories cannot be opened and some file systems refuse, and the rename is done by then.
    """
    if os.name != "posix":
        return
    import contextlib

    with contextlib.suppress(OSError):
        handle = os.open(path or ".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace(source: str, target: str, place: int | None = None) -> None:
    """Rename *source* over *target*; *place* is the directory of both, if that is open.

    On Windows this is tried again for two seconds while another program has the target open.
    """
    source, target = _name_in(place, source), _name_in(place, target)
    for attempts_left in range(40, -1, -1):
        try:
            os.replace(source, target, src_dir_fd=place, dst_dir_fd=place)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS or not attempts_left:
                raise
            time.sleep(0.05)
        else:
            return


def exchange(source: str, target: str) -> bool:
    """Swap the names of *source* and *target* in one step (Linux), so that neither file is lost.

    Returns False, with nothing done, where the system cannot do that. Raises FileNotFoundError if one is missing.
    """
    return _rename(source, target, _RENAME_EXCHANGE)


def rename_if_free(source: str, target: str) -> bool:
    """Rename *source* to *target*, which must not exist (Linux).

    Returns False, with nothing done, where the system cannot make sure of that. Raises FileExistsError if *target*
    exists.
    """
    return _rename(source, target, _RENAME_NOREPLACE)


def _rename(source: str, target: str, flags: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), target)


def _name_in(place: int | None, path: str) -> str:
    """How a call that is given the open directory *place* must name the file *path* in it."""
    return path if place is None else os.path.basename(path)
