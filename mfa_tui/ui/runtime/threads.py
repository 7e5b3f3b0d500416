"""Blocking work in daemon threads, awaited by the interface.

Textual's own thread workers are not used: the program cannot exit until they return, and a keyring may block as long as
its password window is open.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class Threads:
    """Runs calls in daemon threads, and remembers which of them the exit has to wait for."""

    def __init__(self) -> None:
        self._committing: set[asyncio.Future[object]] = set()
        self._writers: set[threading.Thread] = set()

    async def run(self, work: Callable[[], T], *, commits: bool = False) -> T:
        """Run *work* in a thread; returns its result, and raises what it raises.

        *commits*: it may write files, so :meth:`wait_for_writes` waits for it. If the awaiting task is cancelled, the
        thread goes on, and its result is dropped.
        """
        loop = asyncio.get_running_loop()
        # So that a prompt from the thread knows which worker it belongs to.
        context = contextvars.copy_context()
        future: asyncio.Future[T] = loop.create_future()
        ended: asyncio.Future[object] = loop.create_future()

        def deliver(result: list[T], failure: BaseException | None) -> None:
            if not future.done():
                if failure is None:
                    future.set_result(result[0])
                else:
                    future.set_exception(failure)
            ended.set_result(None)
            self._committing.discard(ended)

        def body() -> None:
            result: list[T] = []
            failure: BaseException | None = None
            try:
                result.append(context.run(work))
            except BaseException as error:  # noqa: BLE001 - raised where it is awaited
                failure = error
            # The loop is closed when the program is ending.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(deliver, result, failure)

        thread = threading.Thread(target=body, name="mfa-tui-work", daemon=True)
        if commits:
            self._committing.add(ended)
            self._writers = {thread, *(writer for writer in self._writers if writer.is_alive())}
        thread.start()
        return await future

    async def wait_for_writes(self, seconds: float) -> None:
        """Wait until nothing that may write files is running, for *seconds* at most."""
        if self._committing:
            await asyncio.wait(tuple(self._committing), timeout=seconds)

    def block_for_writes(self, seconds: float) -> None:
        """As :meth:`wait_for_writes`, in another thread than the event loop's, which may have stopped."""
        end = time.monotonic() + seconds
        for writer in self._writers:
            writer.join(max(0.0, end - time.monotonic()))
