"""AWS's time across processes: kept until the machine starts again or its clock is set."""

import pytest

import mfa_tui
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.clock import Clock
from tests.support.homes.home import Home

HOUR = 3600.0


class Machine:
    """A machine whose clocks are moved by hand; each :meth:`clock` is that of a new process."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self._paths = Paths(home.env)
        self.wall, self.since_boot = 1_800_000_000.0, 5000.0
        self.boot = home.path / "boot_id"
        self.boot.write_text("one\n")
        monkeypatch.setattr(mfa_tui, "_BOOT_ID", str(self.boot))
        monkeypatch.setattr(Clock, "now", lambda _: self.wall)
        monkeypatch.setattr(Clock, "monotonic", lambda _: self.since_boot)

    def clock(self) -> Clock:
        clock = Clock()
        clock.persist_in(self._paths)
        return clock

    def learn(self, offset: float) -> None:
        """An answer of AWS, whose clock is *offset* seconds ahead of this machine's."""
        self.clock().learn(self.wall + offset, 0.1)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.since_boot += seconds


@pytest.fixture
def machine(home: Home, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(home, monkeypatch)


@pytest.mark.parametrize("offset", [0.0, 1.0, 45.0, 12 * HOUR, -24 * HOUR])
def test_offset_is_kept_for_the_next_process(machine: Machine, offset: float) -> None:
    assert machine.clock().offset is None
    machine.learn(offset)
    # Suspended or not: the clock that is compared goes on.
    machine.passes(8 * HOUR)
    clock = machine.clock()
    assert clock.offset == pytest.approx(offset, abs=1 if offset > 2 else 2)
    assert clock.aws_now() == pytest.approx(machine.wall + offset, abs=2)
    assert clock.earliest_aws_time() == pytest.approx(clock.aws_now())


def test_an_offset_that_another_user_may_have_put_there_does_not_count(machine: Machine, home: Home) -> None:
    machine.learn(12 * HOUR)
    (home.path / ".cache/mfa-tui").chmod(0o777)
    assert machine.clock().offset is None


@pytest.mark.parametrize("offset", [0.0, 12 * HOUR])
def test_offset_ends_when_the_machine_starts_again(machine: Machine, offset: float) -> None:
    machine.learn(offset)
    machine.boot.write_text("two\n")
    assert (machine.clock().offset, machine.clock().was_set) == (None, False)
    assert machine.clock().aws_now() == machine.wall
    # What nothing vouches for may be wrong by a day.
    assert machine.clock().earliest_aws_time() == machine.wall - 24 * HOUR


def test_offset_ends_when_the_clock_is_set(machine: Machine) -> None:
    machine.learn(-12 * HOUR)
    aws = machine.wall - 12 * HOUR
    machine.wall -= 12 * HOUR
    assert (machine.clock().offset, machine.clock().was_set) == (None, True)
    assert machine.clock().aws_now() == pytest.approx(aws, abs=1)
    # A clock that is set ahead may be right: a virtual machine that was paused has lost time.
    machine.wall += 6 * HOUR
    assert machine.clock().aws_now() == machine.wall
    assert machine.clock().earliest_aws_time() == pytest.approx(aws, abs=1)
    # One that is set back cannot be.
    machine.wall -= 30 * HOUR
    assert machine.clock().aws_now() == pytest.approx(aws, abs=1)
    machine.learn(24 * HOUR)
    assert machine.clock().offset == pytest.approx(24 * HOUR, abs=1)


@pytest.mark.parametrize("content", ["", "one\n", "one\nx\ny\n", "one\n1.0\n2.0\n3.0\n", "\x00\ufffd"])
def test_what_is_damaged_is_not_believed(home: Home, machine: Machine, content: str) -> None:
    machine.learn(12 * HOUR)
    (home.path / ".cache/mfa-tui/clock").write_text(content)
    assert machine.clock().offset is None


def test_where_nothing_can_be_kept_the_process_itself_knows(home: Home, machine: Machine) -> None:
    (home.path / ".cache").write_text("in the way")
    clock = machine.clock()
    clock.learn(machine.wall + HOUR, 0.1)
    assert clock.offset == pytest.approx(HOUR, abs=1)
    assert machine.clock().offset is None
