"""``--user NAME``: an administrator lists, enrolls, resets and resyncs MFA devices of another user."""

import json
import re

import pytest

from mfa_tui.core.text.display import format_account
from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.faults import dropped
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import client
from tests.support.devices.devices import has_stored
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long


@pytest.mark.usefixtures("admin")
def test_listing_devices_and_keys(home: Home, colleague: User) -> None:
    phone, key = colleague.add_device(colleague.name), colleague.add_fido_device("key")
    plain = home.run("device", "list", "ops", "--user", colleague.name)
    assert plain.returncode == 0, plain.stderr
    assert [line.split()[0] for line in plain.stdout.splitlines()] == [phone.serial, key]
    assert plain.stdout.splitlines()[0].endswith("secret not here")
    assert f"list the keys of {colleague.name}" in plain.stderr
    told = json.loads(home.run("device", "list", "ops", "--user", colleague.name, "--json").stdout)
    assert (told["profile"], told["user"], told["account"]) == ("ops", colleague.name, colleague.account)
    assert [(each["serial"], each["usable"]) for each in told["devices"]] == [(phone.serial, True), (key, False)]
    assert told["keys"] is None
    listed, denied = told["calls"]
    assert (listed["action"], listed["parameters"], listed["error"]) == (
        "ListMFADevices",
        {"UserName": colleague.name},
        None,
    )
    assert (denied["action"], denied["error"]) == ("ListAccessKeys", "AccessDenied")
    assert re.fullmatch(r"[0-9a-f-]{36}", listed["request_id"])


def test_the_keys_of_a_user(home: Home, aws: StrictAws, colleague: User) -> None:
    boss = aws.add_user(policy=policy_documents.ADMINISTRATOR)
    device = boss.add_device(boss.name)
    home.add_profile("root-like", boss, device)
    home.store_seed(device)
    told = json.loads(home.run("device", "list", "root-like", "--user", colleague.name, "--json").stdout)
    (key,) = told["keys"]
    assert (key["access_key_id"], key["status"]) == (colleague.access_key_id, "Active")
    plain = home.run("device", "list", "root-like", "--user", colleague.name)
    assert plain.stdout.startswith(f"  {colleague.access_key_id}  long-term key, active · since ")


def test_enrolling_a_colleague(home: Home, aws: StrictAws, admin: Device, colleague: User) -> None:
    serial = f"arn:aws:iam::{colleague.account}:mfa/{colleague.name}"
    before = home.config.read_bytes(), home.credentials.read_bytes()
    with terminal(home, f"mfa-tui device enroll ops --user {colleague.name} --name {colleague.name}") as tty:
        tty.wait_for(rf"for {colleague.name} \(account {format_account(colleague.account)}\), signed as .*\[y/N\] ")
        assert aws.count("CreateVirtualMFADevice") == 0
        tty.type("y\r")
        tty.wait_for("Press Enter when you are done. ")
        tty.type("\r")
        phone = colleague.device(serial)
        for code, prompt in zip(
            phone.codes(), ("Code that it shows now: ", "The next code, once it changes: "), strict=True
        ):
            tty.wait_for(prompt)
            tty.type(f"{code}\r")
        assert tty.status() == 0
    assert colleague.devices() == [serial]
    assert f"{colleague.name}: enrolled {serial}; its secret is not kept here" in tty.screen
    assert "A text to send to" in tty.screen
    assert phone.seed not in tty.screen
    enabled = next(r for r in aws.requests if r.action == "EnableMFADevice")
    assert enabled.user == admin.serial.rsplit("/")[-1]
    shown = tty.screen[tty.screen.index("AWS requests:") :].replace("\r\n", "")
    assert f"iam:EnableMFADevice UserName={colleague.name} SerialNumber={serial}" in shown
    assert not any(code in shown for code in enabled.codes)
    assert not has_stored(home, phone.seed)
    # The administrator's own files are as before, and the colleague's profile is none of them.
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == before
    # The device works for its user.
    client(aws, "sts", colleague).get_session_token(SerialNumber=serial, TokenCode=phone.code(1))


def test_enrolling_without_a_terminal(home: Home, aws: StrictAws, admin: Device, colleague: User) -> None:
    asked = home.run("device", "enroll", "ops", "--user", colleague.name, "--keep", "here")
    assert (asked.returncode, asked.stdout) == (3, "")
    assert aws.count("CreateVirtualMFADevice", user=admin.serial.rsplit("/")[-1]) == 0
    told = home.run("device", "enroll", "ops", "--user", colleague.name, "--keep", "here", "--yes", "--json")
    assert told.returncode == 0, told.stderr
    done = json.loads(told.stdout)
    (serial,) = colleague.devices()
    assert (done["user"], done["device"], done["keep"]) == (colleague.name, serial, "here")
    assert has_stored(home, aws.seed_of(serial))
    assert [call["action"] for call in done["calls"]] == [
        "ListMFADevices",
        "CreateVirtualMFADevice",
        "EnableMFADevice",
        "ListMFADevices",
    ]
    assert all(call["request_id"] and call["service"] == "iam" for call in done["calls"])
    sent = next(r for r in aws.requests if r.action == "EnableMFADevice" and r.serial == serial)
    assert not any(code in told.stdout + told.stderr for code in (*sent.codes, aws.seed_of(serial)))


@pytest.mark.usefixtures("moved_time")
def test_the_codes_count_as_used_of_the_colleagues_device_only(
    home: Home, aws: StrictAws, admin: Device, colleague: User
) -> None:
    home.run("device", "enroll", "ops", "--user", colleague.name, "--keep", "here", "--yes")
    (serial,) = colleague.devices()
    # The administrator's own device still has a code for now: a login with it need not wait.
    again = home.run("login", "ops", "--force")
    assert again.returncode == 0, again.stderr
    assert {r.serial for r in aws.requests if r.action == "GetSessionToken" and r.user != colleague.name} >= {
        admin.serial
    }
    assert len(aws.steps(serial).attempted) == 1


def test_resetting_a_lost_device(home: Home, aws: StrictAws, admin: Device, colleague: User) -> None:
    lost = colleague.add_device(f"{colleague.name}-phone")
    with terminal(home, f"mfa-tui device reset ops --user {colleague.name}") as tty:
        tty.wait_for(rf"Deactivates and deletes the MFA device {colleague.name}-phone of {colleague.name}.*\[y/N\] ")
        assert colleague.devices() == [lost.serial]
        tty.type("y\r")
        assert tty.status() == 0
    assert colleague.devices() == []
    assert lost.serial not in dict(aws.virtual_devices())
    assert "mfa-tui device enroll PROFILE" in tty.screen
    calls = [r.action for r in aws.requests if r.user == admin.serial.rsplit("/")[-1] and r.serial == lost.serial]
    assert calls[-2:] == ["DeactivateMFADevice", "DeleteVirtualMFADevice"]
    assert "iam:DeleteVirtualMFADevice" in tty.screen


@long
@pytest.mark.usefixtures("admin")
def test_resetting_and_enrolling_at_once(home: Home, aws: StrictAws, colleague: User) -> None:
    lost, key = colleague.add_device(colleague.name), colleague.add_fido_device("key")
    unclear = home.run("device", "reset", "ops", "--user", colleague.name, "--yes")
    assert (unclear.returncode, unclear.stdout) == (2, "")
    assert key in unclear.stderr
    result = home.run(
        "device", "reset", "ops", "--user", colleague.name, "--all", "--enroll", "--keep", "here", "--yes", "--json"
    )
    assert result.returncode == 0, result.stderr
    done = json.loads(result.stdout)
    assert sorted(done["removed"]) == sorted([lost.serial, key])
    assert colleague.devices() == [done["device"]] == [lost.serial]
    assert aws.seed_of(lost.serial) != lost.seed


@pytest.mark.usefixtures("admin")
def test_replacing(home: Home, colleague: User) -> None:
    old = colleague.add_device(colleague.name)
    result = home.run("device", "replace", "ops", "--user", colleague.name, "--keep", "here", "--yes", "--json")
    assert result.returncode == 0, result.stderr
    done = json.loads(result.stdout)
    assert (done["action"], done["removed"]) == ("replace", [old.serial])
    assert colleague.devices() == [done["device"]] == [f"{old.serial}-backup"]
    actions = [call["action"] for call in done["calls"] if not call["action"].startswith("List")]
    assert actions == [
        "CreateVirtualMFADevice",
        "EnableMFADevice",
        "DeactivateMFADevice",
        "DeleteVirtualMFADevice",
    ]


@pytest.mark.usefixtures("admin")
def test_nothing_is_reset_if_enrolling_cannot_work(home: Home, colleague: User) -> None:
    lost = colleague.add_device(colleague.name)
    result = home.run("device", "reset", "ops", "--user", colleague.name, "--enroll", "--yes")
    assert (result.returncode, result.stdout) == (3, "")
    assert colleague.devices() == [lost.serial]


def test_removing_a_device_whose_secret_is_here_too(home: Home, admin: Device, colleague: User) -> None:
    device = colleague.add_device(colleague.name)
    home.store_seed(device)
    home.add_profile("theirs", colleague, device)
    result = home.run("device", "remove", "ops", "--user", colleague.name, "--yes")
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{colleague.name}: removed {device.serial}\n"
    assert not has_stored(home, device.seed)
    assert has_stored(home, admin.seed)
    assert device.serial not in home.config.read_text()
    assert admin.serial in home.config.read_text()


@pytest.mark.usefixtures("admin")
def test_resyncing_with_codes_that_the_colleague_reads(home: Home, colleague: User) -> None:
    device = colleague.add_device(colleague.name)
    device.drift(10)
    with terminal(home, f"mfa-tui device resync ops --user {colleague.name}") as tty:
        for code, prompt in zip(
            device.codes(), ("Code that it shows now: ", "The next code, once it changes: "), strict=True
        ):
            tty.wait_for(prompt)
            tty.type(f"{code}\r")
        assert tty.status() == 0
    assert f"{colleague.name}: {device.serial} is in sync with AWS again" in tty.screen


def test_an_administrator_by_a_role(home: Home, aws: StrictAws, colleague: User) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("me", user, device)
    home.store_seed(device)
    role = aws.add_role(f"admin-{user.name}", trust(user.arn, mfa=True), policy=policy_documents.ADMINISTRATOR)
    with home.config.open("a") as config:
        config.write(f"[profile boss]\nrole_arn = {role}\nsource_profile = me\nregion = eu-central-1\n")
    lost = colleague.add_device(colleague.name)
    result = home.run("device", "reset", "boss", "--user", colleague.name, "--yes")
    assert result.returncode == 0, result.stderr
    assert colleague.devices() == []
    assert "signed as boss" in result.stderr
    assert lost.serial not in dict(aws.virtual_devices())


@pytest.mark.parametrize("command", ["list", "remove --yes", "reset --yes", "resync"])
@pytest.mark.usefixtures("admin")
def test_a_user_that_does_not_exist(home: Home, command: str) -> None:
    name, *options = command.split()
    result = home.run("device", name, "ops", "--user", "nobody", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert "has no IAM user nobody." in result.stderr


def test_what_is_denied_is_named(home: Home, aws: StrictAws, colleague: User) -> None:
    user = aws.add_user()
    home.add_profile("dev", user, device := user.add_device(user.name))
    home.store_seed(device)
    result = home.run("device", "list", "dev", "--user", colleague.name)
    assert (result.returncode, result.stdout) == (1, "")
    assert f"AWS does not let {user.name} list the MFA devices of {colleague.name}." in result.stderr
    enroll = home.run("device", "enroll", "dev", "--user", colleague.name, "--keep", "here", "--yes")
    assert (enroll.returncode, enroll.stdout) == (1, "")
    assert f"AWS does not let {user.name} create a virtual MFA device called {colleague.name} for" in enroll.stderr
    assert f"The policies of {user.name} must allow iam:CreateVirtualMFADevice" in enroll.stderr
    assert "iam:CreateVirtualMFADevice VirtualMFADeviceName=" in enroll.stderr
    assert "(refused: AccessDenied; request ID " in enroll.stderr


def test_names_that_no_request_is_made_for(home: Home, aws: StrictAws, admin: Device) -> None:
    aws.reset()
    wrong = home.run("device", "list", "ops", "--user", "arn:aws:iam::111122223333:user/ana")
    assert (wrong.returncode, wrong.stdout, aws.requests) == (2, "", [])
    own = home.run("device", "enroll", "ops", "--user", admin.serial.rsplit("/")[-1], "--yes", "--keep", "here")
    assert (own.returncode, own.stdout) == (2, "")
    assert "Run the command without --user." in own.stderr
    nobody = home.run("device", "reset", "ops", "--yes")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    json_alone = home.run("device", "enroll", "ops", "--json", "--yes")
    assert (json_alone.returncode, json_alone.stdout) == (2, "")


@pytest.mark.parametrize(
    "command",
    [
        "device list",
        "device enroll",
        "device remove --last",
        "device replace",
        "device reset",
        "device resync",
        "keys list",
        "keys disable",
        "keys enable",
    ],
)
def test_an_empty_name_does_not_mean_oneself(home: Home, aws: StrictAws, admin: Device, command: str) -> None:
    aws.reset()
    room, name, *options = command.split()
    yes = [] if name in ("list", "resync") else ["--yes"]
    result = home.run(room, name, "ops", "--user", "", *options, *yes)
    assert (result.returncode, result.stdout, aws.requests) == (2, "", [])
    assert "--user is empty." in result.stderr
    assert admin.serial in dict(aws.virtual_devices())


def test_an_administrator_without_mfa_is_warned(home: Home, aws: StrictAws, colleague: User) -> None:
    user = aws.add_user(policy=policy_documents.ADMINISTRATOR)
    home.add_profile("bare", user)
    result = home.run("device", "enroll", "bare", "--user", colleague.name, "--keep", "here", "--yes")
    assert result.returncode == 0, result.stderr
    assert "signed with its long-term keys, without MFA" in result.stderr
    assert len(colleague.devices()) == 1


@pytest.mark.usefixtures("admin")
def test_an_interrupted_enrollment_leaves_no_orphan(home: Home, aws: StrictAws, colleague: User) -> None:
    # AWS creates the device, and its answer with the secret is lost.
    aws.fault(dropped(after=True), action="CreateVirtualMFADevice")
    first = home.run("device", "enroll", "ops", "--user", colleague.name, "--keep", "here", "--yes")
    assert first.returncode == 1
    assert f"mfa-tui device enroll ops --user {colleague.name}" in first.stderr
    assert "(no answer" in first.stderr
    (orphan,) = [serial for serial, _ in aws.virtual_devices() if serial.endswith(colleague.name)]
    lost = aws.seed_of(orphan)
    again = home.run("device", "enroll", "ops", "--user", colleague.name, "--keep", "here", "--yes")
    assert again.returncode == 0, again.stderr
    assert colleague.devices() == [orphan]
    assert aws.seed_of(orphan) != lost
