"""The clocks of a Python process, moved by what a file says; nothing else is imported, since each fork imports this.

The file has three numbers, in seconds: how far the wall clock is moved, how far the monotonic clock is, and how long
processes have waited since AWS's clock was set. Where they wait by ``CancelScope.sleep`` (for a time step, for AWS to
know a key) nobody sleeps: the three numbers grow.
"""

import datetime as dt
import sys
import time
from collections.abc import Iterator

SITE = '''
"""Python imports this at its start, from PYTHONPATH."""
import datetime
import fcntl
import os
import time

_now = time.time
_clock_gettime = time.clock_gettime
_file = os.environ["TEST_OFFSET"]


def _read():
    with open(_file) as file:
        return [float(word) for word in file.read().split()]


def _offset():
    return _read()[0]


class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=_offset())


def _pass(scope, seconds):
    scope.check()
    with open(_file + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        passed = max(0.0, seconds)
        with open(_file + ".new", "w") as new:
            new.write(" ".join(str(each + passed) for each in _read()))
        os.replace(_file + ".new", _file)


time.time = lambda: _now() + _offset()
time.clock_gettime = lambda clock: _clock_gettime(clock) + _read()[1]
datetime.datetime = Moved
try:
    from mfa_tui.adapters.system.cancellation import CancelScope
except ImportError:
    pass
else:
    CancelScope.sleep = _pass
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
