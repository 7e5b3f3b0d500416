"""Temporary files: their names tell who is at work on them, so that those of killed processes can be cleared away."""

from __future__ import annotations

import os
import time

_OLD = 60.0
"""Seconds after which a temporary file is one that a killed process left, whatever process has its number now."""
_ENDINGS = (".tmp", ".trial")
_RANDOM = 8
"""Random bytes in a name."""
under_way: set[str] = set()
"""Names of the temporary files that this process is writing."""
_cleared: dict[str, float] = {}
"""When each directory was last cleared, on the monotonic clock."""


def is_temporary(name: str) -> bool:
    """Whether a file of that name is one that a process is at work on, or has left behind when it was killed."""
    return name.endswith(_ENDINGS)


def temporary_name(path: str, ending: str = ".tmp") -> str:
    """A name beside *path* that nobody can foresee; it tells which process is at work on it."""
    return f"{path}.{os.getpid()}-{os.urandom(_RANDOM).hex()}{ending}"


def clear_leftovers(directory: str, starting: str = "") -> None:
    """Delete the temporary files (of names *starting* so) of processes that are gone. It raises nothing.

    A process of that number that is alive on this machine may be the one at work; after a minute it no longer is.
    """
    try:
        with os.scandir(directory) as entries:
            left = [entry for entry in entries if entry.name.startswith(starting) and is_temporary(entry.name)]
    except OSError:
        return
    # By the machine's clock, as the file system has it.
    now = time.time()
    for entry in left:
        try:
            if _is_left(entry.name, now - entry.stat(follow_symlinks=False).st_mtime):
                os.unlink(entry.path)
        except OSError:
            continue


def clear_now_and_then(directory: str) -> None:
    """:func:`clear_leftovers`, unless it was done a moment ago: who writes a thousand files looks through them once."""
    now = time.monotonic()
    if now - _cleared.get(directory, now - 2 * _OLD) > _OLD:
        _cleared[directory] = now
        clear_leftovers(directory)


def _is_left(name: str, age: float) -> bool:
    """Whether the process that was at work on a temporary file is gone; *age* is the file's, in seconds."""
    if name in under_way:
        return False
    if age > _OLD:
        return True
    number, dash, random = name.rsplit(".", 2)[-2].partition("-")
    if not dash or not number.isdecimal() or len(random) != 2 * _RANDOM:
        return False
    if int(number) == os.getpid():
        return True
    if os.name != "posix":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
