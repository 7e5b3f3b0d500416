"""``mfa-tui exec``: the command becomes what was started, with one session and no other credentials."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mfa_tui.core.shells.variables import CLEARED
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

AWS = str(Path(sys.executable).with_name("aws"))
WHO = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
OLD = dict.fromkeys(CLEARED, "old") | {
    "AWS_ACCESS_KEY_ID": "AKIAOLD",
    "AWS_CREDENTIAL_EXPIRATION": "2001-01-01T00:00:00Z",
}
"""Credentials that were already in the shell, all of them wrong."""


@pytest.fixture(autouse=True)
def _stored(home: Home, device: Device) -> None:
    home.store_seed(device)


@contextmanager
def started(home: Home, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """``mfa-tui ARGUMENTS`` away from any terminal, once it has written a line."""
    with subprocess.Popen(
        [sys.executable, "-m", "mfa_tui", *arguments],
        cwd=home.path, env=home.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process


def test_boto3_is_who_the_profile_is(home: Home, user: User) -> None:
    result = home.run("exec", "dev", "--", sys.executable, "-c", WHO, env=OLD | {"AWS_PROFILE": "no-such-profile"})
    assert (result.stdout, result.stderr, result.returncode) == (f"{user.arn}\n", "", 0)


@long
def test_the_aws_command_is_who_the_profile_is(home: Home, user: User) -> None:
    result = home.run("exec", "dev", AWS, "sts", "get-caller-identity", "--output", "json", env=OLD)
    assert json.loads(result.stdout)["Arn"] == user.arn


def test_the_environment_has_this_session_and_no_other_credentials(home: Home) -> None:
    kept = {"AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "2", "LC_ALL": "C.UTF-8"}
    found = json.loads(home.run("exec", "dev", sys.executable, "-c", ENVIRONMENT, env=OLD | kept).stdout)
    (cached,) = [path for path in home.path.glob(".cache/mfa-tui/sessions/*") if not path.suffix]
    session = json.loads(cached.read_text().splitlines()[1])
    assert {name: value for name, value in found.items() if name not in home.env} == kept | {
        "MFA_TUI_PROFILE": "dev",
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
        "AWS_CREDENTIAL_EXPIRATION": session["Expiration"],
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    assert {name: found[name] for name in home.env} == home.env


def test_the_files_are_left_alone_and_the_session_is_reused(home: Home, aws: StrictAws) -> None:
    before = home.config.read_bytes(), home.credentials.read_bytes()
    for _ in range(3):
        assert home.run("exec", "dev", "true").returncode == 0
    assert [request.action for request in aws.requests] == ["GetSessionToken"]
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["true"], 0),
        (["sh", "-c", "exit 3"], 3),
        (["no-such-command"], 127),
        (["/etc/passwd"], 126),
        (["sh", "-c", "kill -TERM $$"], -15),
    ],
)
def test_the_exit_status_is_the_commands(home: Home, command: list[str], status: int) -> None:
    result = home.run("exec", "dev", *command)
    assert (result.returncode, result.stdout) == (status, "")
    if status in (126, 127):
        assert result.stderr.startswith(f"mfa-tui: {command[0]}: ")


@long
def test_a_shell_sees_the_signal_that_ended_the_command(home: Home) -> None:
    script = f"{sys.executable} -m mfa_tui exec dev sh -c 'kill -TERM $$'; echo $?"
    result = home.run_python("-c", "import subprocess, sys; subprocess.run(['sh', '-c', sys.argv[1]])", script)
    assert result.stdout == "143\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["dev", "echo", "-n", "--", "--renew"],
        ["dev", "--", "echo", "-n", "--", "--renew"],
    ],
)
def test_what_follows_the_command_is_its_own(home: Home, arguments: list[str]) -> None:
    (home.path / "echo").write_text('#!/bin/sh\nprintf "<%s>" "$@"\n')
    (home.path / "echo").chmod(0o755)
    home.env["PATH"] = f"{home.path}:{home.env['PATH']}"
    assert home.run("exec", *arguments).stdout == "<-n><--><--renew>"


@long
def test_without_a_profile_it_is_the_shells(home: Home, user: User) -> None:
    result = home.run("exec", "--", sys.executable, "-c", WHO, env={"AWS_PROFILE": "dev-mfa"})
    assert result.stdout == f"{user.arn}\n"


def test_standard_input_and_directory_are_the_commands(home: Home) -> None:
    result = home.run("exec", "dev", "sh", "-c", "cat; pwd", stdin="the input\n")
    assert result.stdout == f"the input\n{home.path.resolve()}\n"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 42), (signal.SIGINT, 43), (signal.SIGHUP, -1)])
def test_signals_are_the_commands(home: Home, number: signal.Signals, status: int) -> None:
    script = "trap 'exit 42' TERM; trap 'exit 43' INT; echo ready; while :; do sleep 0.05; done"
    with started(home, "exec", "dev", "sh", "-c", script) as process:
        process.send_signal(number)
        process.communicate(timeout=scaled(30))
    assert process.returncode == status


def test_the_command_ends_with_its_reader(home: Home) -> None:
    """Python ignores SIGPIPE; what it runs must not."""
    script = f"{sys.executable} -m mfa_tui exec dev yes | head -n 1"
    result = home.run_python("-c", "import subprocess, sys; subprocess.run(['sh', '-c', sys.argv[1]])", script)
    assert (result.stdout, result.stderr) == ("y\n", "")


def test_core_dumps_are_as_they_were(home: Home) -> None:
    show = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    found = home.run_python("-c", show).stdout
    assert home.run("exec", "dev", sys.executable, "-c", show).stdout == found


@pytest.mark.parametrize("renew", [[], ["--renew"]])
def test_no_secret_is_printed_or_in_arguments(home: Home, renew: list[str]) -> None:
    show = (
        "import glob\n"
        "for path in glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try: print(open(path).read().replace('\\0', ' '))\n"
        "    except OSError: pass\n"
    )
    # Not forked: its arguments are looked at.
    result = home.run_python("-m", "mfa_tui", "exec", *renew, "dev", sys.executable, "-c", show)
    (cached,) = [path for path in home.path.glob(".cache/mfa-tui/sessions/*") if not path.suffix]
    session = json.loads(cached.read_text().splitlines()[1])
    assert "mfa_tui exec" in result.stdout or not renew
    said = result.stdout + result.stderr
    assert [name for name in ("SecretAccessKey", "SessionToken") if session[name] in said] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev"], "No command was given."),
        ([], "No command was given."),
        (["dev", "--"], "No command was given."),
        (["dev", ""], "No command was given."),
        (["dev", "--renewed", "true"], "--renewed"),
        (["-x", "dev", "true"], "-x"),
        (["de", "true"], "There is no profile 'de'"),
    ],
)
def test_bad_usage_runs_nothing(home: Home, aws: StrictAws, arguments: list[str], said: str) -> None:
    result = home.run("exec", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert aws.requests == []


def test_without_a_command_the_error_says_how_to_get_a_shell(home: Home) -> None:
    assert home.run("exec", "dev").stderr.splitlines()[-1].strip().endswith('mfa-tui exec dev -- "$SHELL"')


def test_nothing_runs_when_it_cannot_ask(home: Home, aws: StrictAws) -> None:
    other = aws.add_user()
    home.add_profile("ops", other, other.add_device(other.name))
    for renew in ([], ["--renew"]):
        result = home.run("exec", *renew, "ops", "echo", "ran")
        assert (result.returncode, result.stdout) == (3, "")


def test_help_mentions_renew(home: Home) -> None:
    result = home.run("exec", "--help")
    assert result.returncode == 0
    assert "--renew" in result.stdout


def test_this_process_becomes_the_command(home: Home) -> None:
    with started(home, "exec", "dev", "sh", "-c", "echo ready; echo $$") as process:
        assert process.stdout
        assert process.stdout.readline() == f"{process.pid}\n"
