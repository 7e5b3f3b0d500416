"""Access keys of users in the embedded AWS."""

from typing import TYPE_CHECKING

from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client, refusal

if TYPE_CHECKING:
    from collections.abc import Callable


def session_of(aws: StrictAws, user: User) -> Keys:
    device = user.add_device(user.name)
    return Keys.of(client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code()))


def test_a_user_has_two_keys_at_most(aws: StrictAws) -> None:
    user = aws.add_user()
    iam = client(aws, "iam", user)
    made = iam.create_access_key()["AccessKey"]
    assert (
        client(aws, "sts", Keys(made["AccessKeyId"], made["SecretAccessKey"])).get_caller_identity()["Arn"] == user.arn
    )
    assert refusal(iam.create_access_key)[1] == "LimitExceeded"
    listed = iam.list_access_keys()["AccessKeyMetadata"]
    assert [(key["AccessKeyId"], key["Status"]) for key in listed] == [
        (user.access_key_id, "Active"),
        (made["AccessKeyId"], "Active"),
    ]
    assert "SecretAccessKey" not in listed[0]
    iam.delete_access_key(AccessKeyId=made["AccessKeyId"])
    assert list(user.access_keys()) == [user.access_key_id]


def test_with_temporary_keys_the_user_must_be_named(aws: StrictAws) -> None:
    user = aws.add_user()
    iam = client(aws, "iam", session_of(aws, user))
    for call in (
        iam.list_access_keys,
        iam.create_access_key,
        lambda: iam.update_access_key(AccessKeyId=user.access_key_id, Status="Inactive"),
        lambda: iam.delete_access_key(AccessKeyId=user.access_key_id),
    ):
        assert refusal(call)[1] == "ValidationError"
    assert len(iam.list_access_keys(UserName=user.name)["AccessKeyMetadata"]) == 1


def test_a_new_key_is_refused_until_it_has_spread(aws: StrictAws) -> None:
    user = aws.add_user()
    aws.key_propagation = 15
    made = client(aws, "iam", user).create_access_key()["AccessKey"]
    sts = client(aws, "sts", Keys(made["AccessKeyId"], made["SecretAccessKey"]))
    assert refusal(sts.get_caller_identity)[1] == "InvalidClientTokenId"
    aws.clock.offset = 16
    assert sts.get_caller_identity()["Arn"] == user.arn
    assert client(aws, "sts", user).get_caller_identity()["Arn"] == user.arn


def test_sessions_of_an_inactive_key_stop_working(aws: StrictAws) -> None:
    user = aws.add_user()
    session = session_of(aws, user)
    iam = client(aws, "iam", session)
    other = iam.create_access_key(UserName=user.name)["AccessKey"]
    iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    for keys in (session, user):
        assert refusal(client(aws, "sts", keys).get_caller_identity)[1] == "InvalidClientTokenId"
    client(aws, "iam", Keys(other["AccessKeyId"], other["SecretAccessKey"])).update_access_key(
        AccessKeyId=user.access_key_id, Status="Active"
    )
    assert client(aws, "sts", session).get_caller_identity()["Arn"] == user.arn


def test_last_use(aws: StrictAws) -> None:
    user = aws.add_user()
    iam = client(aws, "iam", user)
    made = iam.create_access_key()["AccessKey"]
    never = iam.get_access_key_last_used(AccessKeyId=made["AccessKeyId"])
    assert (never["UserName"], never["AccessKeyLastUsed"]["ServiceName"]) == (user.name, "N/A")
    assert "LastUsedDate" not in never["AccessKeyLastUsed"]
    used = iam.get_access_key_last_used(AccessKeyId=user.access_key_id)["AccessKeyLastUsed"]
    assert abs(used["LastUsedDate"].timestamp() - aws.clock.now()) < 60
    assert used["ServiceName"] == "iam"


def test_keys_of_others(aws: StrictAws) -> None:
    user, other = aws.add_user(), aws.add_user()
    iam = client(aws, "iam", user)
    calls: list[Callable[[], object]] = [
        lambda: iam.list_access_keys(UserName=other.name),
        lambda: iam.create_access_key(UserName=other.name),
        lambda: iam.update_access_key(UserName=other.name, AccessKeyId=other.access_key_id, Status="Inactive"),
        lambda: iam.delete_access_key(UserName=other.name, AccessKeyId=other.access_key_id),
        lambda: iam.get_access_key_last_used(AccessKeyId=other.access_key_id),
        lambda: iam.get_access_key_last_used(AccessKeyId="AKIA" + "X" * 16),
    ]
    for call in calls:
        assert refusal(call)[1] == "AccessDenied"
    assert refusal(iam.delete_access_key, UserName=user.name, AccessKeyId=other.access_key_id)[1] == "NoSuchEntity"
    assert refusal(iam.update_access_key, AccessKeyId=user.access_key_id, Status="Deleted")[1] == "ValidationError"
