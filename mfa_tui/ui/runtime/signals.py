"""Signals, and the loss of the terminal: however the program is stopped, it must give the terminal back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.streams import discard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.driver import Driver

TYPED = ("SIGINT", "SIGQUIT")
"""Signals that a terminal sends for keys: Ctrl+C, and Ctrl with a backslash."""
HUNG_UP = 129
"""The exit status when the terminal is gone: 128 + SIGHUP, as a shell reports it."""
_INTERVAL, _LONG_INTERVAL = 0.5, 30.0
"""Seconds between two checks whether the terminal is there, and where the system says at once that it is gone."""
_INPUT = 0
_SCREEN = 2
_GIVE_BACK = b"\033[?1049l\033[?25h\033[?1000l\033[?1003l\033[?1006l\033[?2004l\033[?7h"
"""Leaves the alternate screen, shows the cursor, turns mouse and bracketed paste off and line wrapping on (xterm)."""


def on_signals(end: Callable[[signal.Signals], None]) -> None:
    """Call *end* with the signal when one asks this process to end. Call this in the running event loop."""
    if sys.platform == "win32":
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        # Ignored signals stay ignored (nohup).
        if signal.getsignal(number) is not signal.SIG_IGN:
            # Only the main thread may have handlers; tests may run the interface in another.
            with contextlib.suppress(RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, end, number)


def on_stop(driver: Driver, repaint: Callable[[], object], is_lent: Callable[[], bool]) -> None:
    """Give the terminal back while this process is stopped, and take it again. Call this in the running event loop.

    While the terminal *is_lent* to another program, there is nothing to give back.
    """
    if sys.platform == "win32":
        return

    def stop() -> None:
        if is_lent():
            # Ctrl+Z, too, before the other program is in the foreground.
            _stop_unless_orphaned()
            return
        driver.suspend_application_mode()
        _stop_unless_orphaned()
        _wait_for_foreground()
        driver.resume_application_mode()
        repaint()

    with contextlib.suppress(RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, stop)
        # SIGSTOP cannot be handled, and other programs may have drawn here since.
        asyncio.get_running_loop().add_signal_handler(signal.SIGCONT, repaint)


def stop_as_shell_expects() -> None:
    """Stop this process as Ctrl+Z does, and return when it is in the foreground again. Call this in the event loop.

    It has given the terminal back. Where no shell could continue it, it does not stop: the system sees to that.
    """
    if sys.platform == "win32":
        return
    _stop_unless_orphaned(all_of_job=True)
    _wait_for_foreground()


def stop_by_key(driver: Driver, repaint: Callable[[], object]) -> None:
    """Stop this process with all of its job, as Ctrl+Z does where the terminal sees to it. Call this in the event loop.

    The terminal is given back meanwhile.
    """
    if sys.platform == "win32" or driver.is_headless:
        return
    driver.suspend_application_mode()
    stop_as_shell_expects()
    driver.resume_application_mode()
    repaint()


def watch_terminal(lost: Callable[[], None]) -> None:
    """Call *lost*, in a thread, when the terminal is gone without a signal, or with an ignored one.

    Textual would go on and read ends of file without a pause, or wait for its last frame to be written. There was a
    terminal when the program started: if it is gone already, *lost* is called at once.
    """
    if sys.platform == "win32":
        return

    def watch() -> None:
        while _is_there():
            _wait_for_hang_up()
        lost()

    threading.Thread(target=watch, name="mfa-tui-terminal", daemon=True).start()


@contextlib.contextmanager
def restored_terminal() -> Iterator[None]:
    """Restore the terminal's settings at the end, whatever happens to the interface."""
    if sys.platform == "win32" or not _is_there():
        yield
        return
    import termios

    before = termios.tcgetattr(_INPUT)
    try:
        yield
    finally:
        with contextlib.suppress(OSError, termios.error):
            if termios.tcgetattr(_INPUT) != before and not _is_in_background():
                termios.tcsetattr(_INPUT, termios.TCSAFLUSH, before)
                os.write(_SCREEN, _GIVE_BACK)
        if not _is_there():
            for stream in (sys.stdout, sys.stderr):
                discard(stream)


def _stop_unless_orphaned(*, all_of_job: bool = False) -> None:
    """Stop by what SIGTSTP does by itself: nothing in a process group that no shell could continue (POSIX: orphaned).

    SIGSTOP would stop the process there, too, for ever.
    """
    if sys.platform != "win32":
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            if all_of_job:
                os.killpg(os.getpgrp(), signal.SIGTSTP)
            else:
                # To this thread, so that it has stopped when this returns.
                signal.raise_signal(signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, ours)


def _wait_for_foreground() -> None:
    """Stop until this process is in the foreground: it must not draw in the background."""
    if sys.platform != "win32":
        while _is_in_background():
            os.kill(os.getpid(), signal.SIGSTOP)


def _is_in_background() -> bool:
    if sys.platform == "win32":
        return False
    try:
        return os.tcgetpgrp(_INPUT) != os.getpgrp()
    except OSError:
        # It is not the controlling terminal, so nothing stops this process there.
        return False


def _wait_for_hang_up() -> None:
    """Wait until the terminal is gone, or it is time to check."""
    # Elsewhere a terminal cannot be polled.
    if sys.platform == "linux":
        hang_up = select.poll()
        hang_up.register(_INPUT, 0)
        if not hang_up.poll(_LONG_INTERVAL * 1000):
            return
    time.sleep(_INTERVAL)


def _is_there() -> bool:
    if sys.platform == "win32":
        return True
    import termios

    try:
        termios.tcgetattr(_INPUT)
    except termios.error:
        return False
    return True
