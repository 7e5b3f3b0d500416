"""A look, every now and then, at whether something outside of the program has changed."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Watch:
    """Looks in a thread of its own, and wakes the event loop only if something has changed.

    A look that blocks, as at a file system that does not answer, holds up nothing but the next look.
    """

    def __init__(self, has_changed: Callable[[], bool], changed: Callable[[], object]) -> None:
        """*has_changed* is the look, in any thread; *changed* is called in the event loop if it says so, or fails.

        What fails should fail again in what *changed* starts, which reports it.
        """
        self._has_changed = has_changed
        self._changed = changed
        self._orders: SimpleQueue[str] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._busy = False

    def look(self) -> None:
        """Look once more, unless the last look is not over, or what it found is not dealt with."""
        if self._busy:
            return
        self._busy = True
        if self._thread is None:
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._run, args=(loop,), name="mfa-tui-watch", daemon=True)
            self._thread.start()
        self._orders.put("look")

    def resume(self) -> None:
        """Say that what was found is dealt with."""
        self._busy = False

    def stop(self) -> None:
        """Look no more."""
        self._busy = True
        self._orders.put("")

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._orders.get():
            try:
                found = self._has_changed()
            except Exception:  # noqa: BLE001 - see __init__
                found = True
            if not found:
                self._busy = False
                continue
            # The loop is closed when the program is ending.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._changed)
