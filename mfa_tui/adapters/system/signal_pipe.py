"""A wait that no signal misses.

A handler in Python runs only between system calls. A signal that arrives just before a blocking one does not interrupt
it: the handler would run when that returns, which may be never.
"""

from __future__ import annotations

import contextlib
import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def signal_pipe() -> Iterator[int]:
    """A pipe that becomes readable with each signal that Python handles. In the main thread only."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)
