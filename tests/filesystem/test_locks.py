"""Many wait for one lock: each gets it, in the order of asking, whatever becomes of the others."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem import locks
from mfa_tui.adapters.filesystem.locking import lock_queue
from mfa_tui.adapters.filesystem.locks import hold_lock
from mfa_tui.errors import Cancelled, WriteProblem
from tests.support.runner.timeouts import scaled

LIMIT = 30
"""Seconds to wait for what happens at once."""
FOREVER = 600
"""Seconds that a holder would keep the lock if it were not killed."""
WAITER = """
import errno, os, sys, time
path, name, log, seconds, without_locks = sys.argv[1:]
if without_locks:
    import fcntl
    def refuse(*_): raise OSError(errno.ENOLCK, "No locks available")
    fcntl.flock = refuse
from mfa_tui.adapters.filesystem import locks
with locks.hold_lock(path, "This"):
    with open(log, "a") as file: file.write(name + "\\n")
    time.sleep(float(seconds))
"""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(params=["", "without"], ids=["flock", "marker file"])
def without_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the file system has locks; not empty if it has none."""
    kind: str = request.param

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    if kind:
        monkeypatch.setattr(fcntl, "flock", refuse)
    return kind


@pytest.fixture
def start(tmp_path: Path, without_locks: str) -> Iterator[Start]:
    """Starts a process that takes the lock, notes its name in the log, and gives the lock back after some time."""
    with ExitStack() as stack:

        def start(name: str, *, seconds: float = 0.1) -> "subprocess.Popen[bytes]":
            places = str(tmp_path / "lock"), name, str(tmp_path / "log"), str(seconds), without_locks
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", WAITER, *places]))
            stack.callback(process.kill)
            return process

        yield start


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + scaled(LIMIT)
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def log(path: Path) -> list[str]:
    return (path / "log").read_text().split() if (path / "log").exists() else []


def waiters(path: Path) -> int:
    """How many have a place in the queue."""
    return len(lock_queue._parsed((path / "lock").read_text().splitlines())[1])


def queue(path: Path, start: Start, *names: str, seconds: float = 0.1) -> "list[subprocess.Popen[bytes]]":
    """A holder, who is killed when all of *names* wait in this order; returns these."""
    holder = start("holder", seconds=FOREVER)
    until(lambda: log(path) == ["holder"])
    processes = []
    for number, name in enumerate(names, 1):
        processes.append(start(name, seconds=seconds))
        until(lambda number=number: waiters(path) == number)  # type: ignore[misc]
    holder.kill()
    holder.wait()
    return processes


def test_the_lock_is_given_in_the_order_of_asking(tmp_path: Path, start: Start) -> None:
    processes = queue(tmp_path, start, *"abcd")
    assert [process.wait(scaled(LIMIT)) for process in processes] == [0] * 4
    assert log(tmp_path) == ["holder", *"abcd"]
    assert waiters(tmp_path) == 0


def test_a_waiter_that_is_killed_or_stopped_keeps_nobody_waiting(tmp_path: Path, start: Start) -> None:
    holder = start("holder", seconds=FOREVER)
    until(lambda: log(tmp_path) == ["holder"])
    processes = []
    for number, name in enumerate("abcd", 1):
        processes.append(start(name))
        until(lambda number=number: waiters(tmp_path) == number)  # type: ignore[misc]
    processes[0].kill()
    processes[0].wait()
    processes[2].send_signal(signal.SIGSTOP)
    holder.kill()
    holder.wait()
    assert [processes[1].wait(scaled(LIMIT)), processes[3].wait(scaled(LIMIT))] == [0, 0]
    assert log(tmp_path) == ["holder", *"bd"]
    processes[2].send_signal(signal.SIGCONT)
    assert processes[2].wait(scaled(LIMIT)) == 0
    assert log(tmp_path) == ["holder", *"bdc"]


class Clock:
    """Time that passes only while somebody sleeps; *then* happens each time."""

    def __init__(self, then: Callable[[float], None]) -> None:
        self.now = 100.0
        self._then = then

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self._then(self.now - 100.0)


@pytest.mark.parametrize(("last_change", "free"), [(95.0, 101.0), (50.0, None)])
def test_patience_lasts_as_long_as_holders_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last_change: float, free: float | None
) -> None:
    path = tmp_path / "lock"
    passed = 0.0

    def then(seconds: float) -> None:
        nonlocal passed
        passed = seconds
        # Another holder every five seconds; those who wait keep their lines.
        _, _, waiting = path.read_text().partition("\n")
        path.write_text(f"1 on {os.uname().nodename} {min(seconds, last_change) // 5}\n{waiting}")

    path.write_text("\n")
    clock = Clock(then)
    monkeypatch.setattr(locks, "_POLL", 0.25)
    monkeypatch.setattr(locks, "time", clock)
    monkeypatch.setattr(lock_queue, "time", clock)
    take = locks._Lock.take
    monkeypatch.setattr(locks._Lock, "take", lambda lock: free is not None and passed >= free and take(lock))
    if free is not None:
        with hold_lock(str(path), "This"):
            assert passed == pytest.approx(free, abs=1)
    else:
        with pytest.raises(WriteProblem), hold_lock(str(path), "This"):
            pass
        assert passed == pytest.approx(last_change + locks.WAIT, abs=1)


def test_one_holder_for_too_long_is_named(tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = start("holder", seconds=FOREVER)
    until(lambda: log(tmp_path) == ["holder"])
    monkeypatch.setattr(locks, "WAIT", 0.2)
    with pytest.raises(WriteProblem) as caught, hold_lock(str(tmp_path / "lock"), "This"):
        pass
    assert caught.value.slug == "lock-timeout"
    assert caught.value.why == f"It is process {holder.pid} on {os.uname().nodename}, which has held it for 0.2 s."
    # Who gave up has no place any more.
    assert waiters(tmp_path) == 0


def test_seconds_that_are_given_count_in_all(tmp_path: Path, start: Start) -> None:
    start("holder", seconds=FOREVER)
    until(lambda: log(tmp_path) == ["holder"])
    with pytest.raises(WriteProblem, match="not possible"), hold_lock(str(tmp_path / "lock"), "This", seconds=0.1):
        pass


def test_cancelling_gives_the_place_up(tmp_path: Path, start: Start) -> None:
    start("holder", seconds=FOREVER)
    until(lambda: log(tmp_path) == ["holder"])
    asked = iter([False, False, True])
    with pytest.raises(Cancelled), hold_lock(str(tmp_path / "lock"), "This", cancelled=lambda: next(asked)):
        pass
    assert waiters(tmp_path) == 0


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\n", b"4711 on elsewhere\n", b"wait\nwait x\nleft\nwait 1 on\n" * 99]
)
def test_the_content_of_a_lock_file_blocks_no_process(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lock").write_bytes(content)
    with hold_lock(str(tmp_path / "lock"), "This"):
        assert lock_queue.holder(str(tmp_path / "lock")).startswith(f"{os.getpid()} on ")


def test_waiters_of_another_machine_and_of_a_number_that_was_given_again_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text(f"1 on elsewhere 00\nwait 2 on elsewhere 01\nwait 1 on {os.uname().nodename} 02\n")
    with hold_lock(str(path), "This"):
        assert waiters(tmp_path) == 0


def test_a_pipe_in_the_place_of_the_lock_file_is_no_trap(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    with hold_lock(str(tmp_path / "lock"), "This"):
        pass
