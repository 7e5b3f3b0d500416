"""Temporary files: their names tell who is at work on them, so that those of killed processes can be cleared away."""

from __future__ import annotations

import os
import time

_OLD = 60.0
"""Seconds after which a temporary file is one that a killed process left, whatever process has its number now."""
_ENDINGS = (".tmp", ".trial")
_RANDOM = 8
"""Random bytes in a name."""
_DIGITS = 10
"""The number of a process has no more."""
SIBLING_MARK = ".mfa-tui."
"""In the names of those beside the AWS files."""
in_progress: set[str] = set()
"""Names of the temporary files that this process is writing."""
_FEW = 10
"""So many times a directory is looked through whenever this process has written there; then once a minute."""
_cleared: dict[str, tuple[int, float]] = {}
"""How often each directory was looked through, and when last, on the monotonic clock."""


def is_temporary(name: str) -> bool:
    """Whether a file of that name is one that a process is at work on, or has left behind when it was killed."""
    return name.endswith(_ENDINGS)


def sibling_stem(path: str) -> str:
    """What the names of our files beside the user's file *path* begin with."""
    directory, name = os.path.split(path)
    return os.path.join(directory, f".{name}{SIBLING_MARK}").removesuffix(".")


def temporary_name(path: str, ending: str = ".tmp") -> str:
    """A name beside *path* that nobody can foresee. Until :func:`discard`, this process is at work on that file."""
    name = f"{path}.{os.getpid()}-{os.urandom(_RANDOM).hex()}{ending}"
    in_progress.add(os.path.basename(name))
    return name


def remove_temporary(name: str, place: int | None = None) -> None:
    """Nobody is at work on a temporary file any more: remove it, if it is there and can be removed.

    *place* is its directory, if that is open.
    """
    in_progress.discard(os.path.basename(name))
    try:
        os.unlink(name if place is None else os.path.basename(name), dir_fd=place)
    except OSError:
        return


def clear_leftovers(directory: str | int, *, containing: str = "", ours: str = "") -> None:
    """Delete the temporary files (those with *containing* in their names) of processes that are gone.

    *directory* may be open. A process of that number that is alive on this machine may be the one at work; after a
    minute it no longer is. Of names that start with *ours*, all go: the caller holds the lock that their writers held.
    It raises nothing.
    """
    try:
        with os.scandir(directory) as entries:
            left = [entry for entry in entries if containing in entry.name and is_temporary(entry.name)]
    except OSError:
        return
    # By the machine's clock, as the file system has it.
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
    """:func:`clear_leftovers`, but not each time for who writes a thousand files.

    *place* is the directory, open, where it can be.
    """
    now = time.monotonic()
    times, last = _cleared.get(directory, (0, now))
    if times < _FEW or now - last > _OLD:
        _cleared[directory] = (times + 1, now)
        clear_leftovers(directory if place is None else place)


def _is_left(name: str, age: float) -> bool:
    """Whether the process that was at work on a temporary file is gone; *age* is the file's, in seconds."""
    if name in in_progress:
        return False
    if age > _OLD:
        return True
    number, dash, random = name.rsplit(".", 2)[-2].partition("-")
    if not dash or not number.isdecimal() or len(number) > _DIGITS or len(random) != 2 * _RANDOM:
        return False
    return int(number) == os.getpid() or is_process_gone(number)


def is_process_gone(process: str) -> bool:
    """Whether no process on this machine has the number *process*, as far as the system tells."""
    if os.name != "posix":
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return True
    except OSError:
        # Another user's.
        return False
    return False
