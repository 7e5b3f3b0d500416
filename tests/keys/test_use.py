"""Stored keys are used as those in the files are: roles, AWS's own tools, hot commands, the list."""

import json
from pathlib import Path

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws
from tests.cli.sessions.test_roles import identity
from tests.keys.conftest import Ana
from tests.project.test_imports import loaded
from tests.support.awsfiles.settled_files import let_files_settle
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long

NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


def store(home: Home, *options: str) -> None:
    done = home.run("keys", "store", "dev", "--yes", *options)
    assert done.returncode == 0, done.stderr


def begin(home: Home, command: str) -> None:
    """Have a live session that *command* can hand out at once."""
    for setting in ("login dev", command):
        assert home.run(*setting.split()).returncode == 0
        let_files_settle(home)


@pytest.fixture
def admin(home: Home, aws: StrictAws, ana: Ana) -> str:
    """The ARN of a role that ``admin`` assumes with the keys of ``dev``."""
    arn = aws.add_role(f"Admin-{ana.user.name}", trust(ana.user.arn))
    home.add_role_profile("admin", arn)
    return arn


@long
def test_the_aws_command_gets_sessions_with_mfa(home: Home, aws: StrictAws, ana: Ana, admin: str) -> None:
    store(home)
    assert identity(home, "dev") == ana.user.arn
    assert admin.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") in identity(home, "admin")
    assert aws.count("GetSessionToken") == 1


def test_roles(home: Home, aws: StrictAws, ana: Ana, admin: str) -> None:
    store(home)
    for command in ("login admin", "exec admin -- env", "env admin", "credential-process admin"):
        result = home.run(*command.split())
        assert (result.returncode, result.stderr) == (0, ""), command
    assert aws.count("GetSessionToken") == 1
    assert aws.count("AssumeRole") == 1
    listed = {each["name"]: each for each in json.loads(home.run("list", "--json").stdout)["profiles"]}
    assert (listed["admin"]["kind"], listed["admin"]["chain"]) == ("role", ["admin", "dev"])
    assert (listed["dev"]["kind"], listed["dev"]["can_log_in"]) == ("stored-keys", True)
    assert admin
    assert ana


@pytest.mark.usefixtures("admin", "moved_time")
def test_a_role_for_more_than_an_hour(home: Home, aws: StrictAws, ana: Ana) -> None:
    arn = aws.add_role(f"Long-{ana.user.name}", trust(ana.user.arn), max_duration=43200)
    home.add_role_profile("long", arn, duration_seconds=7200)
    store(home)
    result = home.run("login", "long")
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    assert "DurationSeconds" in identity(home, "long")


def test_a_session_from_before_stays_valid(home: Home, aws: StrictAws, ana: Ana) -> None:
    assert home.run("login", "dev").returncode == 0
    store(home)
    assert home.run("login", "dev").returncode == 0
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    assert home.run("login", "dev").returncode == 0
    assert aws.count("GetSessionToken") == 1
    assert ana


def test_a_live_session_needs_no_keyring(home: Home, aws: StrictAws, ana: Ana, admin: str) -> None:
    store(home)
    assert home.run("login", "admin", "dev").returncode == 0
    for command in (
        "login dev", "login admin", "exec dev -- true", "env dev", "credential-process dev", "credential-process admin",
        "list", "use dev", "logout dev",
    ):  # fmt: skip
        result = home.run(*command.split(), env=NO_KEYRING)
        assert result.returncode == 0, (command, result.stderr)
    assert aws.count("GetSessionToken") == 1
    assert ana
    assert admin


@pytest.mark.parametrize("command", ["credential-process dev", "env dev", "login dev", "list"])
def test_a_live_session_loads_nothing_more(home: Home, ana: Ana, command: str) -> None:
    assert ana
    begin(home, command)
    before = loaded(home, *command.split())
    store(home)
    begin(home, command)
    after = loaded(home, *command.split())
    assert (before[0], after[0]) == (0, 0)
    assert after[1] - before[1] == set()
    known = [name for name in after[1] if name.rpartition(".")[2].startswith("known_user")]
    assert [name for name in after[1] if "keys" in name.split(".")[:-1] and name not in known] == []


@pytest.mark.usefixtures("moved_time")
def test_devices(home: Home, ana: Ana) -> None:
    store(home)
    listed = home.run("device", "list", "dev")
    assert listed.returncode == 0, listed.stderr
    assert ana.device.serial.rpartition("/")[2] in listed.stdout
    replaced = home.run("device", "replace", "dev", "--yes")
    assert replaced.returncode == 0, replaced.stderr
    assert home.run("login", "dev").returncode == 0


def test_its_process_is_never_run_by_ourselves(home: Home, tmp_path: Path, ana: Ana) -> None:
    """Not even where the line names a program that is no longer there."""
    store(home)
    assert ana
    line = next(line for line in home.config.read_text().splitlines() if line.startswith("credential_process"))
    gone = f"credential_process = {tmp_path}/mfa-tui credential-process dev"
    home.config.write_text(home.config.read_text().replace(line, gone))
    assert home.run("login", "dev").returncode == 0
    assert home.run("exec", "dev", "--", "true").returncode == 0


def test_it_is_no_target(home: Home, ana: Ana) -> None:
    store(home)
    home.add_profile("ops", ana.user, ana.device)
    refused = home.run("login", "ops", "--as", "dev", "--overwrite")
    assert refused.returncode == 2
    assert "The target [dev] is a profile whose long-term keys are stored; it is never overwritten." in refused.stderr
