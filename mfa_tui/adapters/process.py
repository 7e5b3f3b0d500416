"""What this process can do so that its memory, which holds secrets, is not written out or looked into."""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4
"""prctl(2), linux/prctl.h."""


def protect_memory() -> None:
    """No core dumps; on Linux, no ptrace by other processes of the user either. What cannot be had is let go.

    Children may raise the limit again, as it is the soft one, and their dumpability returns at execve.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
