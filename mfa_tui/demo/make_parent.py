"""Ending the demo with ``make demo``: make passes only SIGTERM on, and waits for its child on other signals."""

import os
import signal
import threading
import time

_LOOK = 0.5
"""Seconds between two checks."""
_MAKES = ("make", "gmake")


def end_with_make() -> None:
    """Signal this process to end once make, if that is the parent, is killed or asked to end.

    On a signal that ends it, GNU make (``commands.c``, ``fatal_error_signal``) restores the default action and waits
    for its children. Linux shows that in /proc/PID/status; elsewhere only make's death is noticed.
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
    """The signals that *parent* has handlers for, one bit each; 0 if it is not make, or nothing is known of it."""
    try:
        with open(f"/proc/{parent}/status", encoding="utf-8", errors="replace") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        return int(status["SigCgt"], 16) if status["Name"] in _MAKES else 0
    except (OSError, KeyError, ValueError):
        return 0
