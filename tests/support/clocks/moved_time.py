"""Time as processes that a test starts see it, moved while they run."""

import os
from pathlib import Path

from mfa_tui.demo.aws.protocol.clock import ServerClock
from mfa_tui.demo.aws.server import StrictAws
from tests.support.clocks import moved_clocks
from tests.support.homes.home import Home


class FollowingClock(ServerClock):
    """AWS's clock in tests: it moves forward with the waits of the processes in a home that has :class:`MovedTime`."""

    def __init__(self) -> None:
        self._set = 0.0
        self._file: Path | None = None
        super().__init__()

    def follow(self, file: Path | None) -> None:
        """From now on, add what processes have waited according to *file* (see ``moved_clocks``); None: nothing."""
        self._file = file

    @property
    def offset(self) -> float:
        """Seconds that the server is ahead of this machine."""
        return self._set + (0.0 if self._file is None else _numbers(self._file)[2])

    @offset.setter
    def offset(self, seconds: float) -> None:
        self._set = seconds
        if self._file is not None:
            _write(self._file, *_numbers(self._file)[:2], 0.0)


class MovedTime:
    """The time of AWS and of every Python in the home.

    No process waits for a time step or for AWS to know a key: the clocks jump, as in suspend.
    """

    def __init__(self, home: Home, aws: StrictAws) -> None:
        self._aws = aws
        self._file = home.path / "offset"
        _write(self._file, 0.0, aws.clock.offset, 0.0)
        assert isinstance(aws.clock, FollowingClock)
        aws.clock.follow(self._file)
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
        offset, passed = self._aws.clock.offset, _numbers(self._file)[2]
        _write(self._file, offset + seconds, offset, passed)


def _numbers(file: Path) -> list[float]:
    return [float(word) for word in file.read_text().split()]


def _write(file: Path, *numbers: float) -> None:
    new = Path(f"{file}.new")
    new.write_text(" ".join(map(str, numbers)))
    new.replace(file)
