"""``keys rotate``, killed after each of its calls and run again.

A working key is in our hands all the time, no key is left that nobody holds, and no code is sent twice.
"""

import signal
import subprocess
import sys

import pytest

from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.keys.support import in_keyring
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

ROTATE = ("keys", "rotate", "dev", "--yes")
CALLS = (
    "GetCallerIdentity", "ListMFADevices", "GetSessionToken", "ListAccessKeys", "GetAccessKeyLastUsed",
    "CreateAccessKey", "GetCallerIdentity", "UpdateAccessKey",
)  # fmt: skip
QUICK = ((5, False, 0), (5, True, 15), (6, True, 0), (7, False, 0))
"""Number of the last call, whether the key is stored, and the seconds of propagation: what runs each time."""


def held(home: Home, ana: Ana) -> dict[str, str]:
    """The status of each key of the user whose secret is in the home, by id."""
    files = home.config.read_text() + home.credentials.read_text()
    return {
        key: status
        for key, (status, secret) in ana.user.access_keys().items()
        if secret in files or in_keyring(home, key) == secret
    }


def run_and_kill(home: Home, aws: StrictAws, number: int, time: MovedTime) -> list[str]:
    """Run the rotation and kill it once AWS has handled its request of that *number*; the actions that arrived.

    The same action several times in a row, with which it waits for the new key, counts as one.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "mfa_tui", *ROTATE],
        env=home.env,
        cwd=home.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    arrived: list[str] = []

    def watch(request: LoggedRequest, when: str) -> None:
        if when == "after" and arrived[-1:] == [request.action]:
            time.move(20)
        elif when == "after":
            arrived.append(request.action)
            if len(arrived) == number + 1:
                process.kill()
                process.wait()

    aws.on_request(watch)
    _, err = process.communicate(timeout=scaled(60))
    assert process.returncode == -signal.SIGKILL, err
    return arrived


@pytest.mark.parametrize(
    ("number", "stored", "delay"),
    [
        pytest.param(number, stored, delay, marks=() if (number, stored, delay) in QUICK else long)
        for number in range(len(CALLS))
        for stored in (False, True)
        for delay in (0, 15, 60)
    ],
)
def test_killed_and_run_again(
    home: Home, aws: StrictAws, ana: Ana, moved_time: MovedTime, *, number: int, stored: bool, delay: int
) -> None:
    if stored:
        assert home.run("keys", "store", "dev", "--yes").returncode == 0
        aws.reset()
    aws.key_propagation = delay
    start = len(aws.requests)
    assert run_and_kill(home, aws, number, moved_time) == list(CALLS[: number + 1])
    assert "Active" in held(home, ana).values()
    codes = [(request.serial, request.codes) for request in aws.requests[start:] if request.codes]
    aws.reset()
    moved_time.move(90)
    aws.key_propagation = delay
    pause = {"GetCallerIdentity": 20.0}

    def pass_time(request: LoggedRequest, when: str) -> None:
        if when == "after" and delay:
            moved_time.move(pause.get(request.action, 0.0))

    aws.on_request(pass_time)
    again = home.run(*ROTATE)
    assert again.returncode == 0, again.stderr
    codes += [(request.serial, request.codes) for request in aws.requests if request.codes]
    assert len(set(codes)) == len(codes)
    keys = {key: status for key, (status, _) in ana.user.access_keys().items()}
    assert keys.pop(ana.user.access_key_id) == "Inactive"
    # Nobody holds any other key, and it works.
    assert list(keys.values()) == ["Active"]
    assert held(home, ana).items() >= keys.items()
    aws.reset()
    moved_time.move(90)
    login = home.run("login", "dev", "--force")
    assert login.returncode == 0, login.stderr
    assert "-new-key" not in home.credentials.read_text()
