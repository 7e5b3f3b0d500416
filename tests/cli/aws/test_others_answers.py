"""Answers of IAM about another user than the one who asked: none of them is believed."""

import re

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.server import StrictAws
from tests.support.devices.devices import has_stored
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import quick_cases


def of_somebody(field: str = "UserName") -> faults.Fault:
    tag = field.encode()
    return faults.altered(lambda body: re.sub(rb"<%s>[^<]*</%s>" % (tag, tag), b"<%s>somebody</%s>" % (tag, tag), body))


@quick_cases()
@pytest.mark.parametrize(
    ("command", "action"),
    [
        ("device list dev", "ListMFADevices"),
        ("device remove dev --yes --last", "ListMFADevices"),
        ("keys list dev", "ListAccessKeys"),
        ("keys rotate dev --yes", "ListAccessKeys"),
        ("keys rotate dev --yes", "CreateAccessKey"),
    ],
)
def test_another_user(home: Home, aws: StrictAws, command: str, action: str) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    files = home.config.read_bytes(), home.credentials.read_bytes()
    aws.fault(of_somebody(), action=action, times=20)
    result = home.run(*command.split())
    assert (result.returncode, result.stdout) == (1, "")
    assert "it is about another user" in result.stderr
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == files
    assert user.devices() == [device.serial]
    assert user.access_keys()[user.access_key_id][0] == "Active"


@pytest.mark.parametrize("kind", ["virtual", "hardware"])
def test_a_device_that_aws_does_not_know_everywhere(home: Home, aws: StrictAws, kind: str) -> None:
    user = aws.add_user()
    device = user.add_device(user.name) if kind == "virtual" else user.add_hardware_device()
    home.add_profile("dev", user, device)
    home.store_seed(device)
    aws.fault(faults.not_known_yet(), action="DeactivateMFADevice")
    result = home.run("device", "remove", "dev", "--yes", "--last")
    assert (result.returncode, result.stdout) == (1, "")
    assert user.devices() == [device.serial]
    assert has_stored(home, device.seed)
    assert home.run("device", "remove", "dev", "--yes", "--last").returncode == 0
    assert user.devices() == []


def test_a_key_that_aws_does_not_know_everywhere(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    key = aws.account(user.arn.split(":")[4]).add_key(user.name, age=10, active=False)
    aws.fault(faults.not_known_yet(), action="DeleteAccessKey")
    command = ("keys", "delete", "dev", "--key", key, "--yes")
    result = home.run(*command)
    assert (result.returncode, result.stdout) == (1, "")
    assert key in user.access_keys()
    assert home.run(*command).returncode == 0
    assert key not in user.access_keys()
