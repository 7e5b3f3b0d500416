"""``mfa-tui device list``, ``resync`` and ``remove``."""

import json

import pytest

from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import client
from tests.support.devices.devices import has_stored, named_serial
from tests.support.homes.home import Home
from tests.support.processes.terminals import terminal


def furnish(home: Home, aws: StrictAws, *, backup: bool = False) -> tuple[User, Device]:
    """A user with a device that profile ``dev`` names, and perhaps another; the seeds of all are stored."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    if backup:
        home.store_seed(user.add_device(f"{user.name}-backup"))
    return user, device


def test_listing(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    token = user.add_hardware_device()
    key = user.add_fido_device("key")
    plain = home.run("device", "list", "dev")
    assert plain.returncode == 0, plain.stderr
    lines = {line.split()[-1] if line[0] == "*" else line.split()[0]: line for line in plain.stdout.splitlines()}
    assert len(lines) == 3
    current = plain.stdout.splitlines()[0]
    assert current.startswith(f"* {device.serial}  virtual · since ")
    assert current.endswith("secret stored here · used by dev")
    assert lines[token.serial].endswith("secret not here")
    assert "FIDO key or passkey" in lines[key]

    told = json.loads(home.run("device", "list", "dev", "--json").stdout)
    assert (told["profile"], told["user"], told["account"], told["known"]) == ("dev", user.name, user.account, True)
    assert {each["serial"]: (each["usable"], each["seed_stored"], each["current"]) for each in told["devices"]} == {
        device.serial: (True, True, True),
        token.serial: (True, False, False),
        key: (False, False, False),
    }
    assert told["devices"][0]["profiles"] == ["dev"]
    assert [each["seed_in"] for each in told["devices"]] == ["keyring", None, None]


def test_listing_nothing(home: Home, user: User) -> None:
    result = home.run("device", "list", "dev")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == f"{user.name} has no MFA device. Enroll one: mfa-tui device enroll dev\n"


def test_resyncing_a_device(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    # Let AWS believe that the device's clock is far ahead, which that of the stored secret is not.
    device.drift(20)
    first, second = device.codes()
    client(aws, "iam", user).resync_mfa_device(
        UserName=user.name, SerialNumber=device.serial, AuthenticationCode1=first, AuthenticationCode2=second
    )
    earlier = home.run("code", "dev").stdout.strip()
    refused = home.run("login", "dev", "--code", earlier)
    assert refused.returncode == 1
    aws.clock.offset = 120.0
    result = home.run("device", "resync", "dev")
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"dev: {device.serial} is in sync with AWS again\n"
    assert home.run("login", "dev").returncode == 0


def test_codes_of_no_stored_secret_need_a_terminal(home: Home, aws: StrictAws, user: User) -> None:
    user.add_device(user.name)
    result = home.run("device", "resync", "dev")
    assert (result.returncode, result.stdout) == (3, "")
    assert aws.count("ResyncMFADevice") == 0


def test_removing_one_of_two(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws, backup=True)
    backup = f"{device.serial}-backup"
    seed = aws.seed_of(backup)
    result = home.run("device", "remove", "dev", "--serial", backup, "--yes")
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"dev: removed {backup}\n"
    assert user.devices() == [device.serial]
    assert backup not in dict(aws.virtual_devices())
    assert not has_stored(home, seed)
    assert has_stored(home, device.seed)
    assert named_serial(home) == device.serial


def test_profiles_that_name_a_removed_device_name_the_other_one(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws, backup=True)
    home.add_profile("prod", user, device)
    before = home.config.read_text()
    result = home.run("device", "remove", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    assert "mfa_serial now names " in result.stderr
    assert home.config.read_text() == before.replace(device.serial, f"{device.serial}-backup")
    assert home.run("login", "prod").returncode == 0


def test_the_last_device_needs_a_word_more(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    refused = home.run("device", "remove", "dev", "--yes")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert f"{user.name} will have no MFA" in refused.stderr
    assert user.devices() == [device.serial]
    removed = home.run("device", "remove", "dev", "--yes", "--last")
    assert removed.returncode == 0, removed.stderr
    assert user.devices() == []
    assert device.serial not in dict(aws.virtual_devices())
    assert not has_stored(home, device.seed)
    # Nothing names it any more, so a login says what to do.
    assert removed.stderr.endswith("mfa_serial is taken out of dev.\n")
    assert named_serial(home) is None
    assert "has no MFA device" in home.run("login", "dev", "--force").stderr


def test_at_a_terminal_the_last_device_takes_two_yes(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    with terminal(home, "mfa-tui device remove dev") as tty:
        tty.wait_for(r"dev can no longer log in with it\..*Remove the MFA device .*\? \[y/N\] ")
        tty.type("y\r")
        tty.wait_for(r"Leave the user without MFA\? \[y/N\] ")
        tty.type("\r")
        assert tty.status() == 0
    assert "Nothing was removed." in tty.screen
    assert user.devices() == [device.serial]
    assert has_stored(home, device.seed)


def test_a_device_that_is_not_the_users(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    result = home.run("device", "remove", "dev", "--serial", f"{device.serial}-other", "--yes", "--last")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"There are {device.serial}." in result.stderr
    assert user.devices() == [device.serial]


@pytest.mark.parametrize("command", ["resync", "replace --yes", "remove --yes"])
def test_a_user_without_devices_is_told_so(home: Home, user: User, command: str) -> None:
    name, *options = command.split()
    result = home.run("device", name, "dev", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.endswith("The user of dev has no MFA device.\n  Enroll one: mfa-tui device enroll dev\n")
    assert user.devices() == []


def test_the_consequences_of_a_removal_are_known_even_if_devices_are_listed_only_after_mfa(
    home: Home, aws: StrictAws
) -> None:
    user, device = furnish(home, aws)
    user.set_policy(policy_documents.NOTHING_BEFORE_MFA)
    refused = home.run("device", "remove", "dev", "--yes")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert f"{user.name} will have no MFA" in refused.stderr
    assert user.devices() == [device.serial]


def test_what_remains_here_of_a_deleted_device_is_reported(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws)
    home.env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    home.run("login", "dev", "--code", device.code())
    result = home.run("device", "remove", "dev", "--yes", "--last")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"{user.name} is removed at AWS, but not completely here: There is no keyring" in result.stderr
    assert (user.devices(), named_serial(home)) == ([], None)


@pytest.mark.parametrize("command", ["remove --yes --last", "replace --yes"])
def test_a_device_that_may_be_deactivated_and_not_deleted(home: Home, aws: StrictAws, command: str) -> None:
    """AWS's example of a policy with which users manage their own devices is such a one."""
    user, device = furnish(home, aws)
    user.set_policy(policy_documents.self_service_mfa("*", delete=False))
    name, *options = command.split()
    result = home.run("device", name, "dev", *options)
    assert result.returncode == 0, result.stderr
    assert f"mfa-tui: The device {user.name} is still at AWS, but no longer belongs to a user." in result.stderr
    assert device.serial not in user.devices()
    assert not has_stored(home, device.seed)
    assert named_serial(home) != device.serial


def test_a_device_is_named_without_its_arn(home: Home, aws: StrictAws) -> None:
    user, device = furnish(home, aws, backup=True)
    name = f"{device.serial.rsplit('/')[-1]}-backup"
    exported = home.run("device", "export", "dev", "--serial", name, "--text", "--yes")
    assert aws.seed_of(f"{device.serial}-backup") in exported.stdout
    # The phone tells the two apart.
    assert f"AWS:{name}@{user.account}" in exported.stdout
    unknown = home.run("device", "import", "dev", "--serial", f"{name}-2", "--yes", stdin=device.seed)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "Use its ARN" in unknown.stderr
    forgotten = home.run("device", "forget", "dev", "--serial", name, "--yes")
    assert forgotten.stdout == f"dev: removed the secret of {device.serial}-backup\n"
