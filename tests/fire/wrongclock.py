"""A forked mfa-tui whose machine has other clocks; see ``ForkServer.run``."""

import time
from collections.abc import Iterator


def around(*, wall: float, since_boot: float) -> Iterator[None]:
    """The wall clock is so many seconds ahead of the real one, the clocks that only grow so many of theirs."""
    real_time, real_gettime = time.time, time.clock_gettime
    time.time = lambda: real_time() + wall
    time.clock_gettime = lambda clock: real_gettime(clock) + since_boot
    yield
