"""A separate process that removes the home of a demo whose parent was killed: ``python cleanup_process.py HOME``.

It reads the child's process id from standard input, and waits there until the parent exits or is killed.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

_TIMEOUT = 5.0
"""Seconds for processes to end by themselves."""
_START = 1.0
"""Seconds in which a command that the killed demo was starting is running in its environment. It has none before."""


def main(home: str) -> None:
    """Wait; then end what still runs in the demo, and remove *home*, if the parent has not."""
    line = sys.stdin.readline()
    # Nothing more is written: end of file means that the parent has exited.
    sys.stdin.read()
    killed = os.path.lexists(home)
    _end(home, {int(line)} if killed and line.strip() else set(), _START if killed else 0)
    for _ in range(10):
        shutil.rmtree(home, ignore_errors=True)
        if not os.path.lexists(home):
            return
        time.sleep(0.1)


def _end(home: str, children: set[int], seconds: float) -> None:
    """End the *children*, whatever else runs in the demo, and what begins to in the next *seconds*."""
    running = children | _running_in(home)
    _signal(running, signal.SIGTERM)
    began = time.monotonic()
    while (running and time.monotonic() < began + _TIMEOUT) or time.monotonic() < began + seconds:
        time.sleep(0.05)
        found = _running_in(home)
        _signal(found - running, signal.SIGTERM)
        running = {process for process in running if _is_alive(process)} | found
    _signal(running, getattr(signal, "SIGKILL", signal.SIGTERM))


def _running_in(home: str) -> set[int]:
    """The processes with the demo's environment, as far as the system tells (Linux)."""
    mark = b"MFA_TUI_DEMO_HOME=" + os.fsencode(home)
    found = set()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{int(name)}/environ", "rb") as environ:
            if mark in environ.read().split(b"\0"):
                found.add(int(name))
    return found - {os.getpid()}


def _signal(processes: set[int], number: int) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, number)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1])
