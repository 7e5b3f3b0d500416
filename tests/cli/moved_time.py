"""Time as processes that a test starts see it, moved while they run."""

import os
from pathlib import Path

from mfa_tui.demo.server import StrictAws
from tests.home import Home

_SITE = '''
"""Python imports this at its start, from PYTHONPATH."""
import datetime
import os
import time

_now = time.time


def _offset():
    with open(os.environ["TEST_OFFSET"]) as file:
        return float(file.read())


class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=_offset())


time.time = lambda: _now() + _offset()
datetime.datetime = Moved
'''


class MovedTime:
    """The time of AWS and of every Python in the home. No process waits: the wall clock jumps."""

    def __init__(self, home: Home, aws: StrictAws) -> None:
        self._aws = aws
        self._file = home.path / "offset"
        self._write(0.0)
        site = home.path / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(_SITE)
        home.env["PYTHONPATH"] = os.pathsep.join([str(site), home.env["PYTHONPATH"]])
        home.env["TEST_OFFSET"] = str(self._file)

    def move(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._aws.clock.offset += seconds
        self._write(self._aws.clock.offset)

    def _write(self, offset: float) -> None:
        new = Path(f"{self._file}.new")
        new.write_text(str(offset))
        new.replace(self._file)
