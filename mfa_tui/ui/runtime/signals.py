"""Being ended or stopped from outside, which must not leave the terminal in the interface's hands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.driver import Driver

HUNG_UP = 129
"""The exit status where the terminal has gone: 128 + SIGHUP, as a shell would say it."""
_LOOK = 0.5
"""Seconds between two looks whether the terminal is there."""
_INPUT = 0
_SCREEN = 2
_GIVE_BACK = b"\033[?1049l\033[?25h\033[?1000l\033[?1003l\033[?1006l\033[?2004l\033[?7h"
"""Leaves the alternate screen, shows the cursor, no mouse, no bracketed paste, lines are wrapped (xterm)."""


def on_signals(end: Callable[[int], None]) -> None:
    """Have *end* called with the exit status when this process is asked to end; call it in the running loop."""
    if sys.platform == "win32":
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        # What is ignored stays so (nohup).
        if signal.getsignal(number) is not signal.SIG_IGN:
            # Only the main thread may have handlers; tests may run the interface in another.
            with contextlib.suppress(RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, end, 128 + number)


def on_stop(driver: Driver, repaint: Callable[[], object]) -> None:
    """Give the terminal back while this process is stopped, and take it again; call it in the running loop.

    Textual's own driver for the whole terminal does so in the handler itself, wherever the program is; that for the
    picker does not.
    """
    if sys.platform == "win32" or driver.is_headless:
        return

    def stop() -> None:
        driver.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        # In the background it must not draw: it waits to be in front.
        while _is_in_background():
            os.kill(os.getpid(), signal.SIGSTOP)
        driver.resume_application_mode()
        repaint()

    with contextlib.suppress(RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, stop)
        # After SIGSTOP, which nothing can be done before, others may have drawn here.
        asyncio.get_running_loop().add_signal_handler(signal.SIGCONT, repaint)


def watch_terminal(lost: Callable[[], None]) -> None:
    """Have *lost* called, in a thread, once the terminal has gone without a signal that said so, or one was ignored.

    Textual would go on, reading ends of file without a pause, or wait for its last picture to be written.
    """
    if sys.platform == "win32" or not _is_there():
        return

    def watch() -> None:
        while _is_there():
            time.sleep(_LOOK)
        lost()

    threading.Thread(target=watch, name="mfa-tui-terminal", daemon=True).start()


@contextlib.contextmanager
def terminal_as_found() -> Iterator[None]:
    """Whatever happens to the interface, the terminal is as it was before."""
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


def _is_in_background() -> bool:
    if sys.platform == "win32":
        return False
    try:
        return os.tcgetpgrp(_INPUT) != os.getpgrp()
    except OSError:
        # It is not the one that controls this process: nobody stops it there.
        return False


def _is_there() -> bool:
    if sys.platform == "win32":
        return True
    import termios

    try:
        termios.tcgetattr(_INPUT)
    except termios.error:
        return False
    return True
