"""``make demo``: make is the parent, and tells its child of SIGTERM only; of others it waits for the child's end."""

import os
import signal
import threading
import time

_LOOK = 0.5
"""Seconds between two looks."""
_MAKES = ("make", "gmake")


def end_with_make() -> None:
    """Have this process told to end once make, if that is the parent, was killed or told to end.

    On a signal that ends it, GNU make (``commands.c``, ``fatal_error_signal``) takes its default action back and waits
    for its children: Linux tells that in /proc/PID/status. Elsewhere only its death is seen.
    """
    parent = os.getppid()
    if os.environ.get("MAKELEVEL") and os.name == "posix":
        threading.Thread(target=_watch, args=(parent,), name="mfa-tui-make", daemon=True).start()


def _watch(parent: int) -> None:
    caught = _caught_by_make(parent)
    while os.getppid() == parent and not caught & ~_caught_by_make(parent):
        time.sleep(_LOOK)
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    os.kill(os.getpid(), signal.SIGTERM if ignored else signal.SIGHUP)


def _caught_by_make(parent: int) -> int:
    """The signals that it has handlers for, a bit each; none if it is no make, or nothing is told of it."""
    try:
        with open(f"/proc/{parent}/status", encoding="utf-8", errors="replace") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        return int(status["SigCgt"], 16) if status["Name"] in _MAKES else 0
    except (OSError, KeyError, ValueError):
        return 0
