"""Other programs that write the credentials while a login waits, or at the last moment before it writes."""

import fcntl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.adapters.awsfiles import file_edit, late_writers
from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.adapters.filesystem.atomic_replace import Replacement
from mfa_tui.errors import MfaTuiError
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    age,
    as_botocore_reads,
    beside,
    furnish,
    log_in,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import without_leases
from tests.support.runner.timeouts import scaled

SECTIONS = ("default", "dev", "ops", "other", "last")
CREDENTIALS = "\n".join(
    f"[{name}]\naws_access_key_id = AKIAEXAMPLEEXAMPLE00\naws_secret_access_key = secret/of/{name}\n"
    for name in SECTIONS
)
THEIRS = f"{CREDENTIALS}\n[theirs]\naws_access_key_id = AKIATHEIRS\naws_secret_access_key = t\n"
HALF = CREDENTIALS[: CREDENTIALS.index("[ops]") - 1]
"""Two sections of five: whole, and nothing tells that more is to come."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux only: leases")


@pytest.fixture(autouse=True, params=["leases", "no leases"])
def leases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system tells who has a file open for writing."""
    if request.param == "leases":
        if sys.platform != "linux":
            pytest.skip("Linux only: leases")
        return True
    for module, name, seconds in (
        (file_edit, "_QUIET_IF_UNKNOWN", 0.5), (file_edit, "_QUIET_IF_LOST", 1.0),
        (late_writers, "_WATCHED_BLINDLY", 0.7),
        (late_writers, "_QUIET_ONCE_CHANGED", 1.0),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, seconds)
    monkeypatch.setattr(fcntl, "fcntl", without_leases(fcntl.fcntl))
    return False


@pytest.fixture
def home(home: Home) -> Home:
    """With a session in hand, and five profiles that have keys."""
    furnish(home, credentials=CREDENTIALS)
    return home


@pytest.fixture(params=["plain", "link", "one file"])
def layout(request: pytest.FixtureRequest, home: Home) -> str:
    """Where the files are: the credentials behind a link, or both variables naming one file."""
    if request.param == "link":
        (home.path / "dotfiles").mkdir()
        home.credentials.rename(home.path / "dotfiles" / "credentials")
        home.credentials.symlink_to(home.path / "dotfiles" / "credentials")
    elif request.param == "one file":
        home.credentials.write_text(f"{CREDENTIALS}\n{CONFIG}")
        home.env["AWS_CONFIG_FILE"] = str(home.credentials)
        age(home)
    return str(request.param)


class Writer:
    """Another program that writes a file in place: *first*, then after *pause* seconds *rest*. None: it dies before."""

    def __init__(self, path: Path, first: str, rest: str | None, pause: float = 0.0, how: str = "w") -> None:
        program = (
            "import os, sys, time\n"
            "path, how, first, rest, pause = sys.argv[1:]\n"
            "print('up', flush=True)\n"
            "file = open(path, how)\n"
            "file.write(first); file.flush()\n"
            "print('open', flush=True)\n"
            "time.sleep(float(pause))\n"
            "if rest == '-': os._exit(9)\n"
            "file.write(rest); file.close()\n"
        )
        arguments = [str(path), how, first, "-" if rest is None else rest, str(pause)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.wait_for("up")

    def wait_for(self, word: str) -> None:
        """Until it says that word."""
        assert self.process.stdout
        assert self.process.stdout.readline() == f"{word}\n"

    def end(self) -> None:
        """Until it is done."""
        self.process.communicate(timeout=scaled(60))


@pytest.fixture
def while_waiting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """``while_waiting(what)``: *what* happens once, after login has read the files and before it writes."""

    def install(what: Callable[[], None]) -> None:
        edit = AwsFiles.edit
        done: list[bool] = []

        def later(self: AwsFiles, *arguments: Any, **options: Any) -> bool:
            if not done:
                done.append(True)
                what()
            return edit(self, *arguments, **options)

        monkeypatch.setattr(AwsFiles, "edit", later)

    return install


@pytest.fixture
def at_last_moment(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """``at_last_moment(what)``: *what* happens once, when nothing more stands between login and its renaming."""

    def install(what: Callable[[], None]) -> None:
        commit = Replacement.commit
        done: list[bool] = []

        def later(self: Replacement, **options: Any) -> None:
            if self.path == str(home.credentials) and not done:
                done.append(True)
                what()
            commit(self, **options)

        monkeypatch.setattr(Replacement, "commit", later)

    return install


def assert_nothing_lost(home: Home, expected: str = THEIRS, *, session: bool = True) -> None:
    """All sections and keys of *expected* are there, and ours."""
    found = as_botocore_reads(home.credentials)
    reference = home.path / "reference"
    reference.write_text(expected)
    wanted = as_botocore_reads(reference)
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) - set(wanted) == ({"dev-mfa"} if session else set())
    assert beside(home) == set()


def failure(home: Home) -> MfaTuiError:
    with pytest.raises(MfaTuiError) as caught:
        log_in(home)
    return caught.value


def named_backup(problem: MfaTuiError) -> Path:
    """The backup that an error names."""
    return Path(next(word for word in problem.remedy.split() if "/backups/" in word).rstrip(":."))


def backups(home: Home) -> list[str]:
    """What the backups of the credentials hold, the oldest first."""
    directory = home.path / ".local/share/mfa-tui/backups"
    paths = [path for path in directory.iterdir() if "-credentials" in path.name and ".other-" not in path.name]
    return [path.read_text() for path in sorted(paths, key=lambda path: (len(path.name), path.name))]
