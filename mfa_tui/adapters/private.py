"""Our own small files: directories 0700, files 0600, written whole, owned by whose home it is."""

from __future__ import annotations

import errno
import os
import time

_LEFTOVER_AGE = 60.0
"""Seconds after which a temporary file is one that a killed process left."""
_TEMPORARY = ".tmp"
_NO_SYNC_HERE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What fsync answers on file systems that do not have it."""
_SHARING_VIOLATIONS = {5, 32, 33}
"""Windows: access denied, sharing violation, lock violation; an editor or a virus scanner has the file open."""


def make_directory(path: str, *, durable: bool = False) -> None:
    """Make *path* and its parents, 0700, as far as they are missing. Raises OSError."""
    if os.path.isdir(path):
        return
    parent = os.path.dirname(path)
    if parent and parent != path:
        make_directory(parent, durable=durable)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if os.path.isdir(path):
            return
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from None
    keep_owner(path, parent)
    if durable:
        sync_directory(parent)


def keep_owner(path: str | int, parent: str) -> None:
    """Under sudo: give what root made to the owner of the directory it lies in."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    owner = os.stat(parent or ".")
    if owner.st_uid != 0:
        os.chown(path, owner.st_uid, owner.st_gid)


def read(path: str) -> str | None:
    """The file's text; None if there is none, or none that can be read."""
    try:
        # What is not UTF-8 is damaged, and for the reader to say.
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def write(path: str, text: str, *, durable: bool = False) -> None:
    """Put *text* in place of the file, whole or not at all. Raises OSError.

    With *durable* it has reached the disk when this returns: for what could not be replaced after a power cut.
    Temporary files that killed processes left in the directory, which may hold secrets, are cleared away.
    """
    directory = os.path.dirname(path)
    make_directory(directory, durable=durable)
    temporary = f"{path}.{os.getpid()}{_TEMPORARY}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o600)
    try:
        try:
            keep_owner(handle, directory)
            write_all(handle, text.encode())
            if durable:
                sync(handle)
            # The file system's own time, to compare with what it says of the others.
            now = os.fstat(handle).st_mtime
        finally:
            os.close(handle)
        replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    if durable:
        sync_directory(directory)
    _clear_leftovers(directory, now)


def sync(handle: int) -> None:
    """Have what was written to *handle* on the disk, where the file system can say so. Raises OSError."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC_HERE:
            raise


def sync_directory(path: str) -> None:
    """Have the names in a directory on the disk: what was renamed, made or removed there.

    It raises nothing: some directories cannot be opened, some file systems refuse it, and the rename is done by then.
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


def replace(source: str, target: str) -> None:
    """Rename over *target*; on Windows, for two seconds again while another program has it open. Raises OSError."""
    for attempts_left in range(40, -1, -1):
        try:
            os.replace(source, target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS or not attempts_left:
                raise
            time.sleep(0.05)
        else:
            return


def is_temporary(name: str) -> bool:
    """Whether a file of that name is one that :func:`write` is at work on, or left behind when it was killed."""
    return name.endswith(_TEMPORARY)


def _clear_leftovers(directory: str, now: float) -> None:
    import contextlib

    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if is_temporary(entry.name) and now - entry.stat(follow_symlinks=False).st_mtime > _LEFTOVER_AGE:
                os.unlink(entry.path)


def remove(path: str) -> None:
    """Delete the file if it is there. Raises OSError."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def write_all(handle: int, data: bytes) -> None:
    """Write all of *data*, however many calls it takes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
