"""Every system call of a login or logout fails once: the files are whole, and one message says what is wrong."""

import errno
import re
from collections.abc import Callable

import pytest

from tests.support.awsfiles.saved_sessions import age, assert_one_message, beside, contents, furnish, log_in
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import quick_cases, sample

LEFTOVER = re.compile(r"\.(config|credentials)\.mfa-tui\.\d+-\w+\.(tmp|trial)")
"""What may stay when the call that should remove it fails; the next write takes it away."""


@quick_cases(1)
@pytest.mark.parametrize(
    ("command", "error"), [("login", errno.EIO), ("logout", errno.EACCES)], ids=["login", "logout"]
)
def test_each_call_fails_once(launcher: Launcher, new_home: Callable[[], Home], command: str, error: int) -> None:
    def fresh() -> Home:
        home = new_home()
        furnish(home)
        if command == "logout":
            log_in(home)
            age(home)
        return home

    home = fresh()
    calls = launcher.run(home.env, command, "dev").calls
    outcomes = set()
    some = sample(range(len(calls)), short=12)
    # Those that put a file in its place always.
    for number, name in [(n, name) for n, name in enumerate(calls) if n in some or name in ("replace", "link")]:
        home = fresh()
        old = contents(home)
        result = launcher.run(home.env, command, "dev", fail=(error, number))
        where = f"call {number}, {name}: {result}"
        assert result.status in (0, 1, 2), where
        if result.status:
            assert result.out == "", where
            assert_one_message(result.err)
            assert "does not know" not in result.err, where
        found = contents(home)
        for before, after in zip(old, found, strict=True):
            shorter, longer = sorted((before, after), key=len)
            assert longer.startswith(shorter), where
        assert all(name == "unlink" and LEFTOVER.fullmatch(left) for left in beside(home)), where
        outcomes.add((result.status, found == old))
        age(home)
        again = launcher.run(home.env, command, "dev")
        assert (again.status, again.err.count("\n") < 2) == (0, True), where
        assert beside(home) == set(), where
    assert (1, True) in outcomes
    assert (0, False) in outcomes
