"""Our own small files: directories 0700, files 0600, written whole, and believed only where nobody else can write."""

from __future__ import annotations

import errno
import os
import time

from mfa_tui.adapters.filesystem.ownership import NO_LINK, read_trusted

_NO_SYNC_HERE = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What fsync answers on file systems that do not have it."""
_SHARING_VIOLATIONS = {5, 32, 33}
"""Windows: access denied, sharing violation, lock violation; an editor or a virus scanner has the file open."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)
_THROWN_AWAY = "MFA_TUI_DEMO_HOME"
"""Names the home of a demo."""
_POSIX = os.name == "posix"
_TRIES = 5
"""How often a write is begun again because its temporary file was taken away by another computer or container, which
cannot see that its process is alive."""


def make_directory(path: str, *, durable: bool = False) -> None:
    """Make *path* and its parents, 0700, as far as they are missing. Raises OSError."""
    if os.path.isdir(path):
        return
    if path == os.environ.get(_THROWN_AWAY):
        # What outlives a demo would make its home again, and nobody would remove that.
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


def make_own_directory(path: str, *, durable: bool = False) -> None:
    """Make the directory *path* of ours, or make sure that it is ours alone. Raises OSError, UntrustedPath."""
    from mfa_tui.adapters.filesystem.own_directories import open_own_directory

    handle = open_own_directory(path, make=True, durable=durable)
    if handle is not None:
        os.close(handle)


def keep_owner(handle: int, parent: str) -> None:
    """Give a file that root made, open as *handle*, to the owner of the directory it lies in. Raises OSError."""
    if not _POSIX or os.geteuid() != 0:
        return
    owner = os.stat(parent or ".")
    if owner.st_uid != 0:
        os.chown(handle, owner.st_uid, owner.st_gid)


def read(path: str) -> str | None:
    """The file's text; None if there is none, or none that can be read and believed."""
    try:
        # What is not UTF-8 is damaged, and for the reader to say.
        return read_trusted(path).decode(errors="replace")
    except (OSError, ValueError):
        return None


def write(path: str, text: str, *, durable: bool = False) -> None:
    """Put *text* in place of the file, whole or not at all. Raises OSError, UntrustedPath.

    With *durable* it has reached the disk when this returns: for what could not be replaced after a power cut.
    Temporary files that killed processes left in the directory, which may hold secrets, are cleared away.
    """
    from mfa_tui.adapters.filesystem.own_directories import open_own_directory
    from mfa_tui.adapters.filesystem.temporary_files import clear_now_and_then

    directory = os.path.dirname(path)
    place = open_own_directory(directory, make=True, durable=durable)
    try:
        for tries_left in range(_TRIES, -1, -1):
            try:
                _replace_in(place, path, text.encode(), durable=durable)
            except FileNotFoundError:
                if not tries_left or not os.path.isdir(directory):
                    raise
            else:
                break
        if durable:
            sync_directory(directory)
        clear_now_and_then(directory, place)
    finally:
        if place is not None:
            os.close(place)


def _replace_in(place: int | None, path: str, data: bytes, *, durable: bool) -> None:
    """One attempt of :func:`write`, in the directory that is open as *place*."""
    from mfa_tui.adapters.filesystem.temporary_files import remove_temporary, temporary_name

    temporary = temporary_name(path)
    try:
        handle = open_new(temporary, place)
        try:
            write_all(handle, data)
            if durable:
                sync(handle)
        finally:
            os.close(handle)
        replace(_in(place, temporary), _in(place, path), place)
    finally:
        remove_temporary(temporary, place)


def open_new(path: str, place: int | None = None) -> int:
    """Make the file *path*, 0600, and open it for writing; *place* is its directory, if that is open.

    Raises OSError: FileExistsError if anything, be it a link, has that name.
    """
    return os.open(_in(place, path), _NEW, 0o600, dir_fd=place)


def _in(place: int | None, path: str) -> str:
    """How to name the file *path* to a call that is given *place*, its directory."""
    return path if place is None else os.path.basename(path)


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


def replace(source: str, target: str, place: int | None = None) -> None:
    """Rename over *target*, both in the directory that is open as *place*, if given. Raises OSError.

    On Windows it is tried again for two seconds while another program has the target open.
    """
    for attempts_left in range(40, -1, -1):
        try:
            os.replace(source, target, src_dir_fd=place, dst_dir_fd=place)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS or not attempts_left:
                raise
            time.sleep(0.05)
        else:
            return


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
