"""Our own directories: 0700, of this user, no links; opened so that nobody can exchange them meanwhile."""

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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths


def own_directories(paths: Paths) -> list[str]:
    """All directories that mfa-tui keeps files of its own in, and reads them from."""
    below = {paths.cache: ("sessions", "ready", "flights"), paths.data: ("backups",), paths.state: ("steps",)}
    return [path for base, names in below.items() for path in (base, *(os.path.join(base, name) for name in names))]


def directory_problems(paths: Paths) -> list[UntrustedPath]:
    """Which of our own directories other users made or can write to; nothing is changed. One problem for each."""
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
            # Missing, or unusable, which is told when it is used.
            continue
    return list(found.values())


def repair_directories(paths: Paths) -> list[str]:
    """Take away others' right to write in our own directories. What was done, and what remains wrong, a line each."""
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
    """Delete the temporary files that killed processes left in our own directories. It raises nothing."""
    for path in own_directories(paths):
        with contextlib.suppress(OSError):
            handle = open_own_directory(path)
            clear_leftovers(path if handle is None else handle)
            if handle is not None:
                os.close(handle)


def open_own_directory(directory: str, *, make: bool = False, durable: bool = False) -> int | None:
    """The directory of ours, open, once it is ours alone; None on Windows. Raises OSError, UntrustedPath.

    *make* it if it is missing; with *durable* its name is on the disk then. Others' right to write is taken away where
    it is ours. No link is followed from the directory called mfa-tui on; above it, only links of this user or root.
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
            if make and _made(name, above) and durable:
                sync_directory(os.path.dirname(path))
            handle = _opened_alone(name, path, above)
        finally:
            if above is not None:
                os.close(above)
        base = path
    return handle


def _made(name: str, above: int | None) -> bool:
    """Whether a directory had to be made."""
    try:
        os.stat(name, dir_fd=above, follow_symlinks=False)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=above)
            return True
    return False


def _opened_alone(name: str, path: str, above: int | None) -> int:
    """One directory, open; *name* is relative to *above*, *path* is the whole of it."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    except OSError:
        # Whose fault it is, if it is somebody's.
        check_directory(path)
        raise
    try:
        info = os.fstat(handle)
        if info.st_uid == os.geteuid() and info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            # A file system without modes, or a read-only one, is taken as it is.
            with contextlib.suppress(OSError):
                os.fchmod(handle, info.st_mode & stat.S_IRWXU)
                info = os.fstat(handle)
        check_owner(path, info)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check_links(directory: str) -> None:
    """Make sure that links above our directories are this user's or root's. Raises UntrustedPath."""
    if link := foreign_link(os.path.dirname(os.path.abspath(own_base(directory)))):
        path, info = link
        raise UntrustedPath(
            path,
            f"is a symbolic link of another user, {user_name(info.st_uid)}",
            "Replace it with a directory of your own.",
        )
