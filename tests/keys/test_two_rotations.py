"""Two rotations of the same key at once: the second hears of the first, and the keys are as after one."""

import threading
from typing import TYPE_CHECKING

from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.support.homes.home import Home
from tests.support.processes.consent import refused_plan
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    import subprocess

ROTATE = ("keys", "rotate", "dev", "--yes")


def check_one_rotation(home: Home, aws: StrictAws, ana: Ana) -> None:
    """AWS was asked for one key, which the profile has; the old one is inactive, and there is no third."""
    assert (aws.count("CreateAccessKey"), aws.count("DeleteAccessKey"), aws.count("UpdateAccessKey")) == (1, 0, 1)
    keys = ana.user.access_keys()
    status, _ = keys.pop(ana.user.access_key_id)
    [(new, (new_status, secret))] = keys.items()
    assert (status, new_status) == ("Inactive", "Active")
    written = home.credentials.read_text()
    assert (new in written, secret in written, "-new-key" in written) == (True, True, False)


@long
def test_started_at_once(home: Home, aws: StrictAws, ana: Ana) -> None:
    both, seen = threading.Barrier(2), threading.local()

    def wait_for_both(request: LoggedRequest, when: str) -> None:
        # Each has read the files, and no more, before either goes on.
        if (request.action, when) == ("GetCallerIdentity", "before") and not both.broken and not hasattr(seen, "it"):
            try:
                both.wait(timeout=scaled(20))
            except threading.BrokenBarrierError:
                return
            both.abort()

    aws.on_request(wait_for_both)
    processes = [home.start(*ROTATE) for _ in range(2)]
    ended = [(*process.communicate(timeout=scaled(60)), process.returncode) for process in processes]
    (_, said, status), (_, won, done) = sorted(ended, key=lambda each: -each[2])
    assert (status, done) == (1, 0), (said, won)
    assert "Another rotation of the key of 'dev' " in said
    assert "two keys" not in said
    check_one_rotation(home, aws, ana)


def test_a_second_one_right_after(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    assert home.run(*ROTATE).returncode == 0
    plan = refused_plan(home.run(*ROTATE), f"Use --yes --key {user.access_key_id} to do it. Nothing was changed.")
    assert plan[1].startswith("The last rotation finished ")
    assert "is deleted first: AWS allows a user two keys." in plan[2]


def test_while_one_is_under_way(home: Home, aws: StrictAws, ana: Ana) -> None:
    second: list[subprocess.CompletedProcess[str]] = []

    def run_another(request: LoggedRequest, when: str) -> None:
        # The key exists, and the first rotation does not have it yet.
        if (request.action, when) == ("CreateAccessKey", "after"):
            second.append(home.run(*ROTATE))

    aws.on_request(run_another)
    first = home.run(*ROTATE)
    assert first.returncode == 0, first.stderr
    assert (second[0].returncode, second[0].stdout) == (1, "")
    assert "mfa-tui: Another rotation of the key of 'dev' is under way.\n  It is process " in second[0].stderr
    check_one_rotation(home, aws, ana)


@long
def test_one_that_was_answered_after_another_ran(home: Home, aws: StrictAws, ana: Ana) -> None:
    with terminal(home, "mfa-tui keys rotate dev") as tty:
        tty.wait_for(r"Rotate the key\? \[y/N\] ")
        assert home.run(*ROTATE).returncode == 0
        tty.type("y\r")
        assert tty.status() == 1
    assert "Another rotation of the key of 'dev' ran in the meantime." in tty.screen
    check_one_rotation(home, aws, ana)


def test_one_that_read_the_files_before_another_ran(home: Home, aws: StrictAws, ana: Ana) -> None:
    ran: list[int] = []

    def run_another(request: LoggedRequest, when: str) -> None:
        if (request.action, when) == ("ListMFADevices", "after") and not ran:
            ran.append(0)
            ran.append(home.run(*ROTATE).returncode)

    aws.on_request(run_another)
    refused = home.run(*ROTATE)
    assert (refused.returncode, ran) == (1, [0, 0])
    assert (
        "Another rotation of the key of 'dev' ran in the meantime.\n  The key of the profile is AKIA" in refused.stderr
    )
    check_one_rotation(home, aws, ana)
