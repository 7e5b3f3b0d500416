"""Checks before a code is sent: whether a file can be replaced, and whether the disk has space for what we write."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
import sys

from mfa_tui.adapters.filesystem.mounts import mounts
from mfa_tui.adapters.filesystem.os_errors import as_write_problem, reason
from mfa_tui.adapters.filesystem.ownership import WITHOUT_WAITING, user_name
from mfa_tui.adapters.filesystem.private_files import make_own_directory
from mfa_tui.adapters.filesystem.system_calls import open_new, write_all
from mfa_tui.adapters.filesystem.temporary_files import clear_leftovers, remove_temporary, sibling_stem, temporary_name
from mfa_tui.errors import FileProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_A_FILE = "Move it away, or point AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE at a regular file."
"""The remedy for an AWS file that is a directory, a pipe or a device."""
_GET_FLAGS = 0x80086601 if sys.maxsize > 2**32 else 0x80046601
"""FS_IOC_GETFLAGS of linux/fs.h."""
_APPEND, _IMMUTABLE = 0x20, 0x10
"""FS_APPEND_FL, FS_IMMUTABLE_FL of linux/fs.h."""
_MAC_FIXED = 0x0002_0002 | 0x0004_0004
"""UF_ and SF_IMMUTABLE, UF_ and SF_APPEND of sys/stat.h (macOS, BSD)."""
_FULL = {errno.ENOSPC, errno.EDQUOT}


def check_replaceable(path: str) -> None:
    """Make sure that *path* (no symbolic link) can be replaced by renaming another file over it.

    Raises FileProblem: ``file-kind``, ``file-hard-link``, ``file-mount``, ``file-read-only``, ``file-fixed``,
    ``file-system-read-only``, ``directory-read-only``.
    """
    directory = os.path.dirname(path)
    try:
        info = os.stat(path)
    except FileNotFoundError:
        info = None
    except OSError as error:
        why, remedy = reason_and_remedy(error, path)
        raise _not_writable("file-read-only", path, why, remedy or "Fix its permissions.") from None
    if info is not None:
        _check_file(path, info)
    while not os.path.exists(directory) and directory != os.path.dirname(directory):
        directory = os.path.dirname(directory)
    _check_file_system(path, directory)
    _check_immutable(path, directory)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _not_writable(
            "directory-read-only",
            path,
            _read_only(directory, f"The directory {directory}"),
            _ownership_remedy(directory),
        )


def _check_file(path: str, info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise _not_writable("file-kind", path, "It is not a regular file.", NAME_A_FILE)
    if info.st_nlink > 1:
        raise _not_writable(
            "file-hard-link",
            path,
            f"It has {info.st_nlink} hard links; replacing it would cut this name off from the others.",
            "Make the other names symbolic links to this file.",
        )
    _check_file_system(path, path)
    if any(point == path for _, point, _ in mounts()):
        raise _not_writable(
            "file-mount",
            path,
            "It is mounted by itself (a container's bind mount), and a mounted file cannot be replaced.",
            "Mount its directory instead.",
        )
    _check_immutable(path, path)
    # Another program may have just removed it, to put a new one there.
    if not os.access(path, os.W_OK) and os.path.exists(path):
        raise _not_writable("file-read-only", path, _read_only(path, "It"), _ownership_remedy(path))


def _check_file_system(path: str, where: str) -> None:
    """Make sure that the file system of *where* is not read-only."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        if os.statvfs(where).f_flag & os.ST_RDONLY:
            raise _not_writable(
                "file-system-read-only", path, "Its file system is read-only.", "Mount it so that it can be written to."
            )


def _check_immutable(path: str, where: str) -> None:
    """Make sure that *where*, the file or its directory, is not immutable: chattr can forbid changes even to root."""
    flags, command = immutable_attributes(where)
    if flags:
        what = "It" if where == path else f"Its directory {where}"
        raise _not_writable("file-fixed", path, f"{what} is {flags}.", f"{command} {shlex.quote(where)}")


def immutable_attributes(path: str) -> tuple[str, str]:
    """The attributes of *path* that forbid changes, in words, and the command that clears them; else empty."""
    if sys.platform == "darwin":
        fixed = getattr(os.stat(path), "st_flags", 0) & _MAC_FIXED
        return ("immutable or append-only", "sudo chflags nouchg,nouappnd,noschg,nosappnd") if fixed else ("", "")
    if sys.platform != "linux":
        return "", ""
    import fcntl

    try:
        handle = os.open(path, os.O_RDONLY | WITHOUT_WAITING)
        try:
            found = int.from_bytes(fcntl.ioctl(handle, _GET_FLAGS, bytes(8))[:4], sys.byteorder)
        finally:
            os.close(handle)
    except OSError:
        # We may not open it, or its file system has no such attributes.
        return "", ""
    if found & _IMMUTABLE:
        return "immutable", "sudo chattr -i"
    return ("append-only", "sudo chattr -a") if found & _APPEND else ("", "")


def reason_and_remedy(error: OSError, path: str) -> tuple[str, str]:
    """Why *path* could not be read, and what to do: chown, if another user owns it (after sudo)."""
    nearest = path
    while not os.path.lexists(nearest) and nearest != os.path.dirname(nearest):
        nearest = os.path.dirname(nearest)
    owner = _other_owner(nearest) if isinstance(error, PermissionError) else ""
    if not owner:
        return f"{reason(error)}.", ""
    return f"{reason(error)}: {'it' if nearest == path else nearest} belongs to {owner}.", _ownership_remedy(nearest)


def _read_only(path: str, what: str) -> str:
    owner = _other_owner(path)
    return f"{what} is read-only for you: it belongs to {owner}." if owner else f"{what} is read-only for you."


def _other_owner(path: str) -> str:
    """The name of the other user who owns *path*; empty if this user does."""
    try:
        owner = os.stat(path).st_uid
    except OSError:
        return ""
    return "" if os.name != "posix" or owner == os.geteuid() else user_name(owner)


def _ownership_remedy(path: str) -> str:
    """The command that makes *path* writable for this user, with other files there that the same user took over."""
    if not _other_owner(path):
        return f"Make it writable: chmod u+w {shlex.quote(path)}"
    directory = os.path.dirname(path)
    if not _other_owner(os.path.dirname(directory)) and (_other_owner(directory) or _others_in(directory)):
        path = directory
    everything = "-R " if os.path.isdir(path) else ""
    return f'If it is yours, take it back: sudo chown {everything}"$USER" {shlex.quote(path)}'


def _others_in(directory: str) -> bool:
    """Whether other users own several files there."""
    try:
        names = os.listdir(directory)
    except OSError:
        return False
    return sum(bool(_other_owner(os.path.join(directory, name))) for name in names) > 1


def check_space(sizes: Mapping[str, int], own: Mapping[str, int]) -> None:
    """Make sure that so many bytes can be written beside each of these files and in our *own* directories, all at once.

    A directory of our own that cannot be written for another reason than a full disk is skipped.
    Raises WriteProblem.
    """
    with contextlib.ExitStack() as trials:
        for path, size in sizes.items():
            if os.path.isdir(os.path.dirname(path)):
                with as_write_problem(f"{path} cannot be written."):
                    _reserve(sibling_stem(path), size, trials)
        for directory, size in own.items():
            with as_write_problem(f"There is no room for what mfa-tui keeps in {directory}."):
                try:
                    make_own_directory(directory)
                    clear_leftovers(directory)
                    _reserve(os.path.join(directory, "room"), size, trials)
                except OSError as error:
                    if error.errno in _FULL:
                        raise


def _reserve(path: str, size: int, trials: contextlib.ExitStack) -> None:
    """Write *size* bytes to a file that is removed when *trials* is closed."""
    trial = temporary_name(path, ".trial")
    trials.callback(remove_temporary, trial)
    handle = open_new(trial)
    try:
        # Random bytes, which no file system can compress.
        write_all(handle, os.urandom(size))
    finally:
        os.close(handle)


def _not_writable(slug: str, path: str, why: str, remedy: str) -> FileProblem:
    return FileProblem(slug, f"{path} cannot be written.", why, remedy)
