"""Work that a test leaves to threads. It asks the environment of the process, which soon is the next test's."""

import sys
import threading
import time
import traceback

from tests.support.runner.timeouts import scaled

_NAMES = ("mfa-tui-work", "mfa-tui-renewal")
"""The threads of the program that may call AWS."""
_LONGEST = 20.0
"""Seconds that their end may take, on an idle machine."""


def wait_for_work() -> None:
    """Wait until all that was begun has ended. Raises AssertionError, which says where it stands."""
    working = [thread for thread in threading.enumerate() if thread.name in _NAMES]
    end = time.monotonic() + (scaled(_LONGEST) if working else 0)
    for thread in working:
        thread.join(max(0.0, end - time.monotonic()))
    frames = sys._current_frames()
    left = [frames[thread.ident] for thread in working if thread.is_alive() and thread.ident in frames]
    assert not left, "It goes on working:\n" + "\n".join("".join(traceback.format_stack(frame)) for frame in left)
