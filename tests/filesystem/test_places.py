"""Where the files lie: what cannot be replaced is refused before a code is asked for, and links stay links."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    KEY_ID,
    another_user,
    as_botocore_reads,
    assert_one_message,
    beside,
    contents,
    furnish,
    give,
    hold_session,
    in_mount_namespace,
    log_in,
    needs_root,
    new_session,
)
from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher, Result
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    # Imported on use: it brings boto3.
    from mfa_tui.demo.aws.server import StrictAws

WITH_KEYS = f"{CONFIG}aws_access_key_id = {KEY_ID}\naws_secret_access_key = not/really/a/secret\n"


def write(home: Home, config: str = CONFIG, credentials: str = CREDENTIALS) -> None:
    """Both files, and no session in hand: login needs a code."""
    home.config.write_text(config)
    home.credentials.write_text(credentials)
    home.credentials.chmod(0o600)


def refused(result: Result, *words: str) -> None:
    """A code was not even asked for: that would be exit status 3."""
    assert result.status == 2, result
    assert_one_message(result.err, *words)
    assert result.out == ""


def run_as_a_user(launcher: Launcher, home: Home, *arguments: str) -> Result:
    """As somebody whom permissions stop; the home is theirs."""
    user = another_user()
    if user is not None:
        give(home.path, user)
    return launcher.run(home.env, *arguments, user=user)


def test_the_tests_would_see_a_code_asked_for(launcher: Launcher, shared_home: Home) -> None:
    write(shared_home)
    assert run_as_a_user(launcher, shared_home, "login", "dev").status == 3


@pytest.mark.parametrize(
    ("name", "mode", "words"),
    [
        (".aws", 0o555, ("config cannot be written.", ".aws is read-only for you", "No code was used.")),
        (".aws/credentials", 0o400, ("credentials cannot be written.", "chmod u+w", "No code was used.")),
        (".aws/config", 0o400, ("config cannot be written.", "chmod u+w", "No code was used.")),
        (".aws/credentials", 0o000, ("credentials cannot be read.", "Permission denied")),
        (".aws", 0o000, ("config cannot be read.", "Permission denied")),
    ],
)
def test_what_permissions_forbid(
    launcher: Launcher, shared_home: Home, name: str, mode: int, words: tuple[str, ...]
) -> None:
    write(shared_home)
    old = contents(shared_home)
    path = shared_home.path / name
    path.chmod(mode)
    refused(run_as_a_user(launcher, shared_home, "login", "dev"), *words)
    assert path.stat().st_mode & 0o777 == mode
    path.chmod(0o700)
    assert contents(shared_home) == old
    assert beside(shared_home) == set()


def test_no_mfa_device_is_made_for_files_that_cannot_be_written(
    launcher: Launcher, shared_home: Home, aws: "StrictAws"
) -> None:
    user = aws.add_user()
    shared_home.env |= {"AWS_ENDPOINT_URL_STS": aws.url, "AWS_ENDPOINT_URL_IAM": aws.url}
    shared_home.add_profile("dev", user)
    shared_home.config.parent.chmod(0o555)
    result = run_as_a_user(launcher, shared_home, "device", "enroll", "dev", "--yes")
    assert (result.status, result.out) == (2, "")
    assert "read-only for you" in result.err
    assert "Nothing was created." in result.err
    assert (aws.count("CreateVirtualMFADevice"), user.devices()) == (0, [])


@pytest.mark.parametrize("name", [".local", ".local/share", ".local/state", ".cache", ".local/share/mfa-tui"])
def test_our_own_directories_may_be_read_only(launcher: Launcher, shared_home: Home, name: str) -> None:
    """Login with a session in hand goes on; nothing that is only nice to have stops it."""
    furnish(shared_home)
    path = shared_home.path / name
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o555)
    result = run_as_a_user(launcher, shared_home, "login", "dev")
    assert (result.status, "dev-mfa" in as_botocore_reads(shared_home.credentials)) == (0, True)
    assert not result.err or "No backup of" in result.err


@pytest.mark.parametrize("owner", [".", ".local"])
def test_a_first_write_without_a_backup_is_reported(launcher: Launcher, shared_home: Home, owner: str) -> None:
    furnish(shared_home)
    shutil.rmtree(shared_home.path / ".local", ignore_errors=True)
    directory = shared_home.path / owner
    directory.mkdir(exist_ok=True)
    directory.chmod(0o555)
    doctor = run_as_a_user(launcher, shared_home, "doctor", "--json")
    told = [each for each in json.loads(doctor.out)["findings"] if each["code"] == "backup-impossible"]
    assert [each["severity"] for each in told] == ["warning"]
    assert str(directory) in told[0]["why"]
    result = run_as_a_user(launcher, shared_home, "login", "dev", "--json")
    (notice,) = json.loads(result.out)["logins"][0]["notices"]
    assert notice.startswith(f"No backup of {shared_home.config} and {shared_home.credentials} can be made in ")
    assert (result.status, "dev-mfa" in as_botocore_reads(shared_home.credentials)) == (0, True)


def test_a_cached_session_that_cannot_be_removed(launcher: Launcher, shared_home: Home) -> None:
    furnish(shared_home)
    old = contents(shared_home)
    log_in(shared_home)
    (shared_home.path / ".cache/mfa-tui/sessions").chmod(0o555)
    result = run_as_a_user(launcher, shared_home, "logout", "dev")
    assert result.status == 1
    assert_one_message(result.err, "The cached session", "was not removed", "Permission denied")
    assert contents(shared_home) == old


@needs_root
def test_a_lock_file_of_someone_else(launcher: Launcher, shared_home: Home) -> None:
    write(shared_home)
    user = another_user()
    assert user is not None
    give(shared_home.path, user)
    lock = shared_home.aws_dir / ".credentials.mfa-tui.lock"
    lock.touch(mode=0o600)
    refused(
        launcher.run(shared_home.env, "login", "dev", user=user), f"{lock} cannot be locked.", "rm -f", "No code was"
    )


@pytest.mark.parametrize("variable", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_devices_pipes_and_directories(launcher: Launcher, home: Home, variable: str) -> None:
    fifo = home.path / "fifo"
    os.mkfifo(fifo)
    for path, words in (
        (str(fifo), "It is a pipe or a device."),
        ("/dev/zero", "It is a pipe or a device."),
        (str(home.path), "It is a directory."),
        (f"{home.config}/below", "Not a directory."),
        ("/dev/null", "It is not a regular file."),
    ):
        write(home, WITH_KEYS, f"{CREDENTIALS}region = eu-west-1\nmfa_serial = arn:aws:iam::111122223333:mfa/x\n")
        home.env[variable] = path
        refused(launcher.run(home.env, "login", "dev"), path, words)
    assert fifo.is_fifo()


def test_no_config_file_on_purpose(launcher: Launcher, home: Home) -> None:
    """``AWS_CONFIG_FILE=/dev/null`` is how people say so: nothing is to be written there, so nothing is touched."""
    furnish(home, credentials=f"{CREDENTIALS}mfa_serial = {new_session().serial}\n")
    home.env["AWS_CONFIG_FILE"] = os.devnull
    devices = set(os.listdir("/dev"))
    result = launcher.run(home.env, "login", "dev")
    assert (result.status, result.err) == (0, "")
    assert "dev-mfa" in as_botocore_reads(home.credentials)
    assert set(os.listdir("/dev")) <= devices
    assert "mknod" not in result.calls


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_hard_link(launcher: Launcher, home: Home, name: str) -> None:
    write(home)
    other = home.path / "other name"
    os.link(home.aws_dir / name, other)
    refused(launcher.run(home.env, "login", "dev"), f"{name} cannot be written.", "2 hard links", "symbolic links")
    assert other.samefile(home.aws_dir / name)


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_file_that_is_mounted_by_itself(home: Home, name: str) -> None:
    write(home)
    old = contents(home)
    script = f'mount --bind .aws/{name} .aws/{name} && exec "$0" -m mfa_tui login dev'
    result = subprocess.run(
        [*in_mount_namespace(), "sh", "-c", script, sys.executable],
        cwd=home.path, env=home.env, capture_output=True, encoding="utf-8", check=False, timeout=scaled(60),
    )  # fmt: skip
    assert result.returncode == 2, result.stderr
    assert_one_message(result.stderr, f"{name} cannot be written.", "mounted by itself", "No code was used.")
    assert contents(home) == old


def test_one_file_by_two_names_of_its_directory(home: Home) -> None:
    """As in a container that mounts a directory twice: the second lock would wait for the first."""
    furnish(home, credentials=f"{CREDENTIALS}\n{CONFIG}")
    (home.path / "other").mkdir()
    home.env["AWS_CONFIG_FILE"] = str(home.path / "other/credentials")
    script = 'mount --bind .aws other && "$0" -m mfa_tui login dev'
    result = subprocess.run(
        [*in_mount_namespace(), "sh", "-c", script, sys.executable],
        cwd=home.path, env=home.env, capture_output=True, encoding="utf-8", check=False, timeout=scaled(60),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert {"dev", "profile dev", "dev-mfa", "profile dev-mfa"} == set(as_botocore_reads(home.credentials))


def test_a_file_too_large_for_memory(launcher: Launcher, home: Home) -> None:
    furnish(home)
    os.truncate(home.credentials, 1 << 40)
    result = launcher.run(home.env, "login", "dev")
    assert result.status == 2
    assert_one_message(result.err, "credentials cannot be read.", "It has more than 16,777,216 bytes.")


def test_a_missing_directory_is_made(launcher: Launcher, home: Home) -> None:
    furnish(home, config=WITH_KEYS)
    home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(home.path / "new/deep/credentials")
    result = launcher.run(home.env, "login", "dev")
    assert (result.status, result.err) == (0, "")
    assert "dev-mfa" in as_botocore_reads(home.path / "new/deep/credentials")
    assert {path.stat().st_mode & 0o777 for path in (home.path / "new", home.path / "new/deep")} == {0o700}


def test_a_missing_directory_that_cannot_be_made(launcher: Launcher, shared_home: Home) -> None:
    write(shared_home, config=WITH_KEYS)
    shut = shared_home.path / "shut"
    shut.mkdir()
    shut.chmod(0o555)
    shared_home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(shut / "new/credentials")
    refused(run_as_a_user(launcher, shared_home, "login", "dev"), f"The directory {shut} is read-only for you.")


def relative(link: Path, target: Path) -> None:
    link.symlink_to(os.path.relpath(target, link.parent))


def absolute(link: Path, target: Path) -> None:
    link.symlink_to(target)


def chained(link: Path, target: Path) -> None:
    between = target.parent / "between"
    between.symlink_to(target.name)
    link.symlink_to(between)


@pytest.mark.parametrize("make", [relative, absolute, chained], ids=lambda make: make.__name__)
@pytest.mark.parametrize("dangling", [False, True], ids=["", "dangling"])
def test_a_symbolic_link_stays_one(
    launcher: Launcher, home: Home, make: Callable[[Path, Path], None], dangling: bool
) -> None:
    furnish(home, config=WITH_KEYS)
    target = home.path / "dotfiles" / "aws-credentials"
    target.parent.mkdir()
    if not dangling:
        home.credentials.rename(target)
    home.credentials.unlink(missing_ok=True)
    make(home.credentials, target)
    old = home.credentials.readlink(), target.read_bytes() if not dangling else b""
    result = launcher.run(home.env, "login", "dev")
    assert (result.status, result.err) == (0, "")
    assert "dev-mfa" in as_botocore_reads(target)
    assert home.credentials.is_symlink()
    assert launcher.run(home.env, "logout", "dev").status == 0
    assert (home.credentials.readlink(), target.read_bytes()) == old
    assert beside(home) == set()


def test_a_directory_that_is_a_symbolic_link(launcher: Launcher, home: Home) -> None:
    furnish(home)
    home.aws_dir.rename(home.path / "real")
    home.aws_dir.symlink_to("real")
    assert launcher.run(home.env, "login", "dev").status == 0
    assert home.aws_dir.is_symlink()
    assert "dev-mfa" in as_botocore_reads(home.path / "real/credentials")


def test_a_loop_of_symbolic_links(launcher: Launcher, home: Home) -> None:
    write(home, config=WITH_KEYS)
    home.credentials.unlink()
    home.credentials.symlink_to("credentials")
    refused(launcher.run(home.env, "login", "dev"), "credentials cannot be read.", "Too many levels of symbolic links")


def test_a_temporary_file_that_someone_put_there(launcher: Launcher, home: Home) -> None:
    """A symbolic link in its place is not followed."""
    furnish(home)
    victim = home.path / "victim"
    victim.write_text("precious")
    (home.aws_dir / ".credentials.mfa-tui.tmp").symlink_to(victim)
    (home.aws_dir / ".config.mfa-tui.tmp").write_text("left by a killed login")
    assert launcher.run(home.env, "login", "dev").status == 0
    assert victim.read_text() == "precious"
    assert not home.credentials.is_symlink()
    assert beside(home) == set()


def test_a_directory_that_cannot_be_listed(launcher: Launcher, shared_home: Home) -> None:
    """It can be written to all the same: that it cannot be opened to sync it does not make the rename fail."""
    furnish(shared_home)
    shared_home.aws_dir.chmod(0o300)
    result = run_as_a_user(launcher, shared_home, "login", "dev")
    shared_home.aws_dir.chmod(0o700)
    assert (result.status, result.err) == (0, "")
    assert "dev-mfa" in as_botocore_reads(shared_home.credentials)


@needs_root
def test_root_in_a_users_home_leaves_everything_to_the_user(launcher: Launcher, shared_home: Home) -> None:
    """As with sudo: what login makes there, the user must be able to use and to change."""
    furnish(shared_home, config=WITH_KEYS)
    shared_home.credentials.unlink()
    user = another_user()
    assert user is not None
    give(shared_home.path, user)
    assert launcher.run(shared_home.env, "login", "dev").status == 0
    owners = {path: (path.stat().st_uid, path.stat().st_gid) for path in shared_home.path.rglob("*")}
    assert {shared_home.credentials, shared_home.aws_dir / ".credentials.mfa-tui.lock"} <= set(owners)
    assert set(owners.values()) == {(user, user)}
    shutil.rmtree(shared_home.path / ".cache")
    hold_session(shared_home, new_session(access_key_id="ASIANEXT"))
    give(shared_home.path / ".cache", user)
    again = launcher.run(shared_home.env, "login", "dev", user=user)
    assert (again.status, again.err) == (0, "")
    assert as_botocore_reads(shared_home.credentials)["dev-mfa"]["aws_access_key_id"] == "ASIANEXT"
