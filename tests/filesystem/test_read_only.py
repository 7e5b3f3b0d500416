"""Files that cannot be changed: told before a code is asked for, with a command that helps, or written around."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    NOBODY,
    as_botocore_reads,
    assert_one_message,
    beside,
    contents,
    furnish,
    give,
    in_mount_namespace,
    log_in,
    needs_root,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher, Result
from tests.support.runner.timeouts import scaled

SECTION = """[profile dev-mfa]
  region = eu-central-1
  s3 =
    max_concurrent_requests = 20
"""


def run_as_nobody(launcher: Launcher, home: Home, *arguments: str) -> Result:
    return launcher.run(home.env, *arguments, user=NOBODY if os.geteuid() == 0 else None)


@pytest.fixture
def set_attribute() -> Iterator[Callable[[Path, str], None]]:
    """Sets an attribute (chattr) for as long as the test takes; skips where that cannot be done."""
    done: list[tuple[Path, str]] = []

    def set_it(path: Path, letter: str) -> None:
        if shutil.which("chattr") is None:
            pytest.skip("chattr is missing")
        tried = subprocess.run(["chattr", f"+{letter}", path], capture_output=True, check=False)
        if tried.returncode:
            pytest.skip("this file system has no such attributes, or only root may set them")
        done.append((path, letter))

    yield set_it
    for path, letter in done:
        subprocess.run(["chattr", f"-{letter}", path], check=True)


@pytest.mark.parametrize("name", [".aws/credentials", ".aws/config", ".aws"])
@pytest.mark.parametrize("word", ["append-only", "immutable"])
def test_attributes_that_forbid_a_change(
    launcher: Launcher, home: Home, set_attribute: Callable[[Path, str], None], name: str, word: str
) -> None:
    letter = word[0]
    home.config.write_text(CONFIG)
    home.credentials.write_text(CREDENTIALS)
    home.credentials.chmod(0o600)
    old = contents(home)
    path = home.path / name
    set_attribute(path, letter)
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 2, result
    assert_one_message(result.err, f"is {word}.", f"sudo chattr -{letter} {path}", "No code was used")
    assert contents(home) == old
    assert word in home.run("doctor").stdout
    subprocess.run(["chattr", f"-{letter}", path], check=True)
    assert launcher.run(home.env, "login", "dev").status == 3
    assert beside(home) == set()


@needs_root
@pytest.mark.parametrize(
    "names", [("config",), ("credentials",), ("config", "credentials"), ("", "config", "credentials")]
)
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_files_of_root(launcher: Launcher, shared_home: Home, names: tuple[str, ...], mode: int) -> None:
    """As ``sudo aws configure`` leaves them; the command that is told gives all of them back."""
    furnish(shared_home)
    give(shared_home.path, NOBODY)
    for name in names:
        path = shared_home.aws_dir / name
        os.chown(path, 0, 0)
        path.chmod(mode if name else mode | (mode & 0o444) >> 2)
    result = run_as_nobody(launcher, shared_home, "login", "dev")
    assert result.status == 2, result
    what = f'"$USER" {shared_home.aws_dir / names[0]}' if len(names) == 1 else f'-R "$USER" {shared_home.aws_dir}'
    assert_one_message(result.err, "belongs to root", f"sudo chown {what}")
    command = shlex.split(what.replace("$USER", str(NOBODY)))
    subprocess.run(["chown", *command], check=True)
    assert run_as_nobody(launcher, shared_home, "login", "dev").status == 0


@pytest.fixture
def store(shared_home: Home) -> Home:
    """A home whose config file is a link into a read-only store; a session is in hand."""
    furnish(shared_home)
    store = shared_home.path / "store"
    store.mkdir()
    shared_home.config.rename(store / "config")
    (store / "config").chmod(0o444)
    store.chmod(0o555)
    shared_home.config.symlink_to(store / "config")
    if os.geteuid() == 0:
        give(shared_home.path, NOBODY)
    return shared_home


def test_a_config_file_in_a_read_only_store(launcher: Launcher, store: Home) -> None:
    """The session is written all the same, and what is missing is told until somebody has added it."""
    old = contents(store)
    result = run_as_nobody(launcher, store, "login", "dev")
    assert result.status == 0, result
    assert f"{store.config} cannot be written. Add this to it by hand:\n  {SECTION}" in result.err
    assert store.config.is_symlink()
    assert contents(store)[0] == old[0]
    assert "dev-mfa" in as_botocore_reads(store.credentials)
    again = run_as_nobody(launcher, store, "login", "dev")
    assert (again.status, again.err) == (0, result.err)
    # By hand, as it was told.
    told = result.err.partition("hand:\n")[2].replace("\n  ", "\n").removeprefix("  ")
    (store.path / "store/config").chmod(0o644)
    (store.path / "store/config").write_text(CONFIG + told)
    (store.path / "store/config").chmod(0o444)
    added = as_botocore_reads(store.path / "store/config")
    assert added["profile dev-mfa"] == {key: added["profile dev"][key] for key in ("region", "s3")}
    third = run_as_nobody(launcher, store, "login", "dev", "--force")
    assert third.status == 3
    third = run_as_nobody(launcher, store, "login", "dev")
    assert (third.status, third.err) == (0, "")
    assert run_as_nobody(launcher, store, "logout", "dev").status == 0
    assert contents(store)[1] == old[1]


def test_a_process_cannot_be_set_up_there(launcher: Launcher, store: Home) -> None:
    result = run_as_nobody(launcher, store, "login", "dev", "--process")
    assert result.status == 2
    assert_one_message(result.err, "config cannot be written.", "is read-only for you", "No code was used")


def test_doctor_finds_nothing_wrong_there(launcher: Launcher, store: Home) -> None:
    assert "cannot be written" not in run_as_nobody(launcher, store, "doctor").out


def test_a_config_file_on_a_read_only_file_system(home: Home) -> None:
    furnish(home)
    script = 'mount --bind -o ro .aws/config .aws/config && exec "$0" -m mfa_tui login dev'
    result = subprocess.run(
        [*in_mount_namespace(), "sh", "-c", script, sys.executable],
        cwd=home.path, env=home.env, capture_output=True, encoding="utf-8", check=False, timeout=scaled(60),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert f"Add this to it by hand:\n  {SECTION}" in result.stderr
    assert "dev-mfa" in as_botocore_reads(home.credentials)


def test_logout_forgets_the_session_of_a_file_that_cannot_be_written(launcher: Launcher, shared_home: Home) -> None:
    furnish(shared_home)
    log_in(shared_home)
    if os.geteuid() == 0:
        give(shared_home.path, NOBODY)
    shared_home.credentials.chmod(0o400)
    result = run_as_nobody(launcher, shared_home, "logout", "dev")
    assert result.status == 2
    assert_one_message(result.err, "credentials cannot be written.", "The cached session was removed.", "chmod u+w")
    assert list((shared_home.path / ".cache/mfa-tui/sessions").iterdir()) == []
    shared_home.credentials.chmod(0o600)
    assert run_as_nobody(launcher, shared_home, "logout", "dev").status == 0


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_chmod(home: Home, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    """Where all files have one mode, as on vfat, nothing needs changing, and nothing fails."""

    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    furnish(home)
    monkeypatch.setattr(os, "fchmod", refuse)
    monkeypatch.setattr(os, "chmod", refuse)
    log_in(home)
    assert "dev-mfa" in as_botocore_reads(home.credentials)


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_without_fsync(home: Home, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refuse(_: int) -> None:
        raise OSError(error, os.strerror(error))

    furnish(home)
    monkeypatch.setattr(os, "fsync", refuse)
    log_in(home)
    assert "dev-mfa" in as_botocore_reads(home.credentials)
