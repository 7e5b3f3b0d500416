"""Root in another user's home, as with ``sudo -E``: nothing is done there that its owner could not do."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    NOBODY,
    SERIAL,
    as_botocore_reads,
    assert_one_message,
    contents,
    furnish,
    give,
    needs_root,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher
from tests.support.runner.thoroughness import long, quick_cases

pytestmark = needs_root

WHO = "import os; print(os.getresuid(), os.getresgid(), os.getgroups())"


@pytest.fixture
def theirs(shared_home: Home) -> Home:
    """A home with a session in hand, all of it another user's."""
    furnish(shared_home)
    give(shared_home.path, NOBODY)
    return shared_home


@pytest.fixture
def roots(theirs: Home) -> Path:
    """A file that only root may read or write, outside of that home."""
    path = theirs.path.parent / "root's"
    path.write_text("[profile of-root]\nregion = root's\n")
    path.chmod(0o600)
    return path


def all_below(path: Path) -> str:
    return "\n".join(each.read_text() for each in path.rglob("*") if each.is_file() and not each.is_symlink())


def test_the_config_is_a_link_to_a_file_of_roots(launcher: Launcher, theirs: Home, roots: Path) -> None:
    """It is neither read, into a backup say, nor written."""
    theirs.config.unlink()
    theirs.config.symlink_to(roots)
    old = roots.read_bytes()
    result = launcher.run(theirs.env, "login", "dev")
    assert result.status == 2
    assert_one_message(result.err, "config cannot be read.", "Permission denied")
    assert roots.read_bytes() == old
    assert "of-root" not in all_below(theirs.path)


@quick_cases(2)
@pytest.mark.parametrize(
    "place",
    [
        ".cache/mfa-tui/sessions",
        ".cache/mfa-tui/ready",
        ".local/share/mfa-tui",
        ".local/state/mfa-tui",
        ".local/state/mfa-tui/history",
    ],
)
def test_our_directory_is_a_link_to_one_of_roots(launcher: Launcher, theirs: Home, place: str) -> None:
    victim = theirs.path.parent / "root's"
    victim.mkdir(mode=0o700)
    path = theirs.path / place
    if path.exists():
        path.rename(path.with_name("moved"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(victim)
    give(theirs.path, NOBODY)
    for command in (("login", "dev"), ("env", "dev"), ("logout", "--all")):
        launcher.run(theirs.env, *command)
    assert list(victim.iterdir()) == []
    assert victim.stat().st_uid == 0


def test_files_that_the_user_has_linked_stay_roots(launcher: Launcher, theirs: Home, roots: Path) -> None:
    """Wherever mfa-tui changes owner or mode, a link to a file of root's stands in the way."""
    for name in (".config.mfa-tui.lock", ".credentials.mfa-tui.lock", ".credentials.mfa-tui.tmp"):
        (theirs.aws_dir / name).symlink_to(roots)
    old = roots.read_bytes()
    launcher.run(theirs.env, "login", "dev")
    assert (roots.stat().st_uid, roots.stat().st_mode & 0o777, roots.read_bytes()) == (0, 0o600, old)


def test_all_is_the_owners_and_done_by_the_owner(launcher: Launcher, theirs: Home) -> None:
    result = launcher.run(theirs.env, "login", "dev")
    assert (result.status, result.err) == (0, "")
    assert "dev-mfa" in as_botocore_reads(theirs.credentials)
    assert (theirs.path / ".local/state/mfa-tui/history/history.sqlite3").exists()
    assert {(path.stat().st_uid, path.stat().st_gid) for path in theirs.path.rglob("*")} == {(NOBODY, NOBODY)}
    assert not {"fchown", "chown"} & set(result.calls)


def test_a_home_that_is_missing_or_a_link_of_the_users(launcher: Launcher, theirs: Home, roots: Path) -> None:
    link = theirs.path / "link"
    link.symlink_to(roots.parent)
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    for home in (theirs.path / "new", link):
        kept = {name: value for name, value in theirs.env.items() if not name.startswith("XDG_")}
        launcher.run({**kept, "HOME": str(home)}, "device", "forget", "dev", "--yes")
    assert {path.stat().st_uid for path in theirs.path.rglob("*") if not path.is_symlink()} == {NOBODY}
    assert not (roots.parent / ".local").exists()


def test_the_command_of_exec_is_roots(theirs: Home) -> None:
    """In a process of its own: here Python itself may lie where the owner cannot read it."""
    for options in ([], ["--renew"]):
        command = ["exec", *options, "dev", "--", sys.executable, "-c", WHO]
        result = theirs.run_python("-m", "mfa_tui", *command)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout == f"{os.getresuid()} {os.getresgid()} {os.getgroups()}\n"


@long
def test_programs_that_settings_name_are_not_roots(theirs: Home) -> None:
    """They are the user's: ``seed_command`` and the like."""
    told = theirs.path / "told"
    script = theirs.path / "script"
    script.write_text(f"(id -u; id -ru; cat /proc/self/status) > {shlex.quote(str(told))}\n")
    settings = theirs.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[devices."{SERIAL}"]\ncode_command = "sh {script}"\n')
    give(theirs.path, NOBODY)
    theirs.run_python("-m", "mfa_tui", "code", "dev")
    lines = told.read_text().splitlines()
    assert lines[:2] == [str(NOBODY)] * 2
    assert f"Uid:\t{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}" in lines
    assert f"Gid:\t{NOBODY}\t{NOBODY}\t{NOBODY}\t{NOBODY}" in lines
    assert "Groups:\t65534 " in lines or "Groups:\t " in lines


def test_in_its_own_home_root_stays_root(launcher: Launcher, shared_home: Home) -> None:
    furnish(shared_home, CONFIG)
    assert launcher.run(shared_home.env, "login", "dev").status == 0
    assert {path.stat().st_uid for path in shared_home.path.rglob("*")} == {0}
    assert contents(shared_home)[1].count(b"[dev-mfa]") == 1


def test_in_its_own_home_root_follows_no_link_of_another_user(launcher: Launcher, shared_home: Home) -> None:
    """``AWS_CONFIG_FILE`` may name a file in a directory of somebody else's."""
    furnish(shared_home)
    directory = shared_home.path / "theirs"
    directory.mkdir()
    link = directory / "config"
    link.symlink_to(shared_home.config)
    give(directory, NOBODY)
    shared_home.env["AWS_CONFIG_FILE"] = str(link)
    old = contents(shared_home)
    result = launcher.run(shared_home.env, "login", "dev")
    assert result.status == 2
    assert_one_message(result.err, f"{link} is a symbolic link of another user", "Run mfa-tui as that user")
    assert contents(shared_home) == old
    os.chown(link, 0, 0, follow_symlinks=False)
    assert launcher.run(shared_home.env, "login", "dev").status == 0
