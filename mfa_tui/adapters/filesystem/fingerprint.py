"""A fingerprint of the AWS files and the settings, from their metadata: it shows whether they have changed."""

from __future__ import annotations

import os

from mfa_tui import stamps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths

_TICK, _COARSE_TICK = 0.05, 2.0
"""Longer than a tick of file times, in seconds: in memory and on most disks; on FAT and old network drives, whose times
have no fractions of a second."""


def fingerprint(paths: Paths, *others: str) -> str:
    """A line that changes whenever one of the AWS files, the settings or *others* does."""
    return stamps(*paths.files, *others)


def is_settled(paths: Paths, now: float, *others: str) -> bool:
    """Whether the next change of these files will change the fingerprint, at *now* by this machine's clock.

    Two changes within one tick of the file system's clock leave the same times.
    """
    return all(_is_settled(path, now) for path in (*paths.files, *others))


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
