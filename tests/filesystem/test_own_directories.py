"""Our own directories where other users made them, or can write to them: nothing leaks there, nothing is believed."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.own_directories import directory_problems
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.hot_commands import own_directories
from tests.support.awsfiles.saved_sessions import (
    NOBODY,
    SERIAL,
    as_botocore_reads,
    assert_one_message,
    furnish,
    furnish_role,
    hold_session,
    mode,
    needs_root,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher

CACHE, SESSIONS = ".cache/mfa-tui", ".cache/mfa-tui/sessions"
PLANTED = "ASIAPLANTEDPLANTED00"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX only: owners and modes")


def plant(home: Home, owner: int | None = None) -> Path:
    """A session of somebody else's making, under the name of the right one."""
    hold_session(home, new_session(access_key_id=PLANTED))
    (path,) = (home.path / SESSIONS).iterdir()
    if owner is not None:
        os.chown(path, owner, owner)
    return path


def keys_in(path: Path, word: str) -> list[Path]:
    return [each for each in path.rglob("*") if each.is_file() and word in each.read_text(errors="replace")]


@needs_root
@pytest.mark.parametrize("place", [CACHE, SESSIONS])
def test_a_directory_of_another_user(launcher: Launcher, shared_home: Home, place: str, aws: StrictAws) -> None:
    furnish_role(shared_home, aws)
    first = launcher.run(shared_home.env, "login", "dev")
    assert (first.status, first.err) == (0, "")
    theirs = shared_home.path / place
    for path in (theirs, *theirs.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o777 if path.is_dir() else 0o666)
    before = {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()}
    aws.reset()
    aws.clock.offset = 60.0
    again = launcher.run(shared_home.env, "login", "dev", ahead=60.0)
    # What lies there is not believed, and a new session is made; it goes into the target, and not there.
    assert again.status == 0, again.err
    assert aws.count("GetSessionToken") == 1
    assert f"{theirs} belongs to another user" in again.err
    assert "could not be cached" in again.err
    assert {path: path.read_bytes() for path in theirs.rglob("*") if path.is_file()} == before
    token = as_botocore_reads(shared_home.credentials)["dev-mfa"]["aws_session_token"]
    assert keys_in(shared_home.path / ".cache", token) == []


@needs_root
@pytest.mark.parametrize("command", [("login", "dev"), ("env", "dev"), ("credential-process", "dev"), ("list",)])
def test_a_session_that_another_user_planted(launcher: Launcher, shared_home: Home, command: tuple[str, ...]) -> None:
    furnish(shared_home)
    launcher.run(shared_home.env, "env", "dev")
    path = plant(shared_home, NOBODY)
    result = launcher.run(shared_home.env, *command)
    assert result.status == (0 if command == ("list",) else 3)
    assert PLANTED not in result.out + result.err
    assert keys_in(shared_home.aws_dir, PLANTED) == []
    assert path.exists()


@pytest.mark.parametrize("command", [("login", "dev"), ("env", "dev"), ("credential-process", "dev")])
def test_a_session_that_others_could_write(launcher: Launcher, home: Home, command: tuple[str, ...]) -> None:
    furnish(home)
    launcher.run(home.env, "env", "dev")
    plant(home).chmod(0o666)
    result = launcher.run(home.env, *command)
    assert result.status == 3
    assert PLANTED not in result.out + result.err


@pytest.mark.parametrize("bits", [0o777, 0o1777, 0o770, 0o702])
@pytest.mark.parametrize("command", [("login", "dev"), ("env", "dev"), ("credential-process", "dev")])
def test_a_directory_of_ours_that_others_can_write_to(
    launcher: Launcher, home: Home, command: tuple[str, ...], bits: int
) -> None:
    """It is repaired, with one word; what is ours in it is used."""
    furnish(home)
    launcher.run(home.env, "env", "dev")
    directory = home.path / SESSIONS
    directory.chmod(bits)
    result = launcher.run(home.env, *command)
    assert result.status == 0
    assert_one_message(result.err, f"warning: {directory} can be written by other users. This was corrected")
    assert mode(directory) == 0o700
    again = launcher.run(home.env, *command)
    assert (again.status, again.err) == (0, "")


def test_one_of_our_own_sessions_under_the_name_of_another(launcher: Launcher, home: Home) -> None:
    """Whoever could write to the directory may have renamed them."""
    furnish(home)
    hold_session(home, new_session(access_key_id=PLANTED, serial="arn:aws:iam::111122223333:mfa/other"))
    names = list((home.path / SESSIONS).iterdir())
    planted = next(path for path in names if PLANTED in path.read_text())
    planted.replace(next(path for path in names if path != planted))
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 3
    assert keys_in(home.aws_dir, PLANTED) == []


@pytest.mark.parametrize("place", [CACHE, SESSIONS, ".local/share/mfa-tui", ".local/state/mfa-tui"])
def test_a_directory_that_is_a_link(launcher: Launcher, home: Home, place: str) -> None:
    furnish(home)
    elsewhere = home.path / "elsewhere"
    path = home.path / place
    if path.exists():
        shutil.move(path, elsewhere)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        elsewhere.mkdir()
    path.symlink_to(elsewhere)
    before = sorted(elsewhere.rglob("*"))
    result = launcher.run(home.env, "login", "dev")
    assert f"{path} is a symbolic link" in result.err
    assert result.status == (3 if "cache" in place else 0)
    assert sorted(elsewhere.rglob("*")) == before


@needs_root
def test_a_link_of_another_user_on_the_way(launcher: Launcher, shared_home: Home) -> None:
    furnish(shared_home)
    (shared_home.path / ".cache").rename(shared_home.path / "real")
    link = shared_home.path / ".cache"
    link.symlink_to("real")
    result = launcher.run(shared_home.env, "login", "dev", "--as", "first")
    assert (result.status, result.err) == (0, "")
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    result = launcher.run(shared_home.env, "login", "dev", "--as", "second")
    assert result.err.count(f"{link} is a symbolic link of another user") == 1


def test_pipes_in_our_places_hang_nothing(home: Home) -> None:
    furnish(home)
    assert home.run("env", "dev").returncode == 0
    for directory in own_directories(Paths(home.env)):
        for path in Path(directory).glob("*"):
            if path.is_file() and not path.name.endswith(".lock"):
                path.unlink()
                os.mkfifo(path)
    seeds = home.path / ".local/share/mfa-tui/seeds.json"
    seeds.parent.mkdir(parents=True, exist_ok=True)
    seeds.unlink(missing_ok=True)
    os.mkfifo(seeds)
    for command in ("login", "env", "credential-process", "code", "logout"):
        result = home.run(command, "dev", timeout=30)
        assert result.returncode in (0, 1, 3)
        assert "Traceback" not in result.stderr
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    os.mkfifo(settings)
    refused = home.run("list", timeout=30)
    assert refused.returncode == 2
    assert_one_message(refused.stderr, "config.toml cannot be read", "not a regular file")


def test_what_doctor_is_reported(home: Home) -> None:
    furnish(home)
    paths = Paths(home.env)
    assert directory_problems(paths) == []
    (home.path / SESSIONS).chmod(0o770)
    (problem,) = directory_problems(paths)
    assert problem.strerror == f"{home.path / SESSIONS} can be written by other users"
    assert problem.remedy == f"chmod go-w {home.path / SESSIONS}"
    assert mode(home.path / SESSIONS) == 0o770
    diagnosis = home.run("doctor")
    assert "can be written by other users" in diagnosis.stdout
    assert mode(home.path / SESSIONS) == 0o770


def test_a_temporary_file_has_a_name_that_cannot_be_foreseen(launcher: Launcher, home: Home) -> None:
    furnish(home)
    for target in ("first", "second"):
        number = launcher.run(home.env, "login", "dev", "--as", f"{target}-whole").calls.index("replace")
        launcher.run(home.env, "login", "dev", "--as", target, die=("before", number))
    left = [path for path in home.path.rglob("*.tmp") if stat.S_ISREG(path.stat().st_mode)]
    assert all(len(path.name.rsplit(".", 2)[1].partition("-")[2]) == 16 for path in left)
    assert left


@needs_root
def test_settings_of_another_user_are_not_obeyed(launcher: Launcher, shared_home: Home) -> None:
    settings, told = settings_that_run(shared_home)
    os.chown(settings, NOBODY, NOBODY)
    result = launcher.run(shared_home.env, "code", "dev")
    assert result.status == 2
    assert_one_message(result.err, f"{settings} belongs to another user", "so it is not used", "sudo chown")
    assert not told.exists()


@pytest.mark.parametrize("bits", [0o666, 0o602])
def test_settings_that_others_can_write_are_not_obeyed(launcher: Launcher, home: Home, bits: int) -> None:
    settings, told = settings_that_run(home)
    settings.chmod(bits)
    result = launcher.run(home.env, "code", "dev")
    assert result.status == 2
    assert_one_message(result.err, f"{settings} can be written by other users", "so it is not used", "chmod go-w")
    assert not told.exists()
    settings.chmod(0o644)
    assert launcher.run(home.env, "code", "dev").status != 2
    assert told.exists()


def settings_that_run(home: Home) -> tuple[Path, Path]:
    """Settings that name a program, and the file that it makes when it is run."""
    furnish(home)
    told = home.path / "told"
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[devices."{SERIAL}"]\ncode_command = "touch {told}"\n')
    return settings, told


@pytest.mark.parametrize("kind", ["pipe", "hard link", "link"])
def test_another_file_in_place_of_a_lock_file(launcher: Launcher, home: Home, kind: str) -> None:
    """It is neither waited for nor written to."""
    furnish(home)
    victim = home.path / "victim"
    victim.write_text("precious")
    for name in (".config.mfa-tui.lock", ".credentials.mfa-tui.lock"):
        if kind == "pipe":
            os.mkfifo(home.aws_dir / name)
        elif kind == "link":
            (home.aws_dir / name).symlink_to(victim)
        else:
            os.link(victim, home.aws_dir / name)
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 2
    lock = home.aws_dir / ".config.mfa-tui.lock"
    assert_one_message(result.err, f"{lock} cannot be locked.", f"rm -f {lock}", "No code was used")
    assert victim.read_text() == "precious"


@pytest.mark.parametrize(
    ("bits", "told"), [(0o777, True), (0o772, True), (0o1777, False), (0o755, False), (0o700, False)]
)
def test_doctor_reports_a_directory_of_the_aws_files(home: Home, bits: int, told: bool) -> None:
    furnish(home)
    home.aws_dir.chmod(bits)
    diagnosis = home.run("doctor").stdout
    assert (f"{home.aws_dir} can be written by other users of this machine." in diagnosis) == told
    assert (f"chmod go-w {home.aws_dir}" in diagnosis) == told
