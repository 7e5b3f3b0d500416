"""No room for the write: the files are whole, one message says why, nothing is left behind."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable

import pytest

from mfa_tui.demo.aws.server import StrictAws
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    assert_one_message,
    beside,
    contents,
    furnish,
    in_mount_namespace,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import sample
from tests.support.runner.timeouts import scaled

ROOM = 4096
"""What login makes sure of, beyond the files as they are: more than a session takes."""
LONG = CONFIG + "".join(f"# a comment, the {number}th\n" for number in range(40))


def test_a_file_size_limit_at_any_size(launcher: Launcher, new_home: Callable[[], Home]) -> None:
    home = new_home()
    furnish(home, config=LONG)
    old = contents(home)
    assert launcher.run(home.env, "login", "dev").status == 0
    sizes = [len(data) for data in (*old, *contents(home))]
    near = {size + step for size in sizes for step in (-1, 0, 1)}
    outcomes = set()
    for limit in sorted(
        {*sample(range(0, 40, 3), short=3), *sample(range(40, max(sizes) + ROOM + 40, 129), short=6), *near}
    ):
        home = new_home()
        furnish(home, config=LONG)
        result = launcher.run(home.env, "login", "dev", file_size=limit)
        found = contents(home)
        whole = [data == before or data.startswith(before + b"\n[") for data, before in zip(found, old, strict=True)]
        assert whole == [True, True], limit
        assert beside(home) == set(), limit
        if result.status == 0:
            assert result.err == ""
            assert len(found[0]) > len(old[0])
            assert len(found[1]) > len(old[1])
            assert limit >= max(sizes)
        else:
            assert result.status == 1, limit
            assert_one_message(result.err, "cannot be written", "ulimit -f", "No code was used")
            assert limit < max(sizes) + ROOM
        outcomes.add((result.status, found[0] == old[0], found[1] == old[1]))
    assert outcomes == {(1, True, True), (0, False, False)}


@pytest.mark.parametrize("limit", [0, 10, 100, 700])
def test_a_limit_is_found_before_a_code_is_spent(launcher: Launcher, aws: StrictAws, home: Home, limit: int) -> None:
    user = aws.add_user()
    phone = user.add_device(user.name)
    home.add_profile("dev", user, phone)
    home.env["AWS_ENDPOINT_URL_STS"] = aws.url
    old = contents(home)
    result = launcher.run(home.env, "login", "dev", "--code", phone.code(), file_size=limit)
    assert result.status == 1
    assert_one_message(result.err, "cannot be written", "ulimit -f", "No code was used")
    assert contents(home)[1] == old[1]
    assert beside(home) == set()
    assert aws.count() == 0
    again = launcher.run(home.env, "login", "dev", "--code", phone.code())
    assert again.status == 0, again.err


def test_a_full_disk(home: Home) -> None:
    furnish(home)
    old = contents(home)
    # The files of the home are covered by a tiny disk, and copied into it.
    full = home.path / "full"
    full.mkdir()
    script = f"""
        set -e
        mount -t tmpfs -o size=64k tmpfs {shlex.quote(str(full))}
        cp -p .aws/config .aws/credentials full/
        dd if=/dev/zero of=full/rest bs=1k 2>/dev/null || true
        set +e
        {shlex.quote(sys.executable)} -m mfa_tui login dev
        echo "status $?"
        set -e
        cmp .aws/config full/config
        cmp .aws/credentials full/credentials
        rm full/rest
        ls -A full
        {shlex.quote(sys.executable)} -m mfa_tui login dev
        cp full/* .aws/
    """
    home.env["AWS_CONFIG_FILE"], home.env["AWS_SHARED_CREDENTIALS_FILE"] = f"{full}/config", f"{full}/credentials"
    result = subprocess.run(
        [*in_mount_namespace(), "sh", "-c", script],
        cwd=home.path, env=home.env, capture_output=True, encoding="utf-8", check=False, timeout=scaled(60),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert_one_message(result.stderr, "full/config cannot be written.", "The disk is full.")
    status, *names = result.stdout.splitlines()
    assert status == "status 1"
    assert sorted(names[:-1]) == ["config", "credentials"]
    assert contents(home)[0].startswith(old[0])
    assert b"[dev-mfa]" in contents(home)[1]
    assert os.listdir(full) == []
