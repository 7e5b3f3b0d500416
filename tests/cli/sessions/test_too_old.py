"""Roles that need a recent code (aws:MultiFactorAuthAge): a valid session that is too old is refused."""

import json
import re

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.sessions.test_roles import identity
from tests.support.clocks.moved_time import MovedTime
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long

pytestmark = pytest.mark.both_ways

DENIED = r"AWS denied the role recent-\S+ to a session made 1 h( \d+ min)? ago; some roles require a recent code\."
PROMPT = r"MFA code for {} \(device "


@pytest.fixture
def recent(home: Home, aws: StrictAws, user: User, device: Device) -> str:
    """The ARN of the role of the profile ``recent``; Dev's session is an hour old."""
    time = MovedTime(home, aws)
    arn = aws.add_role(f"recent-{user.name}", trust(user.arn, mfa=True, mfa_max_age=300))
    home.add_role_profile("recent", arn)
    assert home.run("login", "dev", "--code", device.code()).returncode == 0
    time.move(3605)
    return arn


@pytest.mark.usefixtures("recent")
class TestOnATerminal:
    def test_the_denial_is_shown_and_a_new_code_helps(self, home: Home, aws: StrictAws, device: Device) -> None:
        with terminal(home, "mfa-tui login recent") as tty:
            tty.wait_for(DENIED)
            tty.wait_for(PROMPT.format("recent"))
            tty.type("000000\r")
            tty.wait_for("AWS did not accept the code")
            tty.wait_for(PROMPT.format("recent"))
            tty.type(f"{device.code()}\r")
            assert tty.status() == 0
        assert "recent: saved as recent-mfa, valid until" in tty.screen
        assert ":assumed-role/recent-" in identity(home, "recent-mfa")
        # One wrong code and a right one; the role was denied once. The fresh session is the user's from now on.
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (3, 2)
        assert home.run("login", "recent", "--force").returncode == 0
        assert aws.count("GetSessionToken") == 3

    def test_it_can_be_cancelled(self, home: Home, aws: StrictAws) -> None:
        before = home.credentials.read_bytes()
        with terminal(home, "mfa-tui login recent") as tty:
            tty.wait_for(PROMPT.format("recent"))
            tty.type("\x04")
            assert tty.status() == 130
        assert tty.screen.splitlines()[-1] == "mfa-tui: Cancelled; nothing was changed."
        assert (home.credentials.read_bytes(), aws.count("GetSessionToken")) == (before, 1)

    @pytest.mark.parametrize("command", ["env", "credential-process"])
    def test_other_commands_ask_as_well(self, home: Home, device: Device, command: str) -> None:
        with terminal(home, f"mfa-tui {command} recent >out") as tty:
            tty.wait_for(PROMPT.format("recent"))
            tty.type(f"{device.code()}\r")
            assert tty.status() == 0
        assert "ASIA" in (home.path / "out").read_text()


@long
def test_all_roles_take_one_code(home: Home, aws: StrictAws, user: User, device: Device, recent: str) -> None:
    for name in ("second", "third"):
        home.add_role_profile(name, recent, role_session_name=name)
    home.add_role_profile("easy", aws.add_role(f"easy-{user.name}", trust(user.arn)))
    home.add_role_profile("never", f"arn:aws:iam::{user.account}:role/never")
    with terminal(home, "mfa-tui login --all-roles") as tty:
        tty.wait_for(PROMPT.format("recent"))
        tty.type(f"{device.code()}\r")
        assert tty.status() == 1
    assert len(re.findall(PROMPT.format(r"\S+"), tty.screen)) == 1
    assert len(re.findall(r"saved as \w+-mfa, valid until", tty.screen)) == 4
    assert "mfa-tui: AWS denied the role never" in tty.screen
    assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (2, 6)


@long
def test_sessions_before_a_cancellation_are_saved(home: Home, aws: StrictAws, user: User, recent: str) -> None:
    config = home.config.read_text().partition("[profile recent]")[0]
    home.config.write_text(config)
    home.add_role_profile("easy", aws.add_role(f"easy-{user.name}", trust(user.arn)))
    home.add_role_profile("recent", recent)
    with terminal(home, "mfa-tui login --all-roles") as tty:
        tty.wait_for(PROMPT.format("recent"))
        tty.type("\x04")
        assert tty.status() == 130
    assert "easy: saved as easy-mfa" in tty.screen
    assert tty.screen.splitlines()[-1] == "mfa-tui: Cancelled."
    assert ":assumed-role/easy-" in identity(home, "easy-mfa")


@pytest.mark.usefixtures("recent")
class TestWithoutATerminal:
    def test_a_code_on_the_command_line_is_for_the_new_session(
        self, home: Home, aws: StrictAws, device: Device
    ) -> None:
        result = home.run("login", "recent", "--code", device.code(), "--json")
        assert result.returncode == 0, result.stderr
        (login,) = json.loads(result.stdout)["logins"]
        assert login["notices"] == []
        assert aws.count("GetSessionToken") == 2

    def test_a_credential_process_reports_the_denial(self, home: Home, aws: StrictAws) -> None:
        result = home.run("credential-process", "recent")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.startswith("mfa-tui: AWS denied the role recent-")
        assert aws.count("GetSessionToken") == 1

    def test_a_stored_seed_does_it_by_itself(self, home: Home, aws: StrictAws, device: Device) -> None:
        home.store_seed(device)
        assert home.run("credential-process", "recent").returncode == 0
        assert aws.count("GetSessionToken") == 2


def test_a_code_is_spent_once_though_the_first_role_is_denied(
    home: Home, aws: StrictAws, user: User, device: Device
) -> None:
    home.add_role_profile("never", f"arn:aws:iam::{user.account}:role/never")
    home.add_role_profile("easy", aws.add_role(f"easy-{user.name}", trust(user.arn)))
    result = home.run("login", "--all-roles", "--force", "--code", device.code(), "--json")
    logins = {login["profile"]: login for login in json.loads(result.stdout)["logins"]}
    assert (result.returncode, logins["never"]["error"]["code"]) == (1, "role-denied")
    assert logins["easy"]["notices"] == []
    assert aws.count("GetSessionToken") == 1
