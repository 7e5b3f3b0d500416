"""The step guard: no step twice, whoever asks."""

import subprocess
import sys
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.used_codes import UsedCodes
from mfa_tui.errors import WriteProblem
from tests.support.awsfiles import SERIAL, mode
from tests.support.forkserver import ROOT
from tests.support.home import Home
from tests.support.offline_home import home, new_home

__all__ = ["home", "new_home"]

NOW = 58_000_000
"""A step of the year 2025."""

RESERVE = f"""
import os, sys
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.used_codes import UsedCodes
guard = UsedCodes(Paths(os.environ))
print("ready", flush=True)
sys.stdin.readline()
print(*(guard.reserve({SERIAL!r}, {NOW}) for _ in range(10)))
"""


@pytest.fixture
def guard(home: Home) -> UsedCodes:
    return UsedCodes(Paths(home.env))


def test_eight_processes_get_eighty_steps(home: Home) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RESERVE],
            cwd=ROOT,
            env=home.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(8)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    steps = [int(word) for process in processes for word in process.communicate(timeout=60)[0].split()]
    assert sorted(steps) == list(range(NOW, NOW + 80))


def test_a_reserved_step_is_used_until_it_is_released(guard: UsedCodes) -> None:
    assert [guard.reserve(SERIAL, NOW) for _ in range(3)] == [NOW, NOW + 1, NOW + 2]
    guard.release(SERIAL, NOW + 1)
    assert guard.used(SERIAL) == {NOW, NOW + 2}
    assert guard.reserve(SERIAL, NOW) == NOW + 1
    assert guard.reserve("arn:aws:iam::111122223333:mfa/other", NOW) == NOW


def test_a_typed_code_is_noted(guard: UsedCodes) -> None:
    guard.record(SERIAL, NOW)
    guard.record(SERIAL, NOW)
    assert guard.reserve(SERIAL, NOW) == NOW + 1


def test_old_steps_and_those_far_ahead_are_forgotten(guard: UsedCodes) -> None:
    guard.record(SERIAL, NOW - 1000)
    guard.record(SERIAL, NOW + 10_000)
    guard.record(SERIAL, NOW)
    assert guard.used(SERIAL) == {NOW}


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"nonsense\n", "² ٣٣ -1 1.5".encode(), b"9" * 5000])
def test_a_damaged_record_blocks_nobody(home: Home, guard: UsedCodes, content: bytes) -> None:
    guard.record(SERIAL, NOW)
    for path in record(home).iterdir():
        path.write_bytes(content)
    assert guard.reserve(SERIAL, NOW) == NOW
    assert guard.used(SERIAL) == {NOW}


def record(home: Home) -> Path:
    return home.path / ".local/state/mfa-tui/steps"


def test_the_record_is_private(home: Home, guard: UsedCodes) -> None:
    guard.record(SERIAL, NOW)
    assert {mode(path) for path in record(home).iterdir()} == {0o600}
    assert mode(record(home)) == 0o700


def test_a_record_that_cannot_be_kept(home: Home, guard: UsedCodes) -> None:
    """A code that is made must be noted first; one that was typed goes without."""
    record(home).parent.mkdir(parents=True)
    record(home).write_text("a file where the directory should be")
    guard.record(SERIAL, NOW)
    guard.release(SERIAL, NOW)
    with pytest.raises(WriteProblem) as caught:
        guard.reserve(SERIAL, NOW)
    assert "the record of used codes, was not written" in caught.value.what
    assert caught.value.why == "Not a directory."
