"""``--user NAME`` of the keys commands."""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import client, refusal
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal


@pytest.fixture
def boss(aws: StrictAws, home: Home) -> User:
    """An administrator, whose profile is ``boss``."""
    user = aws.add_user(policy=ADMINISTRATOR)
    device = user.add_device(user.name)
    home.add_profile("boss", user, device)
    home.store_seed(device)
    return user


@pytest.mark.usefixtures("boss")
def test_disabling_and_enabling(home: Home, aws: StrictAws, colleague: User) -> None:
    key = colleague.access_key_id
    with terminal(home, f"mfa-tui keys disable boss --user {colleague.name}") as tty:
        tty.wait_for(rf"Deactivates an access key of {colleague.name} .*Deactivate the key {key}\? \[y/N\] ")
        assert client(aws, "sts", colleague).get_caller_identity()
        tty.type("y\r")
        assert tty.status() == 0
    assert f"{colleague.name}: the key {key} is inactive now" in tty.screen
    assert f"iam:UpdateAccessKey UserName={colleague.name}" in tty.screen
    assert refusal(client(aws, "sts", colleague).get_caller_identity)[1] == "InvalidClientTokenId"
    enabled = home.run("keys", "enable", "boss", "--user", colleague.name, "--key", key, "--yes", "--json")
    assert enabled.returncode == 0, enabled.stderr
    told = json.loads(enabled.stdout)
    assert (told["user"], told["access_key_id"], told["status"]) == (colleague.name, key, "active")
    assert [call["action"] for call in told["calls"]] == ["ListMFADevices", "UpdateAccessKey"]
    assert client(aws, "sts", colleague).get_caller_identity()["Arn"] == colleague.arn


@pytest.mark.usefixtures("boss")
def test_listing(home: Home, colleague: User) -> None:
    plain = home.run("keys", "list", "boss", "--user", colleague.name)
    assert plain.stdout.startswith(f"  {colleague.access_key_id}  long-term key, active · since ")
    told = json.loads(home.run("keys", "list", "boss", "--user", colleague.name, "--json").stdout)
    assert [key["access_key_id"] for key in told["keys"]] == [colleague.access_key_id]
    assert told["calls"][0]["request_id"]


def test_which_key_and_whose(home: Home, aws: StrictAws, boss: User, colleague: User) -> None:
    asked = home.run("keys", "disable", "boss", "--user", colleague.name)
    assert (asked.returncode, asked.stdout) == (3, "")
    none = home.run("keys", "enable", "boss", "--user", colleague.name, "--yes")
    assert (none.returncode, none.stdout) == (2, "")
    assert "The user has no inactive key." in none.stderr
    aws.account().add_key(colleague.name)
    unclear = home.run("keys", "disable", "boss", "--user", colleague.name, "--yes")
    assert (unclear.returncode, unclear.stdout) == (2, "")
    assert colleague.access_key_id in unclear.stderr
    own = home.run("keys", "disable", "boss", "--user", boss.name, "--yes")
    assert (own.returncode, own.stdout) == (2, "")
    others = home.run("keys", "disable", "boss", "--user", colleague.name, "--key", boss.access_key_id, "--yes")
    assert (others.returncode, others.stdout) == (2, "")
    assert "has no access key" in others.stderr
    json_alone = home.run("keys", "disable", "boss", "--json", "--yes")
    assert (json_alone.returncode, json_alone.stdout) == (2, "")


def test_what_is_denied(home: Home, admin: object, colleague: User) -> None:
    assert admin
    listed = home.run("keys", "list", "ops", "--user", colleague.name)
    assert (listed.returncode, listed.stdout) == (1, "")
    assert "must allow iam:ListAccessKeys" in listed.stderr
    disabled = home.run("keys", "disable", "ops", "--user", colleague.name, "--key", colleague.access_key_id, "--yes")
    assert (disabled.returncode, disabled.stdout) == (1, "")
    assert "must allow iam:UpdateAccessKey" in disabled.stderr
