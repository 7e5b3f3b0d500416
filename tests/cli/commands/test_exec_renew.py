"""``mfa-tui exec --renew``: SDKs ask a parent for credentials, which are renewed as long as the command runs."""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pexpect
import pytest

from mfa_tui.core.shells.variables import CLEARED
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.commands.test_exec import AWS, ENVIRONMENT, OLD, WHO, started
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    import subprocess

ENDPOINT = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"}

PROGRAM = """
import sys
import boto3
sts = boto3.client("sts")
print("ready", flush=True)
for line in sys.stdin:
    arn = sts.get_caller_identity()["Arn"]
    print(arn, sts._request_signer._credentials.access_key, flush=True)
"""
"""A long-running boto3 program: it prints its identity and session for each line that it reads."""

TRYING = """
import sys
import boto3, botocore.utils
botocore.utils.ContainerMetadataFetcher.SLEEP_TIME = 0
sts = boto3.client("sts")
print("ready", flush=True)
for line in sys.stdin:
    try:
        print(sts.get_caller_identity()["Arn"], flush=True)
    except Exception as error:
        print(error, flush=True)
"""
"""The same, but it survives refusals, and prints them."""


@pytest.fixture
def seed(home: Home, device: Device) -> Device:
    """The device, whose seed is stored."""
    home.store_seed(device)
    return device


def run(home: Home, *command: str, **env: str) -> tuple[int, str, str]:
    result = home.run("exec", "--renew", "dev", *command, env=env)
    return result.returncode, result.stdout, result.stderr


@pytest.mark.usefixtures("seed")
class TestTheCommand:
    @long
    def test_boto3_is_who_the_profile_is(self, home: Home, user: User) -> None:
        assert run(home, sys.executable, "-c", WHO, **OLD) == (0, f"{user.arn}\n", "")

    @long
    def test_the_aws_command_is_who_the_profile_is(self, home: Home, user: User) -> None:
        status, output, _ = run(home, AWS, "sts", "get-caller-identity", "--output", "json", **OLD)
        assert (status, json.loads(output)["Arn"]) == (0, user.arn)

    def test_no_keys_are_in_the_environment(self, home: Home) -> None:
        _, output, _ = run(home, sys.executable, "-c", ENVIRONMENT, **OLD)
        found = json.loads(output)
        assert found.keys() & set(CLEARED) == ENDPOINT
        assert found.keys() - home.env.keys() == ENDPOINT | {"AWS_REGION", "AWS_DEFAULT_REGION", "MFA_TUI_PROFILE"}

    @pytest.mark.parametrize(
        ("command", "status"),
        [
            (["true"], 0),
            (["sh", "-c", "exit 3"], 3),
            (["no-such-command"], 127),
            (["/etc/passwd"], 126),
            (["sh", "-c", "kill -TERM $$"], 128 + 15),
        ],
    )
    def test_the_exit_status_is_the_commands(self, home: Home, command: list[str], status: int) -> None:
        assert run(home, *command)[:2] == (status, "")

    def test_standard_input_and_directory_are_the_commands(self, home: Home) -> None:
        result = home.run("exec", "dev", "--renew", "--", "sh", "-c", "cat; pwd", stdin="the input\n")
        assert result.stdout == f"the input\n{home.path.resolve()}\n"

    @pytest.mark.parametrize(
        ("number", "status"), [(signal.SIGTERM, 42), (signal.SIGINT, 43), (signal.SIGUSR1, 44), (signal.SIGHUP, 129)]
    )
    def test_signals_reach_the_command(self, home: Home, number: signal.Signals, status: int) -> None:
        script = (
            "trap 'exit 42' TERM; trap 'exit 43' INT; trap 'exit 44' USR1; echo ready; while :; do sleep 0.05; done"
        )
        with started(home, "exec", "--renew", "dev", "sh", "-c", script) as process:
            process.send_signal(number)
            process.communicate(timeout=scaled(30))
        assert process.returncode == status

    @long
    def test_on_a_terminal_it_can_be_stopped_and_continued(self, home: Home) -> None:
        """Ctrl+Z stops the command and its parent, and returns to the shell; fg continues both."""
        program = "print('ready'); print('read', input()); print('read', input())"
        (home.path / "program.py").write_text(program)
        with pexpect.spawn(
            "sh", ["-i"], cwd=str(home.path), env={**home.env, "PS1": "prompt> "}, encoding="utf-8"
        ) as shell:
            shell.expect_exact("prompt> ")
            shell.sendline(f"{sys.executable} -m mfa_tui exec --renew dev {sys.executable} program.py")
            shell.expect_exact("ready\r\n")
            shell.sendline("one")
            shell.expect_exact("read one\r\n")
            shell.sendcontrol("z")
            shell.expect_exact("prompt> ")
            shell.sendline("fg")
            shell.expect_exact("program.py\r\n")
            shell.sendline("two")
            shell.expect_exact("read two\r\n")
            shell.expect_exact("prompt> ")
            shell.sendline("exit")
            shell.expect(pexpect.EOF)

    def test_nothing_is_left_when_it_ends(self, home: Home, aws: StrictAws, tmp_path: Path) -> None:
        home.add_profile("default", aws.add_user())
        _, output, _ = run(home, sys.executable, "-c", ENVIRONMENT, TMPDIR=str(tmp_path))
        found = json.loads(output)
        assert Path(found["AWS_CONFIG_FILE"]).is_relative_to(tmp_path)
        assert list(tmp_path.iterdir()) == []
        port = urlsplit(found["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).port
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=scaled(30))


@pytest.mark.usefixtures("seed")
class TestTheDefaultProfile:
    """SDKs use the profile's credentials before they ask an endpoint."""

    @pytest.fixture(autouse=True)
    def _keys(self, home: Home, aws: StrictAws) -> None:
        home.add_profile("default", aws.add_user(), region="us-east-1", output="json")

    def test_its_long_term_keys_are_not_used(self, home: Home, user: User) -> None:
        assert run(home, sys.executable, "-c", WHO) == (0, f"{user.arn}\n", "")
        assert run(home, AWS, "sts", "get-caller-identity", "--query", "Arn", "--output", "text")[1] == f"{user.arn}\n"

    @long
    def test_other_profiles_can_still_be_named(self, home: Home, aws: StrictAws) -> None:
        other = aws.add_user()
        home.add_profile("other", other)
        who = WHO.replace("boto3.client", "boto3.Session(profile_name='other').client")
        assert run(home, sys.executable, "-c", who)[1] == f"{other.arn}\n"

    @long
    def test_mfa_tui_itself_knows_which_profile_is_meant(self, home: Home, seed: Device) -> None:
        status, output, _ = run(home, sys.executable, "-m", "mfa_tui", "code")
        assert (status, output.strip() in {seed.code(step) for step in (-1, 0)}) == (0, True)

    @long
    def test_one_inside_another(self, home: Home, user: User) -> None:
        inner = (sys.executable, "-m", "mfa_tui", "exec", "--renew", "dev", sys.executable, "-c", WHO)
        assert run(home, *inner) == (0, f"{user.arn}\n", "")

    @long
    def test_its_own_session_is(self, home: Home, aws: StrictAws) -> None:
        own = aws.add_user()
        device = own.add_device(own.name)
        home.credentials.write_text("")
        home.config.write_text("")
        home.add_profile("default", own, device)
        home.store_seed(device)
        result = home.run("exec", "--renew", "--", sys.executable, "-c", WHO)
        assert result.stdout == f"{own.arn}\n"
        assert not aws.requests[-1].access_key_id.startswith("AKIA")


@pytest.fixture
def hourly(home: Home) -> None:
    """Sessions of one hour."""
    settings = home.path / ".config/mfa-tui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('duration = "1h"\n')


class Conversation:
    """A program that answers each line with a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")

    def end(self) -> tuple[int, str]:
        """Exit status and standard error."""
        _, errors = self._process.communicate(timeout=scaled(30))
        return self._process.returncode, errors


@pytest.mark.usefixtures("seed", "hourly")
def test_a_program_continues_after_its_session_has_expired(
    home: Home, user: User, aws: StrictAws, moved_time: MovedTime
) -> None:
    keys = []
    with started(home, "exec", "--renew", "dev", sys.executable, "-c", PROGRAM) as process:
        program = Conversation(process)
        # Minutes. The last is a night: with nothing live left, the SDK waits for the renewal.
        for minutes in (0, 40, 10, 40, 40, 600):
            moved_time.move(minutes * 60)
            arn, key = program.ask().split()
            assert arn == user.arn
            keys.append(key)
        assert program.end() == (0, "")
    assert [keys.index(key) for key in keys] == [0, 0, 2, 2, 4, 5]
    assert aws.count("GetSessionToken") == 4


@long
@pytest.mark.usefixtures("hourly")
def test_where_a_person_is_needed_it_says_so_and_continues_after_a_login(
    home: Home, user: User, device: Device, moved_time: MovedTime
) -> None:
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    with started(home, "exec", "--renew", "dev", sys.executable, "-c", TRYING) as process:
        program = Conversation(process)
        assert program.ask() == user.arn
        moved_time.move(2 * 3600)
        for _ in range(2):
            assert "dev needs an MFA code: run mfa-tui login dev" in program.ask()
        assert home.run("login", "dev", "--code", device.code()).returncode == 0
        assert program.ask() == user.arn
        assert program.end() == (0, "mfa-tui: dev needs an MFA code: run mfa-tui login dev\n")


@long
@pytest.mark.usefixtures("seed")
def test_a_role_is_renewed_with_the_users_session(
    home: Home, aws: StrictAws, user: User, moved_time: MovedTime
) -> None:
    role = aws.add_role(f"role-of-{user.name}", policy_documents.trust(user.arn, mfa=True))
    with home.config.open("a") as config:
        config.write(f"[profile admin]\nrole_arn = {role}\nsource_profile = dev\nregion = eu-west-1\n")
    with started(home, "exec", "--renew", "admin", sys.executable, "-c", PROGRAM) as process:
        program = Conversation(process)
        keys = set()
        for _ in range(3):
            arn, key = program.ask().split()
            assert f":assumed-role/role-of-{user.name}/" in arn
            keys.add(key)
            moved_time.move(50 * 60)
        assert program.end() == (0, "")
    assert len(keys) == 3
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 3)
