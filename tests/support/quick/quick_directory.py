"""Throw-away directories in memory: quick tests make some fifty thousand files, and a disk has to find each a place.

On a disk that takes an eighth of the time of all tests that start processes. ``make test-long`` and the trials at full
length are run on the disk, so that a real file system is under all of them, too. What a power cut would leave is tested
by noting the calls; see :mod:`tests.support.quick.quick_disk`.
"""

import os
import subprocess
import tempfile
from pathlib import Path

_MEMORY = "/dev/shm"  # noqa: S108 - directories of random names are made there, as in /tmp
"""Linux's file system in memory, which everyone may write to, as to ``/tmp``."""
_ENOUGH = 1 << 30
"""Bytes that have to be free there; the tests take about a tenth of it. Containers often have less."""


def choose() -> bool:
    """Make temporary directories in memory from now on, if that is possible and nobody has said where to make them."""
    if "TMPDIR" in os.environ or not _serves():
        return False
    os.environ["TMPDIR"] = _MEMORY
    tempfile.tempdir = None
    return True


def _serves() -> bool:
    """Whether there is room, and what tests write there can be run."""
    try:
        state = os.statvfs(_MEMORY)
    except OSError:
        return False
    closed = state.f_flag & (getattr(os, "ST_NOEXEC", 0) | os.ST_RDONLY)
    return not closed and state.f_bavail * state.f_frsize >= _ENOUGH and os.access(_MEMORY, os.W_OK)


def remove(directory: Path) -> None:
    """Remove what a run has made: memory is scarcer than disk."""
    subprocess.run(["rm", "-rf", str(directory)], check=False)
