"""Two names that change places at one stroke, so that nothing another program put there meanwhile is lost (Linux)."""

from __future__ import annotations

import errno
import os
import sys

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_NOT_HERE = {errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP}
"""What renameat2(2) answers where the kernel, the file system or a sandbox does not have it."""


def exchange(source: str, target: str) -> bool:
    """Give *source* and *target* each other's names; False, and nothing done, where that cannot be done.

    Raises OSError: FileNotFoundError if one of them is gone.
    """
    return _rename(source, target, _RENAME_EXCHANGE)


def rename_if_free(source: str, target: str) -> bool:
    """Rename *source*; False, and nothing done, where that cannot be done without replacing *target*.

    Raises OSError: FileExistsError if *target* is there by now.
    """
    return _rename(source, target, _RENAME_NOREPLACE)


def _rename(source: str, target: str, flags: int) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), target)
