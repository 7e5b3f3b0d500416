"""The clocks of a Python process, moved by what a file says; nothing else is imported, since each fork imports this."""

import datetime as dt
import sys
import time
from collections.abc import Iterator

SITE = '''
"""Python imports this at its start, from PYTHONPATH."""
import datetime
import os
import time

_now = time.time
_clock_gettime = time.clock_gettime


def _read():
    with open(os.environ["TEST_OFFSET"]) as file:
        return [float(word) for word in file.read().split()]


def _offset():
    return _read()[0]


class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=_offset())


time.time = lambda: _now() + _offset()
time.clock_gettime = lambda clock: _clock_gettime(clock) + _read()[1]
datetime.datetime = Moved
'''


def around() -> Iterator[None]:
    """In a fork: what Python imports at its start, also where modules have taken the clocks by name already."""
    real = {"datetime": dt.datetime, "time": time.time, "clock_gettime": time.clock_gettime}
    exec(SITE, {})  # noqa: S102 - our own text, which other processes import
    moved = {"datetime": dt.datetime, "time": time.time, "clock_gettime": time.clock_gettime}
    for module in list(sys.modules.values()):
        for name, value in real.items():
            if getattr(module, "__dict__", {}).get(name) is value:
                setattr(module, name, moved[name])
    yield
