"""A login that is killed, at any moment: every file is the old one or the new one, whole, and life goes on."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from mfa_tui.demo.aws.server import Device, StrictAws
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    age,
    as_botocore_reads,
    beside,
    contents,
    furnish,
    furnish_role,
    mode,
)
from tests.support.awsfiles.settled_files import let_files_settle
from tests.support.homes.home import Home
from tests.support.processes.launcher import CALLS, Launcher
from tests.support.runner.thoroughness import long, sample
from tests.support.runner.timeouts import scaled

SAME_CALL = {
    "openat": "open", "pwrite64": "write", "fdatasync": "fsync", "fsetxattr": "setxattr", "fremovexattr": "removexattr",
    "mkdirat": "mkdir", "renameat": "rename", "renameat2": "rename", "replace": "rename", "linkat": "link",
    "symlinkat": "symlink", "unlinkat": "unlink", "fchmodat": "chmod", "fchownat": "chown", "lchown": "chown",
}  # fmt: skip
"""Different names of the same thing, in the kernel or in Python."""
NO_HISTORY = "history_days = 0\n"
"""Settings without the history, whose calls sqlite makes; a killed process cannot damage it."""
NOT_COMPARED = {"close", "open"}
"""They change nothing; what opens a file to make it is called "create"."""


def test_killed_before_and_after_every_system_call(launcher: Launcher, new_home: Callable[[], Home]) -> None:
    home = new_home()
    furnish(home)
    old = contents(home)
    whole = launcher.run(home.env, "login", "dev")
    assert whole.status == 0, whole.err
    new = contents(home)
    assert old == (CONFIG.encode(), CREDENTIALS.encode())
    assert new[0].startswith(old[0])
    assert new[1].startswith(old[1])
    seen = set()
    # After one call is before the next.
    for die in [("before", 0), *(("after", number) for number in moments(whole.calls))]:
        home = new_home()
        furnish(home)
        killed = launcher.run(home.env, "login", "dev", die=die)
        where = f"{die[0]} call {die[1]}, {whole.calls[die[1]]}"
        assert killed.status == -9, where
        found = contents(home)
        assert found[0] in (old[0], new[0]), where
        assert _without_times(found[1]) in (_without_times(old[1]), _without_times(new[1])), where
        seen.add((found[0] == new[0], found[1] != old[1]))
        again = launcher.run(home.env, "login", "dev")
        assert (again.status, again.err) == (0, ""), where
        assert (contents(home)[0], _without_times(contents(home)[1])) == (new[0], _without_times(new[1])), where
        assert beside(home) == set(), where
    assert seen == {(False, False), (True, False), (True, True)}


def moments(calls: Sequence[str]) -> list[int]:
    """The calls to be killed at: all of them, or those that begin a file and put it in its place, and some others."""
    some = sample(range(len(calls)), short=8)
    return [number for number, name in enumerate(calls) if number in some or name in ("create", "replace")]


def _without_times(credentials: bytes) -> bytes:
    return re.sub(rb"x_security_token_expires = \S+", b"", credentials)


@long
def test_killed_around_the_request(launcher: Launcher, new_home: Callable[[], Home], aws: StrictAws) -> None:
    """While the used code is noted and the session cached: nothing is lost but, at worst, the code."""

    def fresh() -> tuple[Home, Device]:
        home = new_home()
        home.env["AWS_ENDPOINT_URL_STS"] = aws.url
        user = aws.add_user()
        phone = user.add_device(user.name)
        home.add_profile("dev", user, phone)
        age(home)
        return home, phone

    home, phone = fresh()
    calls = launcher.run(home.env, "login", "dev", "--code", phone.code()).calls
    numbers = [number for number, name in enumerate(calls) if name in ("write", "replace")]
    outcomes = set()
    for number in numbers:
        home, phone = fresh()
        old = contents(home)
        aws.reset()
        killed = launcher.run(home.env, "login", "dev", "--code", phone.code(), die=("before", number))
        assert killed.status == -9
        outcomes.add((aws.count("GetSessionToken"), contents(home) == old))
        again = launcher.run(home.env, "login", "dev", "--code", phone.code(1))
        assert again.status == 0, again.err
        assert contents(home)[1].startswith(old[1])
        assert b"[dev-mfa]" in contents(home)[1]
        assert beside(home) == set()
    assert {(0, True), (1, True), (1, False)} <= outcomes


@long
@pytest.mark.parametrize(("command", "last"), [pytest.param("login", None, marks=long), ("credential-process", 25)])
def test_a_role_by_a_stored_seed(
    launcher: Launcher, new_home: Callable[[], Home], aws: StrictAws, command: str, last: int | None
) -> None:
    """After every call that changes something, or the *last* ones, which the other command does not make as well."""

    def fresh() -> Home:
        home = new_home()
        furnish_role(home, aws)
        home.write_settings(NO_HISTORY)
        # Only then are notes written, and each run makes the same calls.
        let_files_settle(home)
        return home

    calls = launcher.run(fresh().env, command, "r").calls
    needed = set()
    for number in [
        n for n in moments(calls) if calls[n] not in NOT_COMPARED and n >= len(calls) - (last or len(calls))
    ]:
        where = f"after call {number}, {calls[number]}"
        home = fresh()
        old = contents(home)
        aws.reset()
        assert launcher.run(home.env, command, "r", die=("after", number)).status == -9, where
        assert contents(home)[0].startswith(old[0]), where
        assert contents(home)[1].startswith(old[1]), where
        for path in (home.config, home.credentials):
            assert as_botocore_reads(path), where
        assert_private(home, where)
        # Where the code was spent, the next one is needed: let it be the time of that.
        aws.clock.offset = 60.0
        again = launcher.run(home.env, command, "r", ahead=60.0)
        assert (again.status, again.err) == (0, ""), where
        assert command != "login" or "aws_session_token" in as_botocore_reads(home.credentials)["r-mfa"], where
        assert beside(home) == set(), where
        needed.add((aws.count("GetSessionToken"), aws.count("AssumeRole")))
    # Once a session is cached, it is used. What was had and not cached is had again.
    assert needed == ({(1, 1), (2, 1), (1, 2)} if command == "login" else {(1, 1), (1, 2)})


def assert_private(home: Home, where: str) -> None:
    """Nobody else can read what login wrote, whatever state it is in; the config file holds no secrets."""
    for directory in (".cache", ".local", ".aws"):
        for path in (home.path / directory).rglob("*"):
            if path.is_file() and not path.name.strip(".").startswith("config"):
                assert mode(path) & 0o077 == 0, f"{path} {where}"


def test_what_killed_logins_leave_does_not_pile_up(launcher: Launcher, home: Home) -> None:
    furnish(home)
    launcher.run(home.env, "login", "dev", "--as", "first")
    age(home)
    # The first rename is the backup's: it would put a temporary file in its place.
    number = launcher.run(home.env, "login", "dev", "--as", "another").calls.index("replace")
    for target in ("second", "third", "fourth"):
        age(home)
        assert launcher.run(home.env, "login", "dev", "--as", target, die=("before", number)).status == -9
    left = [path for path in home.path.rglob("*.tmp") if path.is_file()]
    assert left
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in left)
    for path in left:
        os.utime(path, (time.time() - 3600,) * 2)
    assert launcher.run(home.env, "login", "dev", "--as", "fifth").status == 0
    assert [path for path in home.path.rglob("*.tmp") if path.is_file()] == []


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("strace") is None, reason="strace is missing")
def test_the_calls_that_are_tried_are_all_there_are(launcher: Launcher, new_home: Callable[[], Home]) -> None:
    """What strace sees a real ``mfa-tui login`` do in its home is what the test above counts and kills at."""
    home = new_home()
    furnish(home)
    home.write_settings(NO_HISTORY)
    counted = Counter(SAME_CALL.get(name, name) for name in launcher.run(home.env, "login", "dev").calls)
    home = new_home()
    furnish(home)
    home.write_settings(NO_HISTORY)
    assert Counter(_kernel_calls(home)) == {name: n for name, n in counted.items() if name not in NOT_COMPARED}


def _kernel_calls(home: Home) -> list[str]:
    """The counted calls that a login makes on anything in the home, in our names, as strace tells."""
    log = home.path.parent / f"{home.path.name}.strace"
    python = {name for name in CALLS if name not in ("replace", "close")}
    wanted = sorted(python | {name for name in SAME_CALL if name != "replace"} | {"flock"})
    trace = "trace=" + ",".join(f"?{name}" for name in wanted)
    command = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-o",
        str(log),
        "-e",
        trace,
        sys.executable,
        "-m",
        "mfa_tui",
        "login",
        "dev",
    ]
    subprocess.run(command, env=home.env, cwd="/", check=True, capture_output=True, timeout=scaled(60))
    calls = []
    for line in log.read_text().splitlines():
        found = re.match(r"\d+ +(\w+)\((.*)", line)
        if not found or str(home.path) not in found[2]:
            continue
        name = SAME_CALL.get(found[1], found[1])
        if name == "open":
            name = "create" if "O_CREAT" in found[2] else "open"
        if name not in NOT_COMPARED:
            calls.append(name)
    return calls
