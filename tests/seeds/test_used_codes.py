"""The step used_codes: no step twice, whoever asks."""

import subprocess
import sys
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.used_codes import UsedCodes
from mfa_tui.errors import WriteProblem
from tests.support.awsfiles.saved_sessions import SERIAL, mode
from tests.support.homes.home import Home
from tests.support.homes.offline_home import home, new_home
from tests.support.runner.sources import ROOT
from tests.support.runner.timeouts import scaled

__all__ = ["home", "new_home"]

NOW = 58_000_000
"""A step of the year 2025."""

RESERVE = f"""
import os, sys
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.seeds.used_codes import UsedCodes
used_codes = UsedCodes(Paths(os.environ))
print("ready", flush=True)
sys.stdin.readline()
print(*(used_codes.reserve_step({SERIAL!r}, {NOW}) for _ in range(10)))
"""


@pytest.fixture
def used_codes(home: Home) -> UsedCodes:
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
    steps = [int(word) for process in processes for word in process.communicate(timeout=scaled(60))[0].split()]
    assert sorted(steps) == list(range(NOW, NOW + 80))


def test_a_reserved_step_is_used_until_it_is_released(used_codes: UsedCodes) -> None:
    assert [used_codes.reserve_step(SERIAL, NOW) for _ in range(3)] == [NOW, NOW + 1, NOW + 2]
    used_codes.release_step(SERIAL, NOW + 1)
    assert used_codes.used_steps(SERIAL) == {NOW, NOW + 2}
    assert used_codes.reserve_step(SERIAL, NOW) == NOW + 1
    assert used_codes.reserve_step("arn:aws:iam::111122223333:mfa/other", NOW) == NOW


def test_a_typed_code_is_noted(used_codes: UsedCodes) -> None:
    used_codes.record_use(SERIAL, NOW)
    used_codes.record_use(SERIAL, NOW)
    assert used_codes.reserve_step(SERIAL, NOW) == NOW + 1


def test_old_steps_and_those_far_ahead_are_forgotten(used_codes: UsedCodes) -> None:
    used_codes.record_use(SERIAL, NOW - 1000)
    used_codes.record_use(SERIAL, NOW + 10_000)
    used_codes.record_use(SERIAL, NOW)
    assert used_codes.used_steps(SERIAL) == {NOW}


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"nonsense\n", "² ٣٣ -1 1.5".encode(), b"9" * 5000])
def test_a_damaged_record_blocks_nobody(home: Home, used_codes: UsedCodes, content: bytes) -> None:
    used_codes.record_use(SERIAL, NOW)
    for path in record(home).iterdir():
        path.write_bytes(content)
    assert used_codes.reserve_step(SERIAL, NOW) == NOW
    assert used_codes.used_steps(SERIAL) == {NOW}


def record(home: Home) -> Path:
    return home.path / ".local/state/mfa-tui/steps"


def test_the_record_is_private(home: Home, used_codes: UsedCodes) -> None:
    used_codes.record_use(SERIAL, NOW)
    assert {mode(path) for path in record(home).iterdir()} == {0o600}
    assert mode(record(home)) == 0o700


def test_a_record_that_cannot_be_kept(home: Home, used_codes: UsedCodes) -> None:
    """A code that is made must be noted first; one that was typed goes without."""
    record(home).parent.mkdir(parents=True)
    record(home).write_text("a file where the directory should be")
    used_codes.record_use(SERIAL, NOW)
    used_codes.release_step(SERIAL, NOW)
    with pytest.raises(WriteProblem) as caught:
        used_codes.reserve_step(SERIAL, NOW)
    assert "the record of used codes, was not written" in caught.value.what
    assert caught.value.why == "Not a directory."
