"""Long-running programs: their credentials expire while they run, and they continue without an error."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

pytestmark = pytest.mark.both_ways

PROGRAM = """
import boto3
sts = boto3.client("sts")
for _ in iter(input, "end"):
    print(sts.get_caller_identity()["Arn"], sts._request_signer._credentials.access_key, flush=True)
"""
"""Prints its identity and session for each line that it reads."""


class Program:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def identity(self) -> tuple[str, str]:
        """Its ARN, and the access key ID of its session."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("who\n")
        self._process.stdin.flush()
        arn, key_id = self._process.stdout.readline().split()
        return arn, key_id


@contextmanager
def program(home: Home, profile: str) -> Iterator[Program]:
    """A boto3 program with that profile; it must exit without an error."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**home.env, "AWS_PROFILE": profile},
        cwd=home.path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield Program(process)
        _, errors = process.communicate("end\n", timeout=scaled(30))
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()


@long
def test_of_a_user_by_the_stored_seed(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    time = MovedTime(home, aws)
    home.store_seed(device)
    assert home.run("login", "dev", "--process", "--duration", "1h").returncode == 0
    (home.path / ".config/mfa-tui").mkdir(parents=True)
    (home.path / ".config/mfa-tui/config.toml").write_text('duration = "1h"\n')
    with program(home, "dev-mfa") as running:
        seen = []
        for seconds in (0, 1800, 1200, 900, 3700):
            time.move(seconds)
            arn, key_id = running.identity()
            assert arn == user.arn
            seen.append(key_id)
    # The same while it is valid; renewed with less than 15 minutes left, and after it has expired.
    assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4]
    assert aws.count("GetSessionToken") == 3


@long
def test_of_a_role_by_the_session_of_its_user(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    """One code in the morning, and the role works all day; so does a role that is assumed through it."""
    time = MovedTime(home, aws)
    first = aws.add_role(f"first-{user.name}", trust(user.arn, mfa=True))
    home.add_role_profile("first", first)
    home.add_role_profile("second", aws.add_role(f"second-{user.name}", trust(first)), source="first")
    assert home.run("login", "first", "--process", "--code", device.code()).returncode == 0
    assert home.run("login", "second", "--process").returncode == 0
    with program(home, "first-mfa") as one, program(home, "second-mfa") as two:
        for seconds in (0, 3000, 3700, 30_000):
            time.move(seconds)
            assert one.identity()[0].endswith(f":assumed-role/first-{user.name}/{user.name}")
            assert two.identity()[0].endswith(f":assumed-role/second-{user.name}/{user.name}")
    # Each renewed at each of the three moves, the second by the first's.
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 8)
