"""Groups and managed policies of the embedded IAM: limits, refusals, and policies of a group that count."""

import json

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import StrictAws, User
from tests.support.aws.clients import client, refusal

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:GetUser", "Resource": "*"}}
)


@pytest.fixture
def admin(aws: StrictAws) -> User:
    return aws.add_user(policy=ADMINISTRATOR)


def test_a_policy_of_a_group_counts_for_its_users(aws: StrictAws, admin: User) -> None:
    member, group = aws.add_user(), f"group-{admin.name}"
    aws.account().add_group(group, [member.name])
    iam = client(aws, "iam", admin)
    arn = iam.create_policy(PolicyName=f"deny-{admin.name}", PolicyDocument=POLICY)["Policy"]["Arn"]
    assert client(aws, "iam", member).get_user()["User"]["UserName"] == member.name
    iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    assert refusal(client(aws, "iam", member).get_user)[2].endswith("with an explicit deny in an identity-based policy")
    assert [user["UserName"] for user in iam.get_group(GroupName=group)["Users"]] == [member.name]
    attached = iam.list_attached_group_policies(GroupName=group)["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [arn]
    # The default version is the one that counts.
    other = POLICY.replace("GetUser", "ListMFADevices")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=other)
    assert refusal(client(aws, "iam", member).get_user)[1] == "AccessDenied"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=other, SetAsDefault=True)
    assert client(aws, "iam", member).get_user()["User"]["UserName"] == member.name
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (policy["DefaultVersionId"], policy["AttachmentCount"]) == ("v3", 1)
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v3")["PolicyVersion"]
    assert version["Document"] == json.loads(other)
    iam.detach_group_policy(GroupName=group, PolicyArn=arn)
    assert refusal(iam.detach_group_policy, GroupName=group, PolicyArn=arn)[1] == "NoSuchEntity"


def test_limits(aws: StrictAws, admin: User) -> None:
    iam, group = client(aws, "iam", admin), f"group-{admin.name}"
    aws.account().add_group(group, [])
    name = f"policy-{admin.name}"
    arn = iam.create_policy(PolicyName=name, PolicyDocument=POLICY)["Policy"]["Arn"]
    assert refusal(iam.create_policy, PolicyName=name, PolicyDocument=POLICY)[:2] == (409, "EntityAlreadyExists")
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY)
    assert refusal(iam.create_policy_version, PolicyArn=arn, PolicyDocument=POLICY)[:2] == (409, "LimitExceeded")
    long = json.loads(POLICY)
    long["Statement"]["Resource"] = [f"arn:aws:s3:::bucket-{number}" for number in range(400)]
    assert refusal(iam.create_policy, PolicyName="long", PolicyDocument=json.dumps(long))[1:] == (
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )
    # White space is not counted.
    iam.create_policy(PolicyName=f"wide-{admin.name}", PolicyDocument=POLICY + " " * 7000)
    for number in range(10):
        more = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=POLICY)["Policy"]["Arn"]
        iam.attach_group_policy(GroupName=group, PolicyArn=more)
    assert refusal(iam.attach_group_policy, GroupName=group, PolicyArn=arn)[1] == "LimitExceeded"


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "{}",
        json.dumps({"Statement": {"Effect": "Maybe", "Action": "*", "Resource": "*"}}),
        json.dumps({"Statement": {"Effect": "Deny", "Resource": "*"}}),
        json.dumps({"Statement": {"Effect": "Deny", "Action": "*:Get*", "Resource": "*"}}),
        json.dumps({"Statement": {"Effect": "Deny", "Action": "iam:GetUser", "Resource": "user/ana"}}),
        json.dumps({"Statement": {"Effect": "Deny", "Action": "iam:GetUser", "Resource": "*", "Principal": "*"}}),
        json.dumps({"Statement": {"Sid": "a b", "Effect": "Deny", "Action": "iam:GetUser", "Resource": "*"}}),
    ],
)
def test_texts_that_are_no_policy(aws: StrictAws, admin: User, document: str) -> None:
    found = refusal(client(aws, "iam", admin).create_policy, PolicyName="wrong", PolicyDocument=document)
    assert found[:2] == (400, "MalformedPolicyDocument")


def test_groups_of_a_user_and_pages(aws: StrictAws, admin: User) -> None:
    users = [aws.add_user() for _ in range(3)]
    aws.account().add_group(f"group-{admin.name}", [user.name for user in users])
    iam = client(aws, "iam", admin)
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName=users[0].name)["Groups"]] == [
        f"group-{admin.name}"
    ]
    pages = iam.get_paginator("get_group").paginate(GroupName=f"group-{admin.name}", PaginationConfig={"PageSize": 2})
    assert [user["UserName"] for page in pages for user in page["Users"]] == [user.name for user in users]
    assert refusal(iam.get_group, GroupName="none")[:2] == (404, "NoSuchEntity")


def test_rights(aws: StrictAws) -> None:
    user = aws.add_user()
    iam = client(aws, "iam", user)
    aws.account().add_group(f"group-{user.name}", [])
    for call, parameters in (
        (iam.get_group, {"GroupName": f"group-{user.name}"}),
        (iam.create_policy, {"PolicyName": "mine", "PolicyDocument": POLICY}),
        (iam.attach_group_policy, {"GroupName": f"group-{user.name}", "PolicyArn": "arn:aws:iam::aws:policy/Any"}),
        (iam.get_policy, {"PolicyArn": f"arn:aws:iam::{user.account}:policy/mine"}),
    ):
        assert refusal(call, **parameters)[:2] == (403, "AccessDenied")
