"""Time as processes that a test starts see it, moved while they run."""

import os
from pathlib import Path

from mfa_tui.demo.aws.server import StrictAws
from tests.support import moved_clocks
from tests.support.home import Home


class MovedTime:
    """The time of AWS and of every Python in the home. No process waits: the clocks jump, as in suspend."""

    def __init__(self, home: Home, aws: StrictAws) -> None:
        self._aws = aws
        self._file = home.path / "offset"
        self._write(0.0)
        site = home.path / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(moved_clocks.SITE)
        home.env["PYTHONPATH"] = os.pathsep.join([str(site), home.env["PYTHONPATH"]])
        home.env["TEST_OFFSET"] = str(self._file)
        home.forked_path = home.env["PYTHONPATH"]
        home.forked_with = (moved_clocks.__name__, {})

    def move(self, seconds: float, *, clock: float = 0.0) -> None:
        """Let so many seconds pass at once; the machine's clock is then *clock* seconds ahead of AWS's."""
        self._aws.clock.offset += seconds
        self.set_clock(clock)

    def set_clock(self, seconds: float) -> None:
        """Set the machine's clock so far ahead of AWS's (negative: behind), which stays as it is."""
        self._write(self._aws.clock.offset + seconds)

    def _write(self, offset: float) -> None:
        new = Path(f"{self._file}.new")
        new.write_text(f"{offset} {self._aws.clock.offset}")
        new.replace(self._file)
