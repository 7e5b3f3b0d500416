"""Kills: at every system call that changes something, of every command that writes the AWS files or the cache.

The files are the old ones or the new ones, whole; the next run ends as if nothing had happened; and once the user has
logged out, no session key is left anywhere in the home. (Kills around the calls of AWS: ``tests/devices``.)
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pytest

from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import age, beside, contents, furnish, hold_session, new_session
from tests.support.homes.home import Home
from tests.support.homes.offline_home import launcher, new_home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import long

__all__ = ["launcher", "new_home"]

TOKEN = b"session/token//"
"""How every session token here begins."""
_CHANGES_NOTHING = {"open", "close"}


class Command(NamedTuple):
    """A command, and what runs before it to bring the home to its start."""

    arguments: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()


COMMANDS = {
    "login": Command(("login", "dev")),
    "login over an older session": Command(("login", "dev", "--as", "work"), (("login", "dev", "--as", "work"),)),
    "login of several targets": Command(("login", "dev", "--as", "b"), (("login", "dev", "--as", "a"),)),
    "login --process": Command(("login", "dev", "--process"), (("login", "dev"),)),
    "login after --process": Command(("login", "dev", "--as", "p"), (("login", "dev", "--process", "--as", "p"),)),
    "logout": Command(("logout", "dev"), (("login", "dev"),)),
    "logout --all": Command(
        ("logout", "--all"), (("login", "dev"), ("login", "dev", "--as", "x"), ("login", "dev", "--as", "y"))
    ),
    "use": Command(("use", "dev")),
}


@pytest.fixture
def prepared(new_home: Callable[[], Home], launcher: Launcher) -> Callable[[Command], Home]:
    """Makes homes in the state in which a command begins."""

    def prepare(command: Command) -> Home:
        home = new_home()
        furnish(home)
        for arguments in command.before:
            done = launcher.run(home.env, *arguments)
            assert done.status == 0, done.err
        if command.before and command.arguments[0] == "login":
            # Another session than the one in the files: there is something to write.
            hold_session(home, new_session(access_key_id="ASIAEXAMPLEEXAMPLE01"))
        age(home)
        return home

    return prepare


@long
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.trial("kills at every system call of every command that writes")
def test_killed(
    name: str,
    fire: Fire,
    launcher: Launcher,
    prepared: Callable[[Command], Home],
) -> None:
    command = COMMANDS[name]
    home = prepared(command)
    old = _timeless(contents(home))
    whole = launcher.run(home.env, *command.arguments)
    assert whole.status == 0, whole.err
    new = _timeless(contents(home))
    moments = [number for number, call in enumerate(whole.calls) if call not in _CHANGES_NOTHING]
    for number in fire.sample(moments, short=3):
        where = f"{name}, killed after call {number} ({whole.calls[number]})"
        for again in (True, False):
            home = prepared(command)
            fire.tried()
            try:
                assert launcher.run(home.env, *command.arguments, die=("after", number)).status == -9
                for problem in _problems(launcher, home, command, (old, new), again=again):
                    fire.lost(f"{where}: {problem}")
                launcher.run(home.env, "logout", "--all")
            except subprocess.TimeoutExpired as hung:
                fire.hung(f"{where}: {hung}")
                continue
            for leak in _leaks(home):
                fire.leaked(f"{where}, {'run again, ' if again else ''}logged out: {leak} has session keys")


def _problems(
    launcher: Launcher, home: Home, command: Command, states: Sequence[tuple[bytes, bytes]], *, again: bool
) -> Iterator[str]:
    """What is wrong after a kill, and, if *again*, after the same command has run again.

    *states* are both files before the command and after it.
    """
    for path, found, before, after in zip(("config", "credentials"), _timeless(contents(home)), *states, strict=True):
        if found not in (before, after):
            yield f"{path} is neither the old file nor the new one"
    if not again:
        return
    second = launcher.run(home.env, *command.arguments)
    if second.status != 0 or (second.err and command.arguments[0] == "login"):
        yield f"run again it ended with {second.status}: {second.err}"
    if _timeless(contents(home)) != states[-1]:
        yield "run again it did not end as if nothing had happened"
    if left := beside(home):
        yield f"beside the files lies {left}"


def _timeless(files: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Both files without the moment at which a session expires, which differs from home to home."""
    config, credentials = (re.sub(rb"x_security_token_expires = \S+", b"", file) for file in files)
    return config, credentials


def _leaks(home: Home) -> list[str]:
    """Files anywhere in the home that hold a session token."""
    return [
        str(path.relative_to(home.path))
        for path in home.path.rglob("*")
        if path.is_file() and TOKEN in path.read_bytes()
    ]
