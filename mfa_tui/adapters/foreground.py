"""Whether this process is in the foreground of its terminal: the job that keys reach, and that may read them."""

from __future__ import annotations

import os


def in_foreground() -> bool:
    """False without a terminal. Windows knows no background: True there."""
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
