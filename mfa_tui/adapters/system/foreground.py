"""Whether this process is in the foreground of its terminal, where keys reach it and it may read them."""

from __future__ import annotations

import os


def in_foreground() -> bool:
    """Whether this process is in the foreground. False without a terminal; True on Windows, which has no background."""
    if os.name != "posix":
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def receives_key_signals() -> bool:
    """Whether Ctrl+C on the terminal is a signal to this process, and to its children in the same job."""
    if os.name != "posix" or not in_foreground():
        return os.name != "posix"
    import termios

    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return bool(termios.tcgetattr(terminal)[3] & termios.ISIG)
    except termios.error:
        return False
    finally:
        os.close(terminal)
