"""Our own directories: mode 0700, owned by this user, no links, and opened so that nobody can swap them."""

from __future__ import annotations

import contextlib
import os
import stat

from mfa_tui.adapters.filesystem.ownership import (
    UntrustedPath,
    check_directory,
    check_owner,
    check_path,
    foreign_link,
    own_base,
    user_name,
)
from mfa_tui.adapters.filesystem.system_calls import make_directory, sync_directory
from mfa_tui.adapters.filesystem.temporary_files import clear_leftovers
from mfa_tui.hot_commands import own_directories

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths


def directory_problems(paths: Paths) -> list[UntrustedPath]:
    """The problems of our own directories that other users made or can write to, one for each. Changes nothing."""
    if os.name != "posix":
        return []
    found: dict[str | None, UntrustedPath] = {}
    for path in own_directories(paths):
        try:
            _check_links(path)
            check_path(path)
        except UntrustedPath as problem:
            found.setdefault(problem.strerror, problem)
        except OSError:
            # It is missing, or unusable, which is reported when it is used.
            continue
    return list(found.values())


def repair_directories(paths: Paths) -> list[str]:
    """Remove others' write access to our own directories. Returns a line for each one that was or is wrong."""
    told = []
    for problem in directory_problems(paths):
        try:
            handle = open_own_directory(problem.filename)
        except OSError:
            told.append(f"{problem.strerror}: nothing in it is used. {problem.remedy}")
        else:
            if handle is not None:
                os.close(handle)
            told.append(f"{problem.strerror}. This was corrected; what others have put there is not used.")
    return told


def clear_own_leftovers(paths: Paths) -> None:
    """Delete the temporary files that killed processes left in our own directories. Raises nothing."""
    for path in own_directories(paths):
        with contextlib.suppress(OSError):
            handle = open_own_directory(path)
            clear_leftovers(path if handle is None else handle)
            if handle is not None:
                os.close(handle)


def open_own_directory(directory: str, *, make: bool = False, durable: bool = False) -> int | None:
    """Open a directory of ours that only we can write to; None on Windows. Raises OSError, UntrustedPath.

    With *make* it is created if it is missing, and with *durable* its name is then on the disk. If we own it, others'
    write access is removed. From the directory called mfa-tui on, no link is followed; above it, only links of this
    user or root.
    """
    if os.name != "posix":
        if make:
            make_directory(directory)
        return None
    base = own_base(directory)
    if make:
        make_directory(os.path.dirname(os.path.abspath(base)), durable=durable)
    _check_links(directory)
    handle: int | None = None
    for name in (base, *(os.path.relpath(directory, base).split(os.sep) if base != directory else ())):
        above, path = handle, os.path.join(base, name)
        try:
            if make and _make_if_missing(name, above) and durable:
                sync_directory(os.path.dirname(path))
            handle = _open_private(name, path, above)
        finally:
            if above is not None:
                os.close(above)
        base = path
    return handle


def _make_if_missing(name: str, above: int | None) -> bool:
    """Make a directory if it is missing; returns whether it was."""
    try:
        os.stat(name, dir_fd=above, follow_symlinks=False)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=above)
            return True
    return False


def _open_private(name: str, path: str, above: int | None) -> int:
    """Open one directory that only we can write to; *name* is relative to *above*, *path* is its full path."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    except OSError:
        # Report another user's file or link in its place, if that is why.
        check_directory(path)
        raise
    try:
        info = os.fstat(handle)
        if info.st_uid == os.geteuid() and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            # A file system without modes, or a read-only one, is accepted as it is.
            with contextlib.suppress(OSError):
                os.fchmod(handle, info.st_mode & stat.S_IRWXU)
                info = os.fstat(handle)
        check_owner(path, info)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check_links(directory: str) -> None:
    """Make sure that symbolic links above our directories are this user's or root's. Raises UntrustedPath."""
    if link := foreign_link(os.path.dirname(os.path.abspath(own_base(directory)))):
        path, info = link
        raise UntrustedPath(
            path,
            f"is a symbolic link of another user, {user_name(info.st_uid)}",
            "Replace it with a directory of your own.",
        )
