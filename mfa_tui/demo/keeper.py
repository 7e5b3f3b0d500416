"""A process of its own that clears up after a demo whose parent was killed: ``python keeper.py HOME``.

It reads the child's process id from standard input, and waits there for the parent's end, orderly or not.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

_PATIENCE = 5.0
"""Seconds for the child to end by itself."""


def main(home: str) -> None:
    """Wait; then end the child and remove *home*, if the parent has not."""
    line = sys.stdin.readline()
    # Nothing more comes: this is the parent's end.
    sys.stdin.read()
    if not os.path.lexists(home):
        return
    if line.strip():
        _end(int(line))
    for _ in range(10):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return
        time.sleep(0.1)


def _end(child: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            time.sleep(0.05)
            os.kill(child, 0)
        os.kill(child, getattr(signal, "SIGKILL", signal.SIGTERM))


if __name__ == "__main__":
    main(sys.argv[1])
