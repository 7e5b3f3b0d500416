"""What the commands record, with AWS's own request IDs; and that no secret is ever among it."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home

pytestmark = pytest.mark.both_ways


def database(home: Home) -> Path:
    return home.path / ".local/state/mfa-tui/history/history.sqlite3"


def history(home: Home, *arguments: str) -> list[dict[str, Any]]:
    """The entries as scripts get them, the oldest first."""
    result = home.run("history", "--json", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return list(reversed(json.loads(result.stdout)["entries"]))


def short(entry: dict[str, Any]) -> tuple[str, str, str]:
    return entry["profile"], entry["action"], entry["result"]


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


@pytest.fixture
def device(home: Home, user: User) -> Device:
    """The device of profile ``dev``, whose secret is stored."""
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return device


def test_logins_and_logouts(home: Home, aws: StrictAws, user: User, device: Device) -> None:
    home.add_role_profile("admin", aws.add_role(f"admin-{user.name}", trust(user.arn, mfa=True)))
    assert home.run("login", "admin").returncode == 0
    assert home.run("login", "dev", "--force", "--code", "000000").returncode == 1
    assert home.run("logout", "admin-mfa").returncode == 0
    assert home.run("logout", "admin").returncode == 0
    login, refused, logout = history(home)
    assert short(login) == ("admin", "role-login", "done")
    assert [call["action"] for call in login["calls"]] == ["GetSessionToken", "AssumeRole"]
    sent = [request.request_id for request in aws.requests]
    assert [call["request_id"] for call in login["calls"]] == sent[:2]
    assert login["request_id"] == sent[1]
    assert (login["account"], login["error"]) == ("111122223333", None)
    assert login["what"] == "Logged in for 1 h; saved as admin-mfa."
    assert login["calls"][0]["parameters"] == {"DurationSeconds": "43200", "SerialNumber": device.serial}
    assert short(refused) == ("dev", "login", "refused")
    assert (refused["error"], refused["request_id"]) == ("code-refused", sent[2])
    assert refused["calls"][0]["error"] == "AccessDenied"
    assert (short(logout), logout["request_id"]) == (("admin", "logout", "done"), None)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", logout["at"])


@pytest.mark.usefixtures("device")
def test_what_hands_out_a_live_session_is_no_entry(home: Home) -> None:
    assert home.run("login", "dev").returncode == 0
    before = database(home).read_bytes()
    for command in ("login dev", "env dev", "exec dev -- true", "credential-process dev", "list", "code dev"):
        assert home.run(*command.split()).returncode == 0, command
    assert home.run("login", "nobody").returncode == 2
    assert home.run("login", "dev", "--code", "12345").returncode == 2
    assert database(home).read_bytes() == before


@pytest.mark.usefixtures("device")
def test_a_session_that_no_file_has_is_said_to_be_one(home: Home) -> None:
    assert home.run("exec", "dev", "--", "true").returncode == 0
    (entry,) = history(home)
    assert entry["what"] == "Got a session for 12 h; not saved in the AWS files."


def test_an_administrators_calls(home: Home, aws: StrictAws) -> None:
    deny = {"Effect": "Deny", "Action": "iam:DeleteVirtualMFADevice", "Resource": "*"}
    boss = aws.add_user(policy={"Version": "2012-10-17", "Statement": [*ADMINISTRATOR["Statement"], deny]})
    device = boss.add_device(boss.name)
    home.add_profile("boss", boss, device)
    home.store_seed(device)
    colleague = aws.add_user()
    lost = colleague.add_device(colleague.name)
    assert home.run("device", "reset", "boss", "--user", colleague.name, "--yes").returncode == 0
    entry = history(home)[-1]
    assert (short(entry), entry["user"]) == (("boss", "device-reset", "done"), colleague.name)
    assert (entry["arn"], entry["access_key_id"]) == (boss.arn, boss.access_key_id)
    calls = {call["action"]: call for call in entry["calls"]}
    assert calls["DeactivateMFADevice"]["parameters"] == {"UserName": colleague.name, "SerialNumber": lost.serial}
    assert calls["DeleteVirtualMFADevice"]["error"] == "AccessDenied"
    assert f"{boss.arn} is not authorized" in calls["DeleteVirtualMFADevice"]["message"]


def test_no_secret_is_ever_recorded(home: Home, aws: StrictAws, user: User) -> None:
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.add_role_profile("admin", aws.add_role(f"admin-{user.name}", trust(user.arn, mfa=True)), external_id="sesame")
    imported = home.run("device", "import", "dev", "--yes", stdin=device.seed + "\n")
    assert imported.returncode == 0, imported.stderr
    for arguments in (
        ("login", "admin"),
        ("login", "dev", "--force", "--code", "918273"),
        ("device", "export", "dev", "--text", "--yes"),
        ("keys", "store", "dev", "--yes"),
    ):
        home.run(*arguments)
    assert [short(entry)[1:] for entry in history(home)] == [
        ("device-import", "done"),
        ("role-login", "done"),
        ("login", "refused"),
        ("device-export", "done"),
        ("key-store", "done"),
    ]
    secrets = {device.seed, user.secret_access_key, "918273", "sesame"}
    secrets |= {code for request in aws.requests for code in request.codes}
    for name in ("credentials", "config"):
        for line in (home.aws_dir / name).read_text().splitlines():
            key, _, value = line.partition(" = ")
            if key in ("aws_secret_access_key", "aws_session_token"):
                secrets.add(value)
    assert len(secrets) >= 6
    whole = b"".join(path.read_bytes() for path in database(home).parent.iterdir())
    assert [secret for secret in secrets if secret.encode() in whole] == []


@pytest.mark.parametrize("trouble", ["locked", "damaged", "directory"])
@pytest.mark.usefixtures("device")
def test_trouble_with_the_history_fails_no_command(home: Home, trouble: str) -> None:
    assert home.run("login", "dev").returncode == 0
    holder = sqlite3.connect(database(home), isolation_level=None)
    if trouble == "locked":
        holder.execute("BEGIN EXCLUSIVE")
    elif trouble == "damaged":
        database(home).write_text("no database" * 100)
    else:
        database(home).unlink()
        database(home).mkdir()
    result = home.run("logout", "dev")
    assert result.returncode == 0
    assert "history" not in result.stderr
    holder.close()
    found = home.run("doctor", "--json")
    codes = [finding["code"] for finding in json.loads(found.stdout)["findings"]]
    assert [code for code in codes if "history" in code] == {
        "locked": [],
        "damaged": ["history-damaged"],
        "directory": ["history-unreadable"],
    }[trouble]
    shown = home.run("history")
    assert (shown.returncode, "logout" in shown.stdout) == ((1, False) if trouble == "directory" else (0, True))


@pytest.mark.usefixtures("device")
def test_how_it_is_shown(home: Home) -> None:
    empty = home.run("history")
    assert (empty.returncode, empty.stdout, empty.stderr) == (0, "", "There are no entries.\n")
    home.run("login", "dev")
    home.run("logout", "dev")
    lines = home.run("history").stdout.splitlines()
    assert lines[0].split() == ["TIME", "PROFILE", "ACTION", "REQUEST", "ID", "RESULT"]
    assert re.fullmatch(r"\S+ \S+  dev +logout +– +✓ Logged out of dev\.", lines[1])
    assert re.fullmatch(r"\S+ \S+  dev +login +[0-9a-f-]{36} +✓ Logged in for 12 h; saved as dev-mfa\.", lines[2])
    assert len(history(home, "dev-mfa")) == 2
    assert history(home, "ops") == []
    assert len(history(home, "--limit", "1")) == 1
    assert len(history(home, "--since", "1h")) == 2
    assert history(home, "--since", "2040-01-01") == []
    assert history(home, "--failed") == []
    for wrong in (
        ("--limit", "0"),
        ("--limit", "x"),
        ("--since", "soon"),
        ("--text", "poem"),
        ("--json", "--text", "ticket"),
    ):
        assert home.run("history", *wrong).returncode == 2, wrong


@pytest.mark.usefixtures("device")
def test_how_long_it_is_kept(home: Home) -> None:
    home.write_settings("history_days = 0\n")
    assert home.run("login", "dev").returncode == 0
    assert not database(home).exists()
    shown = home.run("history")
    assert (shown.returncode, shown.stdout) == (0, "")
    assert "history_days is 0 in the settings" in shown.stderr
    home.write_settings("history_days = 1\n")
    assert home.run("logout", "dev").returncode == 0
    assert len(history(home)) == 1
    home.write_settings('history_days = "long"\n')
    assert home.run("logout", "dev").returncode == 0
    wrong = home.run("history")
    assert (wrong.returncode, "history_days cannot be 'long'" in wrong.stderr) == (2, True)
    assert "It must be a number of days from 0 to 3650." in wrong.stderr
