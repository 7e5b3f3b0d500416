"""Runs mfa-tui with a heartbeat in its event loop: ``python heartbeat.py FILE``.

Writes a line to FILE for each time that the loop did not answer for more than 5 ms: when that began, by the machine's
monotonic clock, and how many seconds it took.
"""

import asyncio
import sys
import time

INTERVAL = 0.001
WORTH_NOTING = 0.005


class Heartbeat(asyncio.DefaultEventLoopPolicy):
    """Gives event loops that beat."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._file = open(path, "w", buffering=1, encoding="ascii")  # noqa: SIM115 - open until the end
        self._last = 0.0

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop that beats from its start on."""
        loop = super().new_event_loop()
        self._last = time.monotonic()
        loop.call_soon(self._beat, loop)
        return loop

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        if now - self._last > WORTH_NOTING:
            self._file.write(f"{self._last} {now - self._last}\n")
        self._last = now
        loop.call_later(INTERVAL, self._beat, loop)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(Heartbeat(sys.argv[1]))
    sys.argv = ["mfa-tui"]
    from mfa_tui import main

    sys.exit(main())
