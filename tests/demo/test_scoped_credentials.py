"""GetScopedCredentials of the embedded AWS: what a limited session may do, and what AWS refuses to make."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from mfa_tui.core.scopes.policy import read_only_policy
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import Keys, client, refusal

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


def policy(*actions: str, **more: object) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def user(aws: StrictAws) -> User:
    return aws.add_user(policy=ADMINISTRATOR)


@pytest.fixture
def session(aws: StrictAws, user: User) -> Keys:
    device = user.add_device(user.name)
    answer = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    return Keys.of(answer)


def scoped(aws: StrictAws, keys: Keys, **parameters: Any) -> Any:
    sts: STSClient = client(aws, "sts", keys)
    return sts.get_scoped_credentials(**parameters)  # type: ignore[attr-defined]  # newer than the stubs


def test_the_identity_stays_and_the_permissions_shrink(aws: StrictAws, user: User, session: Keys) -> None:
    answer = scoped(aws, session, Policy=policy("iam:List*"))
    limited = Keys.of(answer)
    assert client(aws, "sts", limited).get_caller_identity()["Arn"] == user.arn == answer["SessionInfo"]["Arn"]
    assert answer["ScopedPoliciesCount"] == 1
    client(aws, "iam", limited).list_users()
    _, code, message = refusal(client(aws, "iam", limited).create_user, UserName="new")
    assert code == "AccessDenied"
    assert "because no session policy allows the iam:CreateUser action" in message


def test_a_policy_gives_nothing_that_the_session_did_not_have(aws: StrictAws) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    answer = client(aws, "sts", user).get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    limited = Keys.of(scoped(aws, Keys.of(answer), Policy=json.dumps(ADMINISTRATOR)))
    assert refusal(client(aws, "iam", limited).list_users)[1] == "AccessDenied"


def test_each_layer_counts_and_there_are_three(aws: StrictAws, session: Keys) -> None:
    keys = session
    for actions in (("iam:*",), ("iam:List*", "iam:Get*"), ("iam:ListUsers", "sts:*")):
        keys = Keys.of(scoped(aws, keys, Policy=policy(*actions)))
    client(aws, "iam", keys).list_users()
    assert refusal(client(aws, "iam", keys).list_roles)[1] == "AccessDenied"
    sts: Any = client(aws, "sts", keys)
    assert refusal(sts.get_scoped_credentials, Policy=policy("iam:ListUsers"))[:2] == (403, "AccessDenied")
    assert scoped(aws, keys, DurationSeconds=60)["ScopedPoliciesCount"] == 3


def test_it_never_outlives_its_parent(aws: StrictAws, user: User, session: Keys) -> None:
    device = user.add_device(f"{user.name}-2")
    parent = client(aws, "sts", user).get_session_token(
        SerialNumber=device.serial, TokenCode=device.code(), DurationSeconds=900
    )
    answer = scoped(aws, Keys.of(parent), Policy=policy("s3:*"))
    assert answer["Credentials"]["Expiration"] == parent["Credentials"]["Expiration"]
    sts: Any = client(aws, "sts", Keys.of(parent))
    found = refusal(sts.get_scoped_credentials, DurationSeconds=901)
    assert found[:2] == (400, "InsufficientSessionLifetime")
    left = scoped(aws, session, DurationSeconds=1)["Credentials"]["Expiration"].timestamp() - aws.clock.now()
    assert left <= 1


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "ValidationError"),
        ({"Policy": " " * 2049}, "ValidationError"),
        ({"Policy": "{}\u0101"}, "ValidationError"),
        ({"DurationSeconds": 0}, "ValidationError"),
        ({"DurationSeconds": 129_601}, "ValidationError"),
        ({"Policy": policy("s3:*"), "ScopedSessionDescription": "x"}, "ValidationError"),
        ({"Policy": "{"}, "MalformedPolicyDocument"),
        ({"Policy": policy("*:Get*")}, "MalformedPolicyDocument"),
        ({"Policy": policy("s3:*", Principal="*")}, "MalformedPolicyDocument"),
        ({"Policy": policy("s3:*", Effect="Maybe")}, "MalformedPolicyDocument"),
    ],
)
def test_refusals(aws: StrictAws, session: Keys, parameters: dict[str, Any], code: str) -> None:
    sts: Any = client(aws, "sts", session)
    assert refusal(sts.get_scoped_credentials, **parameters)[:2] == (400, code)


def test_policies_that_cannot_be_packed_are_refused(aws: StrictAws, session: Keys) -> None:
    names = [hashlib.sha256(bytes([number])).hexdigest()[:62] for number in range(24)]
    text = policy("s3:*", Resource=[f"arn:aws:s3:::{name}" for name in names])
    assert len(text) <= 2048
    keys = Keys.of(scoped(aws, Keys.of(scoped(aws, session, Policy=text)), Policy=text))
    sts: Any = client(aws, "sts", keys)
    assert refusal(sts.get_scoped_credentials, Policy=text)[:2] == (400, "PackedPolicyTooLarge")


def test_long_term_keys_are_refused(aws: StrictAws, user: User) -> None:
    sts: Any = client(aws, "sts", user)
    assert refusal(sts.get_scoped_credentials, Policy=policy("s3:*"))[:2] == (403, "AccessDenied")


def test_a_role_can_be_assumed_only_if_every_policy_allows_it(aws: StrictAws, user: User, session: Keys) -> None:
    role = aws.add_role(f"role-of-{user.name}", trust(user.arn))
    limited = client(aws, "sts", Keys.of(scoped(aws, session, Policy=read_only_policy())))
    assert refusal(limited.assume_role, RoleArn=role, RoleSessionName="test")[1] == "AccessDenied"
    allowed = client(aws, "sts", Keys.of(scoped(aws, session, Policy=policy("sts:AssumeRole"))))
    assert allowed.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
