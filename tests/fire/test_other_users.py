"""Other users' directories, links and files in our places: no key goes there, and nothing of theirs is believed."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fire.tally import Fire
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    NOBODY,
    age,
    furnish,
    give,
    hold_session,
    needs_root,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.homes.offline_home import launcher, shared_home
from tests.support.processes.launcher import Launcher, Result
from tests.support.runner.thoroughness import long

__all__ = ["launcher", "shared_home"]

pytestmark = needs_root
PLANTED = "ASIAPLANTEDPLANTED00"
PLACES = (
    ".cache/mfa-tui", ".cache/mfa-tui/sessions", ".cache/mfa-tui/ready", ".cache/mfa-tui/flights",
    ".local/share/mfa-tui", ".local/share/mfa-tui/backups", ".local/state/mfa-tui", ".local/state/mfa-tui/steps",
)  # fmt: skip
COMMANDS = (
    ("login", "dev"), ("login", "dev", "--as", "other"), ("env", "dev"), ("exec", "dev", "--", "env"),
    ("credential-process", "dev"), ("list", "--json"), ("use", "dev"), ("doctor",), ("logout", "--all"),
    ("device", "list", "dev"),
)  # fmt: skip


STRIDE = 3
"""Every third case: each command meets each place, and each place each kind of hostility."""


def theirs(path: Path) -> None:
    """The other user's, open to all."""
    for each in (path, *path.rglob("*")):
        os.chown(each, NOBODY, NOBODY, follow_symlinks=False)
        each.chmod(0o777 if each.is_dir() else 0o666)


def open_to_all(path: Path) -> None:
    for each in (path, *path.rglob("*")):
        each.chmod(0o777 if each.is_dir() else 0o666)


def link_of_theirs(path: Path) -> None:
    """The directory moved, and a link of the other user's in its place."""
    moved = path.with_name(f"{path.name}-moved")
    shutil.move(path, moved)
    theirs(moved)
    path.symlink_to(moved)
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def link_of_ours(path: Path) -> None:
    moved = path.with_name(f"{path.name}-moved")
    shutil.move(path, moved)
    theirs(moved)
    path.symlink_to(moved)


def pipes(path: Path) -> None:
    """Pipes in the place of all files."""
    for each in path.rglob("*"):
        if each.is_file():
            each.unlink()
            os.mkfifo(each)


HOSTILE = (theirs, open_to_all, link_of_theirs, link_of_ours, pipes)


@pytest.fixture
def fresh(shared_home: Home) -> Callable[[], Home]:
    """Makes the home as it was at first."""

    def make() -> Home:
        os.chown(shared_home.path, 0, 0)
        for each in shared_home.path.iterdir():
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
        shared_home.aws_dir.mkdir()
        shared_home.runtime.mkdir(mode=0o700)
        furnish(shared_home)
        assert shared_home.run("env", "dev").returncode == 0
        for place in PLACES:
            (shared_home.path / place).mkdir(parents=True, exist_ok=True, mode=0o700)
        return shared_home

    return make


@long
@pytest.mark.trial("other users' directories")
def test_places(fire: Fire, launcher: Launcher, fresh: Callable[[], Home]) -> None:
    cases = list(itertools.product(PLACES, HOSTILE, COMMANDS))[::STRIDE]
    for place, hostile, command in fire.sample(cases, short=6):
        home = fresh()
        hold_session(home, new_session(access_key_id=PLANTED))
        hostile(home.path / place)
        seen = {path: path.read_bytes() for path in owned_by_them(home.path)}
        result = run(fire, launcher, home, *command)
        where = f"{place}, {hostile.__name__}, {' '.join(command)}"
        reached = place in (".cache/mfa-tui", ".cache/mfa-tui/sessions")
        if reached and PLANTED in result.out + home.credentials.read_text():
            fire.claimed(f"{where}: a planted session was believed")
        for path in owned_by_them(home.path):
            if path.read_bytes() != seen.get(path):
                fire.leaked(f"{where}: {path} was written")
        if "Traceback" in result.err or "does not know" in result.err:
            fire.claimed(f"{where}: {result.err}")


@long
@pytest.mark.trial("root in another user's home")
def test_root(fire: Fire, launcher: Launcher, fresh: Callable[[], Home], tmp_path: Path) -> None:
    """Links to root's directories and files in the place of all that root may read or write there."""
    names = [*PLACES, ".aws", ".aws/config", ".aws/credentials", ".aws/.config.mfa-tui.lock", ".config/mfa-tui"]
    for place, command in fire.sample(list(itertools.product(names, COMMANDS))[::STRIDE], short=4):
        home = fresh()
        roots = tmp_path / "root's"
        shutil.rmtree(roots, ignore_errors=True)
        roots.mkdir(mode=0o700)
        (roots / "config").write_text(CONFIG + "[profile of-root]\nregion = secret-of-root\n")
        (roots / "credentials").write_text(CREDENTIALS + "[of-root]\naws_session_token = secret-of-root\n")
        age(home)
        path = home.path / place
        give(home.path, NOBODY)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(
            roots if path.suffix != ".lock" and path.name not in ("config", "credentials") else roots / "config"
        )
        give(home.path, NOBODY)
        before = state(roots)
        result = run(fire, launcher, home, *command)
        where = f"{place}, {' '.join(command)}"
        if state(roots) != before:
            fire.lost(f"{where}: what is root's was changed")
        if "secret-of-root" in result.out + result.err or any(
            "secret-of-root" in each.read_text(errors="replace") for each in files(home.path)
        ):
            fire.leaked(f"{where}: what only root may read")
        if any(each.lstat().st_uid != NOBODY for each in home.path.rglob("*")):
            fire.claimed(f"{where}: not all is the user's")


def run(fire: Fire, launcher: Launcher, home: Home, *command: str) -> Result:
    fire.tried()
    try:
        return launcher.run(home.env, *command)
    except subprocess.TimeoutExpired:
        fire.hung(f"{' '.join(command)} in {home.path}")
        return Result(-1, "", "", [])


def files(path: Path) -> Iterator[Path]:
    return (each for each in path.rglob("*") if each.is_file() and not each.is_symlink())


def owned_by_them(path: Path) -> list[Path]:
    return [each for each in files(path) if each.lstat().st_uid == NOBODY]


def state(path: Path) -> list[tuple[str, int, int, int, bytes]]:
    """All below *path*: names, owners, modes, contents."""
    found = []
    for each in (path, *sorted(path.rglob("*"))):
        info = each.lstat()
        found.append((str(each), info.st_uid, info.st_gid, info.st_mode, each.read_bytes() if each.is_file() else b""))
    return found
