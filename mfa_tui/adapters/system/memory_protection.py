"""What this process can do so that its memory, which holds secrets, is not written out or looked into."""

from __future__ import annotations

import sys

_PR_SET_DUMPABLE = 4
"""prctl(2), linux/prctl.h."""

_found: list[int] = []
"""The soft limit on core dumps, in bytes, as it was before it was first lowered; empty until then."""


def limit_core_dumps() -> None:
    """No core dumps of this process and of helpers that it starts; other programs: see :class:`OriginalCoreLimit`."""
    if sys.platform == "win32":
        return
    import resource

    try:
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    except (ValueError, OSError):
        return
    if not _found:
        _found.append(soft)


def protect_memory() -> None:
    """No core dumps; on Linux, no ptrace by other processes of the user either. What the system refuses is let go.

    Dumpability returns at execve.
    """
    limit_core_dumps()
    if sys.platform == "linux":
        import contextlib
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


class OriginalCoreLimit:
    """While another program is started: the limit as it was before :func:`limit_core_dumps`, which is ours only."""

    def __enter__(self) -> None:
        """Put it back."""
        if _found:
            _limit_cores(_found[0])

    def __exit__(self, *_: object) -> None:
        """Lower it again."""
        if _found:
            _limit_cores(0)


def _limit_cores(soft: int) -> None:
    if sys.platform != "win32":
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_CORE, (soft, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        except (ValueError, OSError):
            return
