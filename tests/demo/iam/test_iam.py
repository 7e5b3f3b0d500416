"""Who may do what in IAM, and moto's actions behind the same door."""

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import (
    NOTHING_BEFORE_MFA,
    SELF_SERVICE,
    SELF_SERVICE_MFA,
    SELF_SERVICE_MFA_PREFIX,
    self_service_mfa,
    trust,
)
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client, refusal


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user()


def test_the_callers_own_devices(aws: StrictAws, user: User) -> None:
    phone, fido = user.add_device(f"{user.name}-phone"), user.add_fido_device("key")
    answer = client(aws, "iam", user).list_mfa_devices()
    assert [device["SerialNumber"] for device in answer["MFADevices"]] == [phone.serial, fido]
    assert {device["UserName"] for device in answer["MFADevices"]} == {user.name}
    assert not answer["IsTruncated"]
    assert all(abs(device["EnableDate"].timestamp() - aws.clock.now()) < 600 for device in answer["MFADevices"])


def test_another_users_devices(aws: StrictAws, user: User) -> None:
    other = aws.add_user()
    ask = client(aws, "iam", user).list_mfa_devices
    message = (
        f"User: {user.arn} is not authorized to perform: iam:ListMFADevices on resource: user {other.name} "
        "because no identity-based policy allows the iam:ListMFADevices action"
    )
    assert refusal(ask, UserName=other.name) == (403, "AccessDenied", message)
    user.set_policy({"Statement": [{"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}]})
    assert ask(UserName=other.name)["MFADevices"] == []
    status, code, message = refusal(ask, UserName="nobody")
    assert (status, code, message) == (404, "NoSuchEntity", "The user with name nobody cannot be found.")


def test_a_policy_that_denies_before_mfa(aws: StrictAws) -> None:
    user = aws.add_user(policy=NOTHING_BEFORE_MFA)
    device = user.add_device(user.name)
    message = (
        f"User: {user.arn} is not authorized to perform: iam:ListMFADevices on resource: user {user.name} "
        "with an explicit deny in an identity-based policy"
    )
    assert refusal(client(aws, "iam", user).list_mfa_devices) == (403, "AccessDenied", message)
    session = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    assert len(client(aws, "iam", Keys.of(session)).list_mfa_devices()["MFADevices"]) == 1


def test_a_session_without_mfa_may_not_call_iam(aws: StrictAws, user: User) -> None:
    session = Keys.of(client(aws, "sts", user).get_session_token())
    assert refusal(client(aws, "iam", session).list_mfa_devices) == (
        403,
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )


def test_a_role_must_name_the_user(aws: StrictAws, user: User) -> None:
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    role = aws.add_role(f"admin-{user.name}", trust(user.arn), policy=everything)
    session = Keys.of(client(aws, "sts", user).assume_role(RoleArn=role, RoleSessionName="me"))
    iam = client(aws, "iam", session)
    assert refusal(iam.list_mfa_devices) == (
        400,
        "ValidationError",
        "Must specify userName when calling with non-User credentials",
    )
    assert iam.list_mfa_devices(UserName=user.name)["MFADevices"] == []


def test_other_actions_are_motos_once_allowed(aws: StrictAws, user: User) -> None:
    iam = client(aws, "iam", user)
    listed = iam.list_access_keys(UserName=user.name)["AccessKeyMetadata"]
    assert [key["AccessKeyId"] for key in listed] == [user.access_key_id]
    assert refusal(iam.list_users)[1] == "AccessDenied"
    wrong = Keys(user.access_key_id, user.secret_access_key[::-1])
    assert refusal(client(aws, "iam", wrong).list_access_keys)[1] == "SignatureDoesNotMatch"


def test_a_user_of_iam(aws: StrictAws, user: User) -> None:
    iam = client(aws, "iam", user)
    own, named = iam.get_user()["User"], iam.get_user(UserName=user.name)["User"]
    assert own == named
    assert (own["Path"], own["UserName"], own["Arn"]) == ("/", user.name, user.arn)
    assert own["UserId"] == client(aws, "sts", user).get_caller_identity()["UserId"]
    assert refusal(iam.get_user, UserName=aws.add_user().name)[1] == "AccessDenied"


def test_the_self_service_policy_names_the_device(aws: StrictAws) -> None:
    user = aws.add_user(policy=SELF_SERVICE_MFA)
    iam = client(aws, "iam", user)
    message = (
        f"User: {user.arn} is not authorized to perform: iam:CreateVirtualMFADevice on resource: "
        f"arn:aws:iam::{user.account}:mfa/{user.name}-2 because no identity-based policy allows the "
        "iam:CreateVirtualMFADevice action"
    )
    make = iam.create_virtual_mfa_device
    assert refusal(make, VirtualMFADeviceName=f"{user.name}-2") == (403, "AccessDenied", message)
    make(VirtualMFADeviceName=user.name)
    user.set_policy(SELF_SERVICE_MFA_PREFIX)
    make(VirtualMFADeviceName=f"{user.name}-2")
    assert refusal(make, VirtualMFADeviceName="another")[1] == "AccessDenied"
    user.set_policy(self_service_mfa("*"))
    make(VirtualMFADeviceName=f"another-than-{user.name}")
    iam.list_virtual_mfa_devices()


def test_an_orphan_that_cannot_be_deleted(aws: StrictAws) -> None:
    user = aws.add_user(policy=SELF_SERVICE_MFA_PREFIX)
    iam = client(aws, "iam", user)
    orphan = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"{user.name}-2")["VirtualMFADevice"]["SerialNumber"]
    message = (
        f"User: {user.arn} is not authorized to perform: iam:DeleteVirtualMFADevice on resource: {orphan} "
        "with an explicit deny in an identity-based policy"
    )
    assert refusal(iam.delete_virtual_mfa_device, SerialNumber=orphan) == (403, "AccessDenied", message)
    device = user.add_device(user.name)
    answer = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    session = client(aws, "iam", Keys.of(answer))
    user.set_policy(self_service_mfa("${aws:username}*", delete=False))
    assert refusal(session.delete_virtual_mfa_device, SerialNumber=orphan)[1] == "AccessDenied"
    user.set_policy(SELF_SERVICE_MFA_PREFIX)
    session.delete_virtual_mfa_device(SerialNumber=orphan)
    assert (orphan, None) not in aws.virtual_devices()


def test_accounts_are_apart(aws: StrictAws) -> None:
    here = aws.add_user("twin-of-two-accounts", policy=SELF_SERVICE)
    there = aws.add_user("twin-of-two-accounts", account="444455556666")
    device = there.add_device("there")
    assert device.serial == "arn:aws:iam::444455556666:mfa/there"
    assert client(aws, "iam", here).list_mfa_devices()["MFADevices"] == []
    assert client(aws, "sts", there).get_caller_identity()["Account"] == "444455556666"
