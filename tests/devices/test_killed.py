"""Enrolling and replacing that is killed between any two calls of AWS: the same command again brings it to its end."""

import pytest

from mfa_tui.demo.aws.accounts import policy_documents
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.devices.devices import has_stored, named_serial, run_killed, unassigned, who
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long, quick_cases

ENROLL = (
    "GetCallerIdentity",
    "ListMFADevices",
    "CreateVirtualMFADevice",
    "EnableMFADevice",
    "ListMFADevices",
    "GetSessionToken",
)
REPLACE = (
    "GetCallerIdentity",
    "ListMFADevices",
    "GetSessionToken",
    "CreateVirtualMFADevice",
    "EnableMFADevice",
    "ListMFADevices",
    "GetSessionToken",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
)
"""The requests of an undisturbed run, in order."""

READS = ("GetCaller", "List")
"""How the names of calls begin that change nothing."""

LATER = 90.0
"""Seconds until no code that the killed run may have used is needed again."""


def moments(calls: tuple[str, ...]) -> pytest.MarkDecorator:
    """Every moment between two calls: before one arrives, and after one that changes something is done, unanswered."""
    return pytest.mark.parametrize(
        ("request_number", "when"),
        [
            # Between two calls that only read, little can go wrong.
            pytest.param(number, when, id=f"{when}-{number}-{call}", marks=long if call.startswith(READS) else ())
            for number, call in enumerate(calls)
            for when in ("before", "after")
            # What only reads leaves nothing behind: after it is as before the next.
            if when == "before" or not call.startswith(READS)
        ],
    )


def furnish_for_replacing(home: Home, aws: StrictAws) -> User:
    """A user with a device whose seed is stored, and the profile ``dev`` that names it."""
    user = aws.add_user()
    device = user.add_device(f"{user.name}-old")
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return user


def assert_one_good_device(home: Home, aws: StrictAws, user: User) -> None:
    """One device is enabled, stored here and named by the profile; the session that it made is in the files."""
    (serial,) = user.devices()
    assert has_stored(home, aws.seed_of(serial))
    assert named_serial(home) == serial
    assert who(home, aws) == user.arn
    # It was made with the new device, in this run or in the killed one.
    proofs = [
        request.serial for request in aws.requests if (request.action, request.status) == ("GetSessionToken", 200)
    ]
    assert proofs[-1:] == [serial]


@pytest.mark.usefixtures("user")
def test_the_moments_are_all_there_are(home: Home, aws: StrictAws) -> None:
    assert home.run("device", "enroll", "dev", "--yes").returncode == 0
    assert tuple(request.action for request in aws.requests) == ENROLL
    aws.reset()
    # The session of the enrollment is no more.
    home.run("logout", "dev")
    aws.clock.offset = LATER
    replaced = home.run("device", "replace", "dev", "--yes")
    assert replaced.returncode == 0, replaced.stderr
    assert tuple(request.action for request in aws.requests) == REPLACE


@moments(ENROLL)
def test_enrolling(home: Home, aws: StrictAws, user: User, request_number: int, when: str) -> None:
    killed = run_killed(home, aws, "device", "enroll", "dev", "--yes", request=request_number, when=when)
    assert killed.returncode == -9
    aws.clock.offset = LATER
    again = home.run("device", "enroll", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    assert_one_good_device(home, aws, user)
    assert unassigned(aws, user) == []


@long
@quick_cases(1)
@moments(REPLACE)
def test_replacing(home: Home, aws: StrictAws, request_number: int, when: str) -> None:
    user = furnish_for_replacing(home, aws)
    (old,) = user.devices()
    old_seed = aws.seed_of(old)
    killed = run_killed(home, aws, "device", "replace", "dev", "--yes", request=request_number, when=when)
    assert killed.returncode == -9
    aws.clock.offset = LATER
    again = home.run("device", "replace", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    assert old not in user.devices()
    assert old not in [serial for serial, _ in aws.virtual_devices()]
    assert not has_stored(home, old_seed)
    assert_one_good_device(home, aws, user)
    assert unassigned(aws, user) == []


@quick_cases(1)
@pytest.mark.parametrize(
    "policy",
    [policy_documents.SELF_SERVICE_MFA_PREFIX, policy_documents.self_service_mfa("*", delete=False)],
    ids=["deletes-after-mfa", "never-deletes"],
)
def test_a_device_that_may_not_be_deleted_is_reported(
    home: Home, aws: StrictAws, user: User, policy: policy_documents.Document
) -> None:
    user.set_policy(policy)
    made = ENROLL.index("CreateVirtualMFADevice")
    assert run_killed(home, aws, "device", "enroll", "dev", "--yes", request=made, when="after").returncode == -9
    aws.clock.offset = LATER
    again = home.run("device", "enroll", "dev", "--yes")
    assert again.returncode == 0, again.stderr
    (orphan,) = unassigned(aws, user)
    assert f"The device {user.name} is still at AWS, and its secret is lost." in again.stderr
    assert f"aws iam delete-virtual-mfa-device --serial-number {orphan}" in again.stderr
    assert_one_good_device(home, aws, user)


@long
def test_a_device_does_not_take_its_own_place(home: Home, aws: StrictAws, user: User) -> None:
    """One that is enabled and not proved yet may be the user's only one, which ``replace`` takes for the old one."""
    proof = ENROLL.index("GetSessionToken")
    assert run_killed(home, aws, "device", "enroll", "dev", "--yes", request=proof, when="before").returncode == -9
    aws.clock.offset = LATER
    refused = home.run("device", "replace", "dev", "--yes")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "mfa-tui device enroll dev" in refused.stderr
    assert home.run("device", "enroll", "dev", "--yes").returncode == 0
    assert_one_good_device(home, aws, user)


@long
def test_another_device_than_before_is_not_replaced_in_silence(home: Home, aws: StrictAws) -> None:
    user = furnish_for_replacing(home, aws)
    (old,) = user.devices()
    other = user.add_device(f"{user.name}-other")
    home.store_seed(other)
    made = REPLACE.index("EnableMFADevice")
    assert run_killed(home, aws, "device", "replace", "dev", "--yes", request=made, when="before").returncode == -9
    refused = home.run("device", "replace", "dev", "--yes", "--serial", other.serial)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "This command has other options." in refused.stderr
    aws.clock.offset = LATER
    again = home.run("device", "replace", "dev", "--yes", "--serial", old)
    assert again.returncode == 0, again.stderr
    assert old not in user.devices()
    assert other.serial in user.devices()
