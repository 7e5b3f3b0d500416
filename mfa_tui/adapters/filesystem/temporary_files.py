"""Temporary files. Their names tell which process writes them, so that those of killed processes can be deleted."""

from __future__ import annotations

import os
import time

_OLD = 60.0
"""Seconds after which a temporary file counts as left by a killed process, even if its process id is in use."""
_ENDINGS = (".tmp", ".trial")
_RANDOM = 8
"""How many random bytes a name has."""
_DIGITS = 10
"""The most digits of a process id."""
SIBLING_MARK = ".mfa-tui."
"""Part of the names of temporary files beside the AWS files."""
in_progress: set[str] = set()
"""Names of the temporary files that this process is writing."""
_FEW = 10
"""A directory is searched after each of this process's first so many writes there; then once a minute."""
_cleared: dict[str, tuple[int, float]] = {}
"""How often each directory was searched, and when last, on the monotonic clock."""


def is_temporary(name: str) -> bool:
    """Whether that is the name of a temporary file, which a process writes, or left when it was killed."""
    return name.endswith(_ENDINGS)


def sibling_stem(path: str) -> str:
    """The beginning of the names of our files beside the user's file *path*."""
    directory, name = os.path.split(path)
    return os.path.join(directory, f".{name}{SIBLING_MARK}").removesuffix(".")


def temporary_name(path: str, ending: str = ".tmp") -> str:
    """An unpredictable name beside *path*. The file counts as ours until :func:`remove_temporary`."""
    name = f"{path}.{os.getpid()}-{os.urandom(_RANDOM).hex()}{ending}"
    in_progress.add(os.path.basename(name))
    return name


def remove_temporary(name: str, place: int | None = None) -> None:
    """Remove a temporary file of ours, if it exists and can be removed.

    *place* is its directory, if that is open.
    """
    in_progress.discard(os.path.basename(name))
    try:
        os.unlink(name if place is None else os.path.basename(name), dir_fd=place)
    except OSError:
        return


def clear_leftovers(directory: str | int, *, containing: str = "", ours: str = "") -> None:
    """Delete the temporary files of processes that are gone, of those with *containing* in their names.

    *directory* may be a file descriptor. While a process with the id in the name is alive, the file may be in use, but
    not after a minute. Files whose names start with *ours* are always deleted: the caller holds the lock that their
    writers held. Raises nothing.
    """
    try:
        with os.scandir(directory) as entries:
            left = [entry for entry in entries if containing in entry.name and is_temporary(entry.name)]
    except OSError:
        return
    # By this machine's clock, which the file system uses.
    now = time.time()
    place = directory if isinstance(directory, int) else None
    for entry in left:
        try:
            gone = ours and entry.name.startswith(ours) and entry.name.endswith(".tmp")
            if gone or _is_left(entry.name, now - entry.stat(follow_symlinks=False).st_mtime):
                os.unlink(entry.name if place is not None else entry.path, dir_fd=place)
        except OSError:
            continue


def clear_now_and_then(directory: str, place: int | None = None) -> None:
    """Call :func:`clear_leftovers`, but not after each of a thousand writes.

    *place* is the open directory, where the system supports that.
    """
    now = time.monotonic()
    times, last = _cleared.get(directory, (0, now))
    if times < _FEW or now - last > _OLD:
        _cleared[directory] = (times + 1, now)
        clear_leftovers(directory if place is None else place)


def _is_left(name: str, age: float) -> bool:
    """Whether the process that wrote a temporary file is gone; *age* is the file's, in seconds."""
    if name in in_progress:
        return False
    if age > _OLD:
        return True
    number, dash, random = name.rsplit(".", 2)[-2].partition("-")
    if not dash or not number.isdecimal() or len(number) > _DIGITS or len(random) != 2 * _RANDOM:
        return False
    return int(number) == os.getpid() or is_process_gone(number)


def is_process_gone(process: str) -> bool:
    """Whether no process on this machine has the id *process*, as far as the system says."""
    if os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return True
    except OSError:
        # It is another user's.
        return False
    return False
