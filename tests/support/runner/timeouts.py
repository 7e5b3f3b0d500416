"""Time limits that grow with what the machine is slow by: a limit says that something hangs, not that it is slow."""

import functools
import os
import subprocess
import sys
import time

_USUAL_START = 0.03
"""Seconds that ``python -c pass`` takes on a machine that has nothing else to do."""


def scaled(seconds: float) -> float:
    """The limit that is *seconds* on an idle machine of usual speed; longer on a slow one and on a busy one."""
    return seconds * max(1.0, _slowness(), _load())


@functools.cache
def _slowness() -> float:
    """How often the usual time Python takes to start here: the best of three starts."""
    best = float("inf")
    for _ in range(3):
        start = time.monotonic()
        subprocess.run([sys.executable, "-I", "-S", "-c", "pass"], check=True)
        best = min(best, time.monotonic() - start)
    return best / _USUAL_START


def _load() -> float:
    """How many processes want each processor."""
    return os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1.0
