"""Each request of an administrator refused, and commands killed between any two of them."""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.devices.devices import run_killed
from tests.support.homes.home import Home
from tests.support.processes.consent import refused_plan
from tests.support.processes.terminals import terminal
from tests.support.runner.thoroughness import long, quick_cases

ENROLLING = ("ListMFADevices", "CreateVirtualMFADevice", "EnableMFADevice")
RESETTING = ("ListMFADevices", "DeactivateMFADevice", "DeleteVirtualMFADevice")


def moments(requests: int, *, few: tuple[tuple[int, str], ...]) -> pytest.MarkDecorator:
    """Before and after each of the requests that follow the first; only the *few* in the quick tests."""
    each = [(number, when) for number in range(1, requests + 1) for when in ("before", "after")]
    cases = [one if one in few else pytest.param(*one, marks=long) for one in each]
    return pytest.mark.parametrize(("number", "when"), cases)


def administrator(home: Home, aws: StrictAws, *denied: str) -> User:
    """An administrator with the profile ``boss``, to whom some actions are denied."""
    statements = [*ADMINISTRATOR["Statement"]]
    if denied:
        statements.append({"Effect": "Deny", "Action": [f"iam:{name}" for name in denied], "Resource": "*"})
    user = aws.add_user(policy={"Version": "2012-10-17", "Statement": statements})
    device = user.add_device(user.name)
    home.add_profile("boss", user, device)
    home.store_seed(device)
    return user


@pytest.mark.parametrize("action", ENROLLING[1:])
def test_enrolling_without_one_right(home: Home, aws: StrictAws, colleague: User, action: str) -> None:
    boss = administrator(home, aws, action)
    result = home.run("device", "enroll", "boss", "--user", colleague.name, "--keep", "here", "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"AWS does not let {boss.name} " in result.stderr
    assert f"The policies of {boss.name} must allow iam:{action}" in result.stderr
    assert f"iam:{action} " in result.stderr
    assert colleague.devices() == []


@pytest.mark.parametrize("action", RESETTING[:2])
def test_resetting_without_one_right(home: Home, aws: StrictAws, colleague: User, action: str) -> None:
    boss = administrator(home, aws, action)
    lost = colleague.add_device(colleague.name)
    result = home.run("device", "reset", "boss", "--user", colleague.name, "--yes")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"The policies of {boss.name} must allow iam:{action}" in result.stderr
    assert colleague.devices() == [lost.serial]


def test_a_device_that_may_be_deactivated_but_not_deleted(home: Home, aws: StrictAws, colleague: User) -> None:
    administrator(home, aws, "DeleteVirtualMFADevice")
    lost = colleague.add_device(colleague.name)
    result = home.run("device", "reset", "boss", "--user", colleague.name, "--yes")
    assert result.returncode == 0, result.stderr
    assert f"The device {colleague.name} is still at AWS, but no longer belongs to a user." in result.stderr
    assert (colleague.devices(), lost.serial in dict(aws.virtual_devices())) == ([], True)


@quick_cases(1)
@moments(5, few=((2, "after"), (3, "before")))
def test_a_reset_that_was_killed_is_finished_by_the_next(
    home: Home, aws: StrictAws, colleague: User, number: int, when: str
) -> None:
    administrator(home, aws)
    lost = colleague.add_device(colleague.name)
    assert home.run("login", "boss").returncode == 0
    aws.reset()
    killed = run_killed(
        home, aws, "device", "reset", "boss", "--user", colleague.name, "--yes", request=number, when=when
    )
    assert killed.returncode in (0, -9)
    aws.reset()
    again = home.run("device", "reset", "boss", "--user", colleague.name, "--yes")
    # If all was done before, there is nothing left to reset.
    assert again.returncode == 0 or "has no MFA device" in again.stderr, again.stderr
    assert colleague.devices() == []
    assert lost.serial not in dict(aws.virtual_devices())


@quick_cases(1)
@moments(3, few=((2, "after"), (3, "after")))
def test_an_enrollment_that_was_killed_is_continued(
    home: Home, aws: StrictAws, colleague: User, number: int, when: str
) -> None:
    administrator(home, aws)
    assert home.run("login", "boss").returncode == 0
    aws.reset()
    command = ("device", "enroll", "boss", "--user", colleague.name, "--keep", "here", "--yes")
    assert run_killed(home, aws, *command, request=number, when=when).returncode == -9
    aws.reset()
    # So that no code has to be waited for.
    aws.clock.offset = 120.0
    again = home.run(*command)
    assert again.returncode == 0, again.stderr
    devices = colleague.devices()
    assert len(devices) == 1
    assert [serial for serial, _ in aws.virtual_devices() if colleague.name in serial] == devices
    assert json.loads(home.run("device", "list", "boss", "--user", colleague.name, "--json").stdout)["devices"]


def test_a_session_that_expires_meanwhile(home: Home, aws: StrictAws, colleague: User) -> None:
    administrator(home, aws)
    device = colleague.add_device(colleague.name)
    aws.reset()
    with terminal(home, f"mfa-tui device resync boss --user {colleague.name}") as tty:
        tty.wait_for("Code that it shows now: ")
        aws.end_session(next(r.access_key_id for r in aws.requests if r.access_key_id.startswith("ASIA")))
        first, second = device.codes()
        tty.type(f"{first}\r")
        tty.wait_for("The next code, once it changes: ")
        tty.type(f"{second}\r")
        assert tty.status() == 1
    assert "The session of boss has expired." in tty.screen
    assert "Run the command again" in tty.screen


def test_one_device_and_all_of_them_exclude_each_other(home: Home, aws: StrictAws, colleague: User) -> None:
    administrator(home, aws)
    kept = [colleague.add_device(f"{colleague.name}-{place}").serial for place in ("desk", "phone")]
    refused = home.run("device", "reset", "boss", "--user", colleague.name, "--all", "--serial", kept[0], "--yes")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--all and --serial exclude each other." in refused.stderr


def test_a_replacement_says_that_the_old_device_goes_not_the_user(home: Home, aws: StrictAws, colleague: User) -> None:
    administrator(home, aws)
    colleague.add_device(colleague.name)
    asked = home.run("device", "replace", "boss", "--user", colleague.name)
    plan = refused_plan(asked, "Use --yes to do it. Nothing was changed.")
    assert plan[-1] == f"Once it is enabled, the old device {colleague.name} is removed."
