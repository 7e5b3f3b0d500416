"""Ownership: files and directories of ours are trusted only if no other user can have written them."""

from __future__ import annotations

import errno
import os
import stat

from mfa_tui import LARGEST, NAME, NO_LINK, OTHERS_WRITE, WITHOUT_WAITING, is_safe

__all__ = ["NO_LINK", "OTHERS_WRITE", "WITHOUT_WAITING"]

_LINKS = 40
"""How many symbolic links Linux follows on one path."""
_POSIX = os.name == "posix"


class UntrustedPath(PermissionError):
    """A file or directory of ours that another user made or can write to."""

    def __init__(self, path: str, why: str, remedy: str) -> None:
        super().__init__(errno.EPERM, f"{path} {why}", path)
        self.why = why
        """What is wrong with it, as the rest of a sentence that begins with the path."""
        self.remedy = remedy
        """What to do."""


def read_trusted(path: str, limit: int = LARGEST) -> bytes:
    """Read the file *path* in a directory of ours. Raises OSError, UntrustedPath.

    It does not block (on a pipe), follows no link, and reads at most *limit* bytes.
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
        return _read_all(handle, info.st_size)
    finally:
        os.close(handle)


def read_named(path: str, limit: int) -> bytes:
    """Read a file of settings, wherever the user keeps it, in at most *limit* bytes. Raises OSError, UntrustedPath.

    Its group may have write access if the user is alone in it, as on systems with a group for each user (umask 002).
    """
    handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
    try:
        info = _checked(path, handle, limit)
        if _POSIX and (info.st_uid not in (os.geteuid(), 0) or others_can_write(info)):
            check_owner(path, info)
        return _read_all(handle, info.st_size)
    finally:
        os.close(handle)


def _checked(path: str, handle: int, limit: int) -> os.stat_result:
    info = os.fstat(handle)
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(info.st_mode):
        raise OSError(errno.EINVAL, "It is not a regular file", path)
    if info.st_size > limit:
        raise OSError(errno.EFBIG, f"It has more than {limit:,} bytes", path)
    return info


def others_can_write(info: os.stat_result) -> bool:
    """Whether other users can write to the file of *info*. A group that holds only this user does not count."""
    by_others = info.st_mode & OTHERS_WRITE
    return bool(by_others) and not (by_others == stat.S_IWGRP and _is_alone_in(info.st_gid))


def _is_alone_in(group: int) -> bool:
    """Whether a group is this user's own and has no other member."""
    import grp
    import pwd

    try:
        user, found = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return user.pw_gid == group and found.gr_name == user.pw_name and set(found.gr_mem) <= {user.pw_name}


def check_owner(path: str, info: os.stat_result) -> None:
    """Make sure that only this user and root can write to the file of *info*. Raises UntrustedPath."""
    if is_safe(info):
        return
    if info.st_uid not in (os.geteuid(), 0):
        raise UntrustedPath(
            path,
            f"belongs to another user, {user_name(info.st_uid)}",
            f'If it is yours: sudo chown "$USER" {_quoted(path)}',
        )
    raise UntrustedPath(path, "can be written by other users", f"chmod go-w {_quoted(path)}")


def check_directory(path: str) -> None:
    """Make sure that *path* is a directory, not a link, that only we can write to. Raises OSError, UntrustedPath."""
    info = os.lstat(path)
    if stat.S_ISLNK(info.st_mode):
        raise UntrustedPath(
            path, "is a symbolic link, where mfa-tui needs a directory", f"Remove the link: rm {_quoted(path)}"
        )
    if not stat.S_ISDIR(info.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    check_owner(path, info)


def check_path(directory: str) -> None:
    """Make sure that only we can write to *directory* and to ours above it. Raises OSError, UntrustedPath."""
    base = own_base(directory)
    check_directory(base)
    if directory != base:
        check_directory(directory)


def foreign_link(path: str, left: int = _LINKS) -> tuple[str, os.stat_result] | None:
    """The first symbolic link on *path* (absolute) that belongs to neither us nor root; None if there is none.

    Returns its path and its ``os.lstat``. At most *left* links are followed.
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
    """The name of the user with that id."""
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"number {user}"


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)


def own_base(path: str) -> str:
    """The directory called mfa-tui that *path* is or is in; else *path*."""
    before, found, _ = (path + os.sep).rpartition(f"{os.sep}{NAME}{os.sep}")
    return f"{before}{os.sep}{NAME}" if found else path


def _read_all(handle: int, size: int) -> bytes:
    """Read a file that has, or had, *size* bytes. Raises OSError."""
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    while data and sum(map(len, parts)) <= LARGEST:
        data = os.read(handle, 65536)
        parts.append(data)
    return b"".join(parts)
