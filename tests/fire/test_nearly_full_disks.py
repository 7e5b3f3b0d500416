"""A disk with room for some of what login writes: it is refused before the code is spent, or all is there."""

import json
import subprocess
import sys
from typing import Any

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.fire import filled
from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import assert_one_message, in_mount_namespace
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

MOST = 40
"""More pages than all that a login writes."""


@long
@pytest.mark.trial("nearly full disks")
def test_login(fire: Fire, home: Home, aws: StrictAws) -> None:
    outcomes = set()
    with subprocess.Popen(
        [*in_mount_namespace(), sys.executable, filled.__file__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", bufsize=1,
    ) as trial:  # fmt: skip
        assert trial.stdin is not None
        assert trial.stdout is not None
        for free in fire.sample(range(MOST), short=2):
            user = aws.add_user()
            phone = user.add_device(user.name)
            home.config.unlink(missing_ok=True)
            home.credentials.unlink(missing_ok=True)
            home.add_profile("dev", user, phone)
            files = {"config": home.config.read_text(), "credentials": home.credentials.read_text()}
            order = {"home": str(home.path), "env": home.env, "code": phone.code(), "free": free, **files}
            trial.stdin.write(json.dumps(order) + "\n")
            fire.tried()
            outcomes.add(check(fire, order, json.loads(trial.stdout.readline())))
        trial.stdin.close()
    assert outcomes == {0, 1}


def check(fire: Fire, order: dict[str, Any], found: dict[str, Any]) -> int:
    """Compares what was said with what is there; returns the exit status."""
    where = f"{order['free']} pages free"
    status, err = found["first"]
    config, credentials = found["files"]
    if not (config.startswith(order["config"]) and credentials.startswith(order["credentials"])):
        fire.lost(f"{where}: the files are damaged")
    if found["left"]:
        fire.leaked(f"{where}: left are {found['left']}")
    if found["again"][0] != 0:
        fire.lost(f"{where}: the code was spent: {err} / {found['again'][1]}")
    if status == 0 and "[dev-mfa]" not in credentials:
        fire.claimed(f"{where}: nothing was written")
    if status == 0 and not found["cached"] and "could not be cached" not in err:
        fire.claimed(f"{where}: the session is not in the cache, and that was not said")
    if status != 0:
        assert_one_message(err, "The disk is full.", "No code was used.")
    return int(status)
