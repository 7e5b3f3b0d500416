"""``keys rotate``: create, store, wait, switch, retire."""

import json

import pytest

from mfa_tui.demo.aws.accounts.calls import LoggedRequest
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.aws_errors import not_authorized
from mfa_tui.demo.aws.server import StrictAws
from tests.keys.conftest import Ana
from tests.keys.support import both_files, files_with, in_keyring
from tests.support.clocks.moved_time import MovedTime
from tests.support.devices.devices import who
from tests.support.homes.home import Home
from tests.support.processes.consent import refused_plan
from tests.support.runner.thoroughness import long


def new_key(ana: Ana) -> str:
    """The id of the only other key of the user."""
    (other,) = (key for key in ana.user.access_keys() if key != ana.user.access_key_id)
    return other


def check_retired(home: Home, ana: Ana) -> str:
    """The old key is inactive, the new one active; the id of that."""
    new = new_key(ana)
    assert {key: status for key, (status, _) in ana.user.access_keys().items()} == {
        ana.user.access_key_id: "Inactive",
        new: "Active",
    }
    assert home.run("login", "dev", "--force").returncode == 0
    return new


def test_of_the_credentials_file(home: Home, aws: StrictAws, ana: Ana, moved_time: MovedTime) -> None:
    home.add_profile("ops", ana.user, ana.device)
    before = both_files(home)
    done = home.run("keys", "rotate", "dev", "--yes")
    assert done.returncode == 0, done.stderr
    new = new_key(ana)
    assert done.stdout == f"dev: the key is {new} now\nops: the key is {new} now\n"
    assert "Sessions of the old key may stop working at once." in done.stderr
    config, credentials = before
    secret = ana.user.access_keys()[new][1]
    replaced = credentials.replace(ana.user.access_key_id.encode(), new.encode())
    replaced = replaced.replace(ana.user.secret_access_key.encode(), secret.encode())
    assert both_files(home) == (config, replaced)
    assert [request.action for request in aws.requests] == [
        "GetCallerIdentity", "ListMFADevices", "GetSessionToken", "ListAccessKeys", "GetAccessKeyLastUsed",
        "CreateAccessKey", "GetCallerIdentity", "UpdateAccessKey",
    ]  # fmt: skip
    signed = {request.action: request.access_key_id for request in aws.requests}
    assert signed["UpdateAccessKey"].startswith("ASIA")
    moved_time.move(60)
    check_retired(home, ana)
    assert who(home, aws) == ana.user.arn


def test_of_a_stored_key(home: Home, ana: Ana, moved_time: MovedTime) -> None:
    before = both_files(home)
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    new = new_key(ana)
    secret = ana.user.access_keys()[new][1]
    assert in_keyring(home, new) == secret
    assert files_with(home, secret, ("keyring.json",)) == []
    moved_time.move(60)
    check_retired(home, ana)
    assert home.run("logout", "dev").returncode == 0
    # Only the two values differ.
    assert home.run("keys", "restore", "dev", "--yes").returncode == 0
    replaced = before[1].replace(ana.user.access_key_id.encode(), new.encode())
    assert both_files(home) == (before[0], replaced.replace(ana.user.secret_access_key.encode(), secret.encode()))


def test_without_a_device_the_old_key_signs(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    signed = {request.action: request.access_key_id for request in aws.requests}
    assert signed["UpdateAccessKey"] == user.access_key_id


def test_without_a_yes_nothing_happens(home: Home, aws: StrictAws, ana: Ana) -> None:
    before = both_files(home)
    plan = refused_plan(home.run("keys", "rotate", "dev"), "Use --yes to do it. Nothing was changed.")
    assert plan[-1] == "Sessions of the old key may stop working at once."
    assert both_files(home) == before
    assert list(ana.user.access_keys()) == [ana.user.access_key_id]
    assert aws.count("CreateAccessKey") == 0


@pytest.mark.usefixtures("moved_time")
def test_a_second_key_gives_way_only_when_it_is_named(home: Home, aws: StrictAws, ana: Ana) -> None:
    other = aws.account().add_key(ana.user.name, age=100, used=30)
    refused = home.run("keys", "rotate", "dev", "--yes")
    assert refused.returncode == 3
    assert (
        f"the key {other[:4]}…{other[-4:]} (active, 100 days old, last used 30 days ago) is deleted first"
        in refused.stderr
    )
    assert f"Use --yes --key {other}" in refused.stderr
    assert other in ana.user.access_keys()
    wrong = home.run("keys", "rotate", "dev", "--yes", "--key", ana.user.access_key_id)
    assert wrong.returncode == 2
    assert home.run("keys", "rotate", "dev", "--yes", "--key", "AKIA" + "Z" * 16).returncode == 2
    assert home.run("keys", "rotate", "dev", "--yes", "--key", other).returncode == 0
    assert other not in ana.user.access_keys()
    check_retired(home, ana)


def test_two_keys_in_use_are_both_kept(home: Home, aws: StrictAws, ana: Ana) -> None:
    other = aws.account().add_key(ana.user.name)
    secret = ana.user.access_keys()[other][1]
    with home.credentials.open("a") as file:
        file.write(f"[ops]\naws_access_key_id = {other}\naws_secret_access_key = {secret}\n")
    refused = home.run("keys", "rotate", "dev", "--yes", "--key", other)
    assert refused.returncode == 2
    assert "profiles here use both" in refused.stderr
    assert set(ana.user.access_keys()) == {ana.user.access_key_id, other}


@pytest.mark.parametrize("delay", [0, 15, 60])
@pytest.mark.parametrize("stored", [False, True])
def test_the_old_key_is_used_until_the_new_one_has_spread(
    home: Home, aws: StrictAws, ana: Ana, moved_time: MovedTime, *, delay: int, stored: bool
) -> None:
    if stored:
        assert home.run("keys", "store", "dev", "--yes").returncode == 0
    aws.key_propagation = delay
    seen: list[str] = []

    def watch(request: LoggedRequest, when: str) -> None:
        if (request.action, when) == ("GetCallerIdentity", "after") and len(ana.user.access_keys()) == 2:
            # The profile has the old key all the time.
            seen.append(home.config.read_text() + home.credentials.read_text())
            moved_time.move(10)

    aws.on_request(watch)
    done = home.run("keys", "rotate", "dev", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Waiting until AWS knows the new key everywhere" in done.stderr
    assert all(ana.user.access_key_id in text for text in seen)
    assert (len(seen) == 1) == (delay == 0)
    moved_time.move(60)
    check_retired(home, ana)


@long
def test_the_spread_of_a_key_is_really_waited_for(home: Home, aws: StrictAws, ana: Ana) -> None:
    """And so is a code for the login: elsewhere such waits pass at once."""
    aws.key_propagation = 8
    done = home.run("keys", "rotate", "dev", "--yes", timeout=120)
    assert done.returncode == 0, done.stderr
    assert aws.count("GetCallerIdentity") > 2
    aws.key_propagation = 0
    check_retired(home, ana)


@long
def test_after_two_minutes_both_stay_and_the_next_run_goes_on(
    home: Home, aws: StrictAws, ana: Ana, moved_time: MovedTime
) -> None:
    aws.key_propagation = 300

    def watch(request: LoggedRequest, when: str) -> None:
        if (request.action, when) == ("GetCallerIdentity", "after"):
            moved_time.move(40)

    aws.on_request(watch)
    refused = home.run("keys", "rotate", "dev", "--yes")
    assert refused.returncode == 1
    assert "after two minutes" in refused.stderr
    assert [status for status, _ in ana.user.access_keys().values()] == ["Active", "Active"]
    assert "not finished" in home.run("keys", "list", "dev").stderr
    doctor = json.loads(home.run("doctor", "dev", "--json").stdout)
    assert "rotation-unfinished" in [each["code"] for each in doctor["findings"]]
    aws.reset()
    moved_time.move(400)
    again = home.run("keys", "rotate", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    assert "was interrupted, and is finished now" in again.stderr
    assert aws.count("CreateAccessKey") == 0
    moved_time.move(60)
    check_retired(home, ana)


@pytest.mark.parametrize("action", ["CreateAccessKey", "UpdateAccessKey", "ListAccessKeys"])
def test_denied(home: Home, aws: StrictAws, ana: Ana, action: str, moved_time: MovedTime) -> None:
    before = both_files(home)
    aws.fault(Fault(refusal=not_authorized(ana.user.arn, f"iam:{action}", "user")), action=action)
    refused = home.run("keys", "rotate", "dev", "--yes")
    assert refused.returncode == 1
    assert f"iam:{action}" in refused.stderr
    if action != "UpdateAccessKey":
        assert both_files(home) == before
        assert list(ana.user.access_keys()) == [ana.user.access_key_id]
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    assert aws.count("CreateAccessKey") == (2 if action == "CreateAccessKey" else 1)
    moved_time.move(60)
    check_retired(home, ana)


@long
def test_a_key_that_cannot_be_stored_is_deleted_again(
    home: Home, aws: StrictAws, ana: Ana, moved_time: MovedTime
) -> None:
    assert home.run("keys", "store", "dev", "--yes").returncode == 0
    keyring, aside = home.path / "keyring.json", home.path / "aside"

    def break_keyring(request: LoggedRequest, when: str) -> None:
        if (request.action, when) == ("CreateAccessKey", "before"):
            keyring.rename(aside)
            keyring.mkdir()

    aws.on_request(break_keyring)
    refused = home.run("keys", "rotate", "dev", "--yes")
    assert (refused.returncode, aws.count("DeleteAccessKey")) == (1, 1), refused.stderr
    assert list(ana.user.access_keys()) == [ana.user.access_key_id]
    keyring.rmdir()
    aside.rename(keyring)
    aws.reset()
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 0
    moved_time.move(60)
    check_retired(home, ana)


@pytest.mark.usefixtures("ana")
def test_a_damaged_journal_is_kept(home: Home, aws: StrictAws) -> None:
    journal = home.path / ".local/share/mfa-tui/key-rotations.json"
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_text("[]")
    refused = home.run("keys", "rotate", "dev", "--yes")
    assert refused.returncode == 2
    assert f"{journal}, the journal of key rotations, cannot be read." in refused.stderr
    assert journal.read_text() == "[]"
    assert aws.count("CreateAccessKey") == 0
    assert "rotations-damaged" in home.run("doctor", "dev", "--json").stdout


@long
@pytest.mark.parametrize("stored", [False, True])
def test_keys_that_move_before_a_rotation_is_finished(home: Home, aws: StrictAws, ana: Ana, *, stored: bool) -> None:
    time = MovedTime(home, aws)
    if stored:
        assert home.run("keys", "store", "dev", "--yes").returncode == 0
    aws.fault(Fault(refusal=not_authorized(ana.user.arn, "iam:UpdateAccessKey", "user")), action="UpdateAccessKey")
    aws.key_propagation = 300

    def watch(request: LoggedRequest, when: str) -> None:
        if (request.action, when) == ("GetCallerIdentity", "after"):
            time.move(40)

    aws.on_request(watch)
    assert home.run("keys", "rotate", "dev", "--yes").returncode == 1
    aws.reset()
    time.move(400)
    moved = home.run("keys", "restore" if stored else "store", "dev", "--yes")
    assert moved.returncode == 0, moved.stderr
    again = home.run("keys", "rotate", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    assert aws.count("CreateAccessKey") == 0
    time.move(60)
    new = check_retired(home, ana)
    secret = ana.user.access_keys()[new][1]
    # It is where the old one was moved to, and nowhere else.
    in_files = secret in home.credentials.read_text()
    assert (in_files, in_keyring(home, new)) == ((True, "") if stored else (False, secret))
