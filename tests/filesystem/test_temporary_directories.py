"""Directories for one command: what a killed process leaves is removed by the next write, and by logout."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mfa_tui.adapters.filesystem.temporary_directories import clear_left_directories, temporary_directory
from mfa_tui.demo.aws.server import StrictAws
from tests.support.awsfiles.saved_sessions import needs_root
from tests.support.homes.home import Home

GONE = "4194999"
"""The number of no process."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_only_those_of_processes_that_are_gone_are_removed(place: Path) -> None:
    kept = [f"mfa-tui-{os.getppid()}-a", "mfa-tui-demo-a", f"mfa-tui-{GONE}", f"other-{GONE}-a"]
    for name in (*kept, f"mfa-tui-{GONE}-a"):
        (place / name).mkdir()
        (place / name / "config").write_text("[default]\n")
    (place / f"mfa-tui-{GONE}-link").symlink_to(place / kept[-1])
    with temporary_directory() as directory:
        clear_left_directories()
        assert {*place.iterdir()} == {*(place / name for name in kept), Path(directory), place / f"mfa-tui-{GONE}-link"}
    assert not os.path.exists(directory)


@needs_root
def test_another_users_stay(place: Path) -> None:
    (place / f"mfa-tui-{GONE}-a").mkdir()
    os.chown(place / f"mfa-tui-{GONE}-a", 65534, 65534)
    clear_left_directories()
    assert list(place.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="kills")
@pytest.mark.parametrize("command", ["logout dev", "login dev"])
def test_the_copy_of_the_config_file_of_a_killed_exec(home: Home, aws: StrictAws, tmp_path: Path, command: str) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("default", user)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    home.env |= {"AWS_ENDPOINT_URL_STS": aws.url, "TMPDIR": str(tmp_path)}
    arguments = [sys.executable, "-m", "mfa_tui", "exec", "--renew", "dev", "--", "sleep", "1"]
    with subprocess.Popen(arguments, env=home.env) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("mfa-tui-*/config")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.kill()
    assert list(tmp_path.glob("mfa-tui-*"))
    home.run(*command.split())
    assert list(tmp_path.glob("mfa-tui-*")) == []
