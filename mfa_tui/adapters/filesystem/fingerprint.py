"""Whether the AWS files and the settings are still those that something was worked out from, told by their metadata."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths

_TICK, _COARSE_TICK = 0.05, 2.0
"""Longer than the times of files stand still, in seconds: in memory and on most disks; on FAT and old network drives,
which know no fractions of a second."""


def fingerprint(paths: Paths) -> str:
    """Changes whenever one of the AWS files or the settings does, in one line (but see :func:`settled`)."""
    return "\t".join(_stamp(path) for path in _files(paths))


def is_settled(paths: Paths, now: float) -> bool:
    """Whether the next change of any of these files will show in the fingerprint, at *now* by this machine's clock.

    Two changes within one tick of the file system's clock leave the same times behind.
    """
    return all(_is_settled(path, now) for path in _files(paths))


def _is_settled(path: str, now: float) -> bool:
    try:
        info = os.stat(path)
    except OSError:
        return True
    for time in (info.st_mtime_ns, info.st_ctime_ns):
        tick = _TICK if time % 1_000_000_000 else _COARSE_TICK
        if abs(now - time / 1e9) <= tick:
            return False
    return True


def _files(paths: Paths) -> tuple[str, str, str]:
    return paths.config, paths.credentials, paths.settings


def _stamp(path: str) -> str:
    try:
        info = os.stat(path)
    except OSError:
        return f"{path} -"
    # The time of the last change of any kind (ctime) tells a file that was moved away and back, or whose time was set.
    return f"{path} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_size} {info.st_ino}"
