"""The life of an MFA device: made, enabled, out of step, back in step, deactivated, deleted."""

import io
from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts.one_time_codes import PERIOD
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.aws.clients import Keys, client, refusal

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

MFA_REQUIRED = (
    403,
    "AccessDenied",
    (
        "To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this"
        " user."
    ),
)
INVALID_CODE = (403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")
WRONG_CODE = (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
NOT_THE_USERS = (404, "NoSuchEntity", "MFA Device invalid for user.")


@pytest.fixture(autouse=True)
def _no_step_ends(aws: StrictAws) -> None:
    """Codes that a test reads one after the other are of the same step: the server's clock is in the middle of one."""
    aws.clock.offset = PERIOD / 2 - aws.clock.now() % PERIOD


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


@pytest.fixture
def iam(aws: StrictAws, user: User) -> "IAMClient":
    return client(aws, "iam", user)


@pytest.fixture
def device(user: User, iam: "IAMClient") -> Device:
    """A device that the user has made and not enabled."""
    return user.device(create(iam, user.name))


def create(iam: "IAMClient", name: str) -> str:
    return iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]


def pair(user: User, device: Device, codes: tuple[str, str] | None = None) -> dict[str, str]:
    """Parameters of EnableMFADevice and ResyncMFADevice; the codes are the previous and the current one."""
    first, second = codes or device.codes()
    return {
        "UserName": user.name,
        "SerialNumber": device.serial,
        "AuthenticationCode1": first,
        "AuthenticationCode2": second,
    }


def with_mfa(aws: StrictAws, user: User, device: Device, steps: int = 0) -> "IAMClient":
    answer = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code(steps))
    return client(aws, "iam", Keys.of(answer))


def test_from_nothing_to_a_session(aws: StrictAws, user: User, iam: "IAMClient") -> None:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)["VirtualMFADevice"]
    serial = made["SerialNumber"]
    assert serial == f"arn:aws:iam::{user.account}:mfa/{user.name}"
    assert made["Base32StringSeed"].decode() == aws.seed_of(serial)
    assert len(aws.seed_of(serial)) == 64
    assert (serial, None) in aws.virtual_devices()
    assert user.devices() == []
    device = user.device(serial)
    iam.enable_mfa_device(**pair(user, device))
    assert (serial, user.name) in aws.virtual_devices()
    assert user.devices() == [serial]
    with_mfa(aws, user, device, 1)
    assert [request.serial for request in aws.requests] == [serial] * 3
    assert aws.requests[1].step == aws.steps(serial).accepted[1]


def test_the_picture_holds_the_secret(user: User, iam: "IAMClient") -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)["VirtualMFADevice"]
    (found,) = zxingcpp.read_barcodes(image.open(io.BytesIO(made["QRCodePNG"])))
    seed = made["Base32StringSeed"].decode()
    assert found.text == f"otpauth://totp/{user.name}@{user.account}?secret={seed}"


def test_names_and_paths(aws: StrictAws, user: User) -> None:
    user.set_policy({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    make = client(aws, "iam", user).create_virtual_mfa_device
    made = make(VirtualMFADeviceName=user.name, Path="/team/")["VirtualMFADevice"]
    assert made["SerialNumber"] == f"arn:aws:iam::{user.account}:mfa/team/{user.name}"
    exists = (409, "EntityAlreadyExists", "MFA device already exists.")
    assert refusal(make, VirtualMFADeviceName=user.name, Path="/team/") == exists
    for wrong in ({"VirtualMFADeviceName": "two words"}, {"VirtualMFADeviceName": ""}, {}):
        assert refusal(make, **wrong)[:2] == (400, "ValidationError")
    assert refusal(make, VirtualMFADeviceName=user.name, Path="team")[:2] == (400, "ValidationError")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_two_consecutive_codes_enable_and_are_used_up(
    aws: StrictAws, user: User, iam: "IAMClient", device: Device, steps: int
) -> None:
    codes = device.codes(steps)
    iam.enable_mfa_device(**pair(user, device, codes))
    ask = client(aws, "sts", user).get_session_token
    for code in codes:
        assert refusal(ask, SerialNumber=device.serial, TokenCode=code) == WRONG_CODE
    later = aws.steps(device.serial).accepted[-1]
    assert aws.steps(device.serial).accepted == [later - 1, later]


def test_other_pairs_of_codes_do_not(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    ask = iam.enable_mfa_device
    for codes in (
        (device.code(), device.code()),
        (device.code(), device.code(-1)),
        (device.code(-1), device.code(1)),
        device.codes(-3),
        device.codes(3),
        ("000000", "000000"),
    ):
        assert refusal(ask, **pair(user, device, codes)) == INVALID_CODE
    for codes in (("12345", "123456"), ("123456", "12345x"), ("１２３４５６", "123456")):
        assert refusal(ask, **pair(user, device, codes))[:2] == (400, "ValidationError")
    assert aws.steps(device.serial).accepted == []
    assert user.devices() == []


def test_a_pair_is_good_once(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    iam.enable_mfa_device(**pair(user, device))
    with_mfa(aws, user, device, 1).deactivate_mfa_device(SerialNumber=device.serial)
    for steps in (0, 1):
        assert refusal(iam.enable_mfa_device, **pair(user, device, device.codes(steps))) == INVALID_CODE
    aws.clock.offset += 90
    iam.enable_mfa_device(**pair(user, device))


def test_devices_that_are_taken_or_not_there(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    stranger = aws.add_user(account=user.account)
    iam.enable_mfa_device(**pair(user, device))
    theirs = client(aws, "iam", stranger).enable_mfa_device
    assert refusal(theirs, **pair(stranger, device)) == (409, "EntityAlreadyExists", "MFA Device is already in use.")
    mine = with_mfa(aws, user, device, 1).enable_mfa_device
    message = f"MFA Device for user {user.name} already exists."
    assert refusal(mine, **pair(user, device)) == (409, "EntityAlreadyExists", message)
    missing = f"arn:aws:iam::{user.account}:mfa/missing"
    message = f"VirtualMFADevice with serial number {missing} does not exist."
    codes = {"AuthenticationCode1": "000000", "AuthenticationCode2": "000001"}
    assert refusal(mine, UserName=user.name, SerialNumber=missing, **codes) == (404, "NoSuchEntity", message)


def test_a_ninth_device(aws: StrictAws, user: User, iam: "IAMClient") -> None:
    devices = [user.add_device(f"{user.name}-{number}") for number in range(8)]
    ninth = user.device(create(iam, f"{user.name}-8"))
    ask = with_mfa(aws, user, devices[0]).enable_mfa_device
    message = "Cannot exceed quota for MFADevicesPerUser: 8"
    assert refusal(ask, **pair(user, ninth)) == (409, "LimitExceeded", message)
    assert aws.steps(ninth.serial).accepted == []


def test_further_devices_need_mfa(aws: StrictAws, user: User, iam: "IAMClient") -> None:
    phone = user.add_device(user.name)
    tablet = user.device(create(iam, f"{user.name}-tablet"))
    assert refusal(iam.enable_mfa_device, **pair(user, tablet)) == MFA_REQUIRED
    assert refusal(iam.deactivate_mfa_device, UserName=user.name, SerialNumber=phone.serial) == MFA_REQUIRED
    assert refusal(iam.deactivate_mfa_device, SerialNumber=f"{phone.serial}-missing") == MFA_REQUIRED
    session = with_mfa(aws, user, phone)
    session.enable_mfa_device(**pair(user, tablet))
    session.deactivate_mfa_device(UserName=user.name, SerialNumber=phone.serial)
    assert user.devices() == [tablet.serial]
    session.deactivate_mfa_device(UserName=user.name, SerialNumber=tablet.serial)
    assert user.devices() == []


def test_a_fido_key_counts_as_mfa(user: User, iam: "IAMClient", device: Device) -> None:
    fido = user.add_fido_device("key")
    assert refusal(iam.enable_mfa_device, **pair(user, device)) == MFA_REQUIRED
    assert iam.get_mfa_device(SerialNumber=fido)["UserName"] == user.name
    assert refusal(iam.get_mfa_device, SerialNumber=device.serial)[:2] == (400, "ValidationError")


def test_an_administrator_needs_none(aws: StrictAws, user: User) -> None:
    phone = user.add_device(user.name)
    admin = aws.add_user(policy={"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    iam = client(aws, "iam", admin)
    assert refusal(iam.deactivate_mfa_device, SerialNumber=phone.serial) == NOT_THE_USERS
    iam.deactivate_mfa_device(UserName=user.name, SerialNumber=phone.serial)
    iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    assert user.devices() == []


def test_removing_a_device(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    delete = iam.delete_virtual_mfa_device
    iam.enable_mfa_device(**pair(user, device))
    in_use = (409, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
    assert refusal(delete, SerialNumber=device.serial) == in_use
    session = with_mfa(aws, user, device, 1)
    session.deactivate_mfa_device(UserName=user.name, SerialNumber=device.serial)
    assert refusal(session.deactivate_mfa_device, SerialNumber=device.serial) == NOT_THE_USERS
    delete(SerialNumber=device.serial)
    message = f"VirtualMFADevice with serial number {device.serial} does not exist."
    assert refusal(delete, SerialNumber=device.serial) == (404, "NoSuchEntity", message)
    assert device.serial not in dict(aws.virtual_devices())
    with pytest.raises(KeyError):
        aws.seed_of(device.serial)


def test_a_device_created_again_is_another_one(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    iam.delete_virtual_mfa_device(SerialNumber=device.serial)
    assert create(iam, user.name) == device.serial
    assert aws.seed_of(device.serial) != device.seed
    assert refusal(iam.enable_mfa_device, **pair(user, device)) == INVALID_CODE
    iam.enable_mfa_device(**pair(user, user.device(device.serial)))


@pytest.mark.parametrize("steps", [-900, -4, 12])
def test_out_of_step_and_back(aws: StrictAws, user: User, iam: "IAMClient", steps: int) -> None:
    device = user.add_device(user.name)
    device.drift(steps)
    ask = client(aws, "sts", user).get_session_token
    assert refusal(ask, SerialNumber=device.serial, TokenCode=device.code()) == WRONG_CODE
    for codes in ((device.code(), device.code()), device.codes(2000), ("000000", "000000")):
        assert refusal(iam.resync_mfa_device, **pair(user, device, codes)) == INVALID_CODE
    iam.resync_mfa_device(**pair(user, device))
    assert aws.steps(device.serial).drift == steps
    assert refusal(iam.resync_mfa_device, **pair(user, device)) == INVALID_CODE
    ask(SerialNumber=device.serial, TokenCode=device.code(1))
    device.drift(-steps)
    assert refusal(ask, SerialNumber=device.serial, TokenCode=device.code()) == WRONG_CODE


def test_only_the_users_devices_are_resynced(aws: StrictAws, user: User, device: Device, iam: "IAMClient") -> None:
    assert refusal(iam.resync_mfa_device, **pair(user, device)) == NOT_THE_USERS
    fido = user.add_fido_device("key")
    codes = {"AuthenticationCode1": "000000", "AuthenticationCode2": "000001"}
    assert refusal(iam.resync_mfa_device, UserName=user.name, SerialNumber=fido, **codes)[1] == "NoSuchEntity"
    other = aws.add_user()
    theirs = other.add_device(other.name)
    assert refusal(iam.resync_mfa_device, **pair(other, theirs))[1] == "AccessDenied"


def test_a_hardware_token(aws: StrictAws, user: User, iam: "IAMClient") -> None:
    token = user.add_hardware_device()
    assert [entry["SerialNumber"] for entry in iam.list_mfa_devices()["MFADevices"]] == [token.serial]
    assert token.serial not in dict(aws.virtual_devices())
    with pytest.raises(ValueError, match=token.serial):
        user.add_hardware_device(token.serial)
    session = with_mfa(aws, user, token)
    token.drift(5)
    iam.resync_mfa_device(**pair(user, token))
    invalid = (400, "InvalidInput", f"ARN {token.serial} is not valid.")
    assert refusal(session.delete_virtual_mfa_device, SerialNumber=token.serial) == invalid
    session.deactivate_mfa_device(UserName=user.name, SerialNumber=token.serial)
    assert user.devices() == []
    aws.clock.offset += 90
    iam.enable_mfa_device(**pair(user, token))
    assert user.devices() == [token.serial]


def test_virtual_devices_are_listed_without_their_seeds(aws: StrictAws) -> None:
    account = "222233334444"
    user = aws.add_user(account=account)
    iam = client(aws, "iam", user)
    enabled = user.add_device(user.name)
    orphans = [create(iam, f"{user.name}-{letter}") for letter in "cab"]
    everything = iam.list_virtual_mfa_devices()
    assert [entry["SerialNumber"] for entry in everything["VirtualMFADevices"]] == sorted([enabled.serial, *orphans])
    assert not everything["IsTruncated"]
    assert all("Base32StringSeed" not in entry for entry in everything["VirtualMFADevices"])
    (assigned,) = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert assigned["SerialNumber"] == enabled.serial
    assert assigned["User"]["Arn"] == user.arn
    assert abs(assigned["EnableDate"].timestamp() - aws.clock.now()) < 600
    pages = list(
        iam.get_paginator("list_virtual_mfa_devices").paginate(
            AssignmentStatus="Unassigned", PaginationConfig={"PageSize": 2}
        )
    )
    assert [[entry["SerialNumber"] for entry in page["VirtualMFADevices"]] for page in pages] == [
        sorted(orphans)[:2],
        sorted(orphans)[2:],
    ]
    assert all(entry.keys() == {"SerialNumber"} for page in pages for entry in page["VirtualMFADevices"])
    assert refusal(iam.list_virtual_mfa_devices, AssignmentStatus="Lost")[:2] == (400, "ValidationError")
    assert refusal(iam.list_virtual_mfa_devices, Marker="!") == (400, "ValidationError", "Invalid Marker.")


def test_enabling_takes_time_to_spread(aws: StrictAws, user: User, iam: "IAMClient", device: Device) -> None:
    aws.propagation = 12
    iam.enable_mfa_device(**pair(user, device))
    ask = client(aws, "sts", user).get_session_token
    _, code, message = refusal(ask, SerialNumber=device.serial, TokenCode=device.code(1))
    assert (code, "unable to validate MFA code" in message) == ("AccessDenied", True)
    aws.clock.offset += 30
    ask(SerialNumber=device.serial, TokenCode=device.code())
