"""Files that need not outlive a power cut: what tests write is not forced to the disk.

A login waits for the disk eight times, a tenth of a second in all, and tests log in a thousand times. What is forced
to the disk, and in which order, is tested by noting the calls (``test_durable``, ``test_power_cut``, ``test_killed``);
processes that start Python do it for real.
"""

import os


def choose() -> None:
    """From now on, for as long as the process runs, ``os.fsync`` fails only for what is not open."""
    os.fsync = _check  # type: ignore[assignment]


def _check(descriptor: int) -> None:
    os.fstat(descriptor)
