"""Files and directories of ours are believed only where nobody else can have written them."""

from __future__ import annotations

import errno
import os
import stat

NAME = "mfa-tui"
"""What each of our directories is called: in those for settings, data, caches and state."""
LARGEST = 16 * 1024 * 1024
"""More bytes than any file of ours has."""
_LINKS = 40
"""As many symbolic links as Linux follows on one path."""
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_POSIX = os.name == "posix"
WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""To open whatever it is, its bytes as they are: a pipe must not wait for its writer, nor a terminal become ours."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class UntrustedPath(PermissionError):
    """A file or directory of ours that somebody else made, or can write to.

    ``why`` is a predicate of it, ``remedy`` a next step.
    """

    def __init__(self, path: str, why: str, remedy: str) -> None:
        super().__init__(errno.EPERM, f"{path} {why}", path)
        self.why = why
        self.remedy = remedy


def read_trusted(path: str, limit: int = LARGEST) -> bytes:
    """The content of the file *path* in a directory of ours. Raises OSError, UntrustedPath.

    It waits for nothing (a pipe), follows no link, and takes no more than *limit* bytes.
    """
    try:
        handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING | NO_LINK)
    except OSError as error:
        if error.errno == errno.ELOOP and os.path.islink(path):
            raise UntrustedPath(path, "is a symbolic link", f"rm {_quoted(path)}") from None
        raise
    try:
        info = _checked(path, handle, limit)
        if _POSIX:
            check_owner(path, info)
            check_path(os.path.dirname(path))
        return _all_of(handle, info.st_size)
    finally:
        os.close(handle)


def read_named(path: str, limit: int) -> bytes:
    """The content of a file wherever the user has it, to be obeyed. Raises OSError, UntrustedPath.

    The group may write to it if nobody else is in that group: so it is where each user has one (a umask of 002).
    """
    handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
    try:
        info = _checked(path, handle, limit)
        if _POSIX and (info.st_uid not in (os.geteuid(), 0) or others_can_write(info)):
            check_owner(path, info)
        return _all_of(handle, info.st_size)
    finally:
        os.close(handle)


def _checked(path: str, handle: int, limit: int) -> os.stat_result:
    info = os.fstat(handle)
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(info.st_mode):
        raise OSError(errno.EINVAL, "It is no regular file", path)
    if info.st_size > limit:
        raise OSError(errno.EFBIG, f"It has more than {limit:,} bytes", path)
    return info


def others_can_write(info: os.stat_result) -> bool:
    """Whether other users may write to what *info* is of; nobody else is in a group that is this user's own."""
    by_others = info.st_mode & OTHERS_WRITE
    return bool(by_others) and not (by_others == stat.S_IWGRP and _is_alone_in(info.st_gid))


def _is_alone_in(group: int) -> bool:
    """Whether a group is this user's own, with nobody else in it."""
    import grp
    import pwd

    try:
        user, found = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return user.pw_gid == group and found.gr_name == user.pw_name and set(found.gr_mem) <= {user.pw_name}


def _all_of(handle: int, size: int) -> bytes:
    """The bytes of a file that has, or had, *size* of them."""
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while data and sum(map(len, parts)) <= LARGEST:
        data = os.read(handle, 65536)
        parts.append(data)
    return b"".join(parts)


def own_base(path: str) -> str:
    """The directory called mfa-tui that *path* is, or lies below; else *path*."""
    before, found, _ = (path + os.sep).rpartition(f"{os.sep}{NAME}{os.sep}")
    return f"{before}{os.sep}{NAME}" if found else path


def check_owner(path: str, info: os.stat_result) -> None:
    """Make sure that what *info* is of can be changed by this user and root only. Raises UntrustedPath."""
    if info.st_uid not in (os.geteuid(), 0):
        raise UntrustedPath(
            path,
            f"belongs to another user, {user_name(info.st_uid)}",
            f'If it is yours: sudo chown "$USER" {_quoted(path)}',
        )
    if info.st_mode & OTHERS_WRITE:
        raise UntrustedPath(path, "can be written by other users", f"chmod go-w {_quoted(path)}")


def check_directory(path: str) -> None:
    """Make sure that *path* is a directory, no link, that is ours alone. Raises OSError, UntrustedPath."""
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        raise UntrustedPath(
            path, "is a symbolic link, where mfa-tui needs a directory", f"Remove the link: rm {_quoted(path)}"
        )
    if not stat.S_ISDIR(info.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    check_owner(path, info)


def check_path(directory: str) -> None:
    """Make sure that *directory*, and what is ours above it, is ours alone. Raises OSError, UntrustedPath."""
    base = own_base(directory)
    check_directory(base)
    if directory != base:
        check_directory(directory)


def foreign_link(path: str, left: int = _LINKS) -> tuple[str, os.stat_result] | None:
    """The first symbolic link on the way to *path* (absolute) that is neither ours nor root's; None if there is none.

    Where it lies, and what ``os.lstat`` says of it.
    """
    whole = ""
    for part in path.split("/")[1:]:
        whole += f"/{part}"
        try:
            info = os.lstat(whole)
            if not stat.S_ISLNK(info.st_mode):
                continue
            target = os.readlink(whole)
        except OSError:
            return None
        if info.st_uid not in (0, os.geteuid()):
            return whole, info
        found = foreign_link(os.path.join(os.path.dirname(whole), target), left - 1) if left else None
        if found:
            return found
    return None


def user_name(user: int) -> str:
    """What the user with that number is called."""
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"number {user}"


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)
