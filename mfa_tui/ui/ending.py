"""Being ended from outside, which must not leave the terminal in the interface's hands."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def on_signals(end: Callable[[int], None]) -> None:
    """Have *end* called with the exit status when this process is asked to end; call it in the running loop."""
    if sys.platform == "win32":
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Only the main thread may have handlers; tests may run the interface in another.
        with contextlib.suppress(RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(number, end, 128 + number)
