"""Policies of scopes: what they allow, by the policy engine of the embedded AWS, and what is refused."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.core.scopes.policy import (
    MOST_CHARACTERS,
    PolicyTooLong,
    checked_policy,
    limiting_policy,
    no_iam_policy,
    read_only_policy,
)
from mfa_tui.core.scopes.presets import READ_ONLY_SERVICES, scope_list
from mfa_tui.demo.aws.accounts.policy import ALLOWED, decide

SERVICES = st.lists(st.from_regex(r"[a-z][a-z0-9-]{1,20}", fullmatch=True), min_size=1, max_size=8, unique=True)
REGIONS = st.lists(st.sampled_from(["eu-central-1", "us-east-1", "ap-south-2"]), max_size=3, unique=True)
ACTIONS = st.one_of(st.just("*"), st.from_regex(r"[a-z0-9][a-z0-9-]{0,9}:[A-Za-z0-9*?]{1,12}", fullmatch=True))
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F), min_size=1, max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)
)


def one_or_many(values: "st.SearchStrategy[str]") -> "st.SearchStrategy[str | list[str]]":
    return values | st.lists(values, min_size=1, max_size=4)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {"Effect": draw(st.sampled_from(["Allow", "Deny"]))}
    found[draw(st.sampled_from(["Action", "NotAction"]))] = draw(one_or_many(ACTIONS))
    found[draw(st.sampled_from(["Resource", "NotResource"]))] = draw(one_or_many(TEXT))
    if draw(st.booleans()):
        found["Sid"] = draw(st.from_regex(r"[A-Za-z0-9]{1,10}", fullmatch=True))
    if draw(st.booleans()):
        found["Condition"] = {"StringEquals": {"aws:RequestedRegion": draw(one_or_many(TEXT))}}
    return found


def allows(policy: str, action: str, region: str = "eu-central-1") -> bool:
    return decide([json.loads(policy)], action, {"aws:requestedregion": region}, resource="arn:aws:x") == ALLOWED


READS = [
    "s3:ListAllMyBuckets", "s3:ListBucket", "s3:GetBucketPolicy", "ec2:DescribeInstances", "ec2:DescribeVpcs",
    "iam:ListUsers", "iam:GetPolicyVersion", "secretsmanager:ListSecrets", "kms:DescribeKey", "logs:DescribeLogGroups",
    "cloudwatch:GetMetricData", "rds:DescribeDBInstances", "cloudtrail:LookupEvents", "tag:GetResources",
]  # fmt: skip
NOT_READS = [
    "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter", "ssm:GetParameters",
    "ssm:GetParametersByPath", "ssm:GetParameterHistory", "kms:Decrypt", "kms:GenerateDataKey", "s3:GetObject",
    "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteBucket", "s3:CreateBucket", "sts:AssumeRole",
    "sts:AssumeRoleWithSAML", "sts:GetFederationToken", "sts:GetWebIdentityToken", "iam:CreateUser",
    "iam:CreateAccessKey", "iam:PassRole", "iam:PutUserPolicy", "ec2:RunInstances", "ec2:GetPasswordData",
    "ec2:DescribeInstanceAttribute", "ec2:DescribeLaunchTemplateVersions", "ec2:DescribeSpotFleetRequests",
    "ec2:DescribeVpnConnections", "autoscaling:DescribeLaunchConfigurations", "ecs:DescribeTaskDefinition",
    "lambda:InvokeFunction", "lambda:ListFunctions", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan",
    "logs:GetLogEvents", "logs:FilterLogEvents", "sqs:ReceiveMessage", "kinesis:GetRecords", "athena:GetQueryResults",
    "ecr:GetAuthorizationToken", "redshift:GetClusterCredentials", "codebuild:BatchGetProjects",
    "batch:DescribeJobDefinitions", "apigateway:GET", "organizations:CreateAccount", "cloudformation:CreateStack",
]  # fmt: skip


def test_read_only_reads_and_does_nothing_else() -> None:
    policy = read_only_policy()
    assert len(policy) <= MOST_CHARACTERS
    assert [action for action in READS if not allows(policy, action)] == []
    assert [action for action in NOT_READS if allows(policy, action)] == []


def test_read_only_names_every_service_and_only_reading_actions() -> None:
    actions = json.loads(read_only_policy())["Statement"]["Action"]
    assert all(re.fullmatch(r"[a-z0-9-]+:(BatchGet|Describe|Get|List|Lookup)[A-Za-z]*\*?", each) for each in actions)
    assert {each.partition(":")[0] for each in actions} == set(READ_ONLY_SERVICES)
    assert all(service in scope_list() for service in READ_ONLY_SERVICES)


def test_no_iam_does_everything_but_identities() -> None:
    policy = no_iam_policy()
    for action in ("ec2:RunInstances", "s3:PutObject", "lambda:InvokeFunction", "secretsmanager:GetSecretValue"):
        assert allows(policy, action)
    for action in (
        "iam:CreateUser", "iam:ListUsers", "iam:PassRole", "sts:AssumeRole", "sts:AssumeRoleWithSAML",
        "organizations:CreateAccount", "account:PutContactInformation", "sso:CreatePermissionSet",
        "identitystore:CreateUser",
    ):  # fmt: skip
        assert not allows(policy, action)


@given(SERVICES, REGIONS, st.booleans())
def test_services_and_regions_limit(services: list[str], regions: list[str], read_only: bool) -> None:
    policy = limiting_policy(services, regions, read_only=read_only)
    assert checked_policy(policy) == policy
    for service in [*services, "other-service-of-all"]:
        within = service in services
        for region in ("eu-central-1", "us-east-1", "xx-none-1"):
            here = within and (not regions or region in regions)
            assert allows(policy, f"{service}:ListThings", region) == here
            assert allows(policy, f"{service}:CreateThing", region) == (here and not read_only)
    assert not allows(policy, "sts:AssumeRole") or "sts" in services


@pytest.mark.parametrize("read_only", [True, False])
def test_a_scope_without_services_never_assumes_roles(read_only: bool) -> None:
    policy = limiting_policy((), ("eu-central-1",), read_only=read_only)
    assert not allows(policy, "sts:AssumeRole")
    assert allows(policy, "ec2:DescribeInstances")
    assert not allows(policy, "ec2:DescribeInstances", "us-east-1")
    assert allows(policy, "ec2:RunInstances") is not read_only


def test_read_only_of_a_service_of_secrets_keeps_them() -> None:
    policy = limiting_policy(("secretsmanager", "ssm", "s3", "sts", "kms", "ecr"), (), read_only=True)
    for action in (
        "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter",
        "sts:GetWebIdentityToken", "ssm:GetParametersByPath", "kms:Decrypt", "sts:AssumeRole",
        "ecr:GetAuthorizationToken",
    ):  # fmt: skip
        assert not allows(policy, action)
    # Naming the service asks for its contents.
    assert allows(policy, "s3:GetObject")


def test_too_long_is_said_with_a_count() -> None:
    with pytest.raises(PolicyTooLong, match=r"The policy has 2,\d{3} characters; AWS takes at most 2,048\."):
        limiting_policy([f"service-{number:03}" for number in range(130)], (), read_only=False)


@given(st.lists(statements(), min_size=1, max_size=4), st.sampled_from([None, 2]))
def test_a_checked_policy_means_the_same_in_fewer_characters(
    found: list[dict[str, object]], indent: int | None
) -> None:
    document = {"Version": "2012-10-17", "Statement": found}
    text = json.dumps(document, indent=indent)
    try:
        short = checked_policy(text)
    except PolicyTooLong:
        assert len(json.dumps(document, separators=(",", ":"), ensure_ascii=False)) > MOST_CHARACTERS // 2
        return
    except ValueError:
        assert all(each["Effect"] == "Deny" for each in found)
        return
    assert len(short) <= min(MOST_CHARACTERS, len(text))
    assert re.fullmatch(r"[\t\n\r\u0020-\u00ff]+", short)
    assert checked_policy(short) == short

    def many(value: object) -> object:
        return value if isinstance(value, list) else [value]

    def normal(each: dict[str, object]) -> dict[str, object]:
        return {key: many(value) for key, value in each.items() if key != "Sid"}

    assert [normal(each) for each in many(json.loads(short)["Statement"])] == [normal(each) for each in found]  # type: ignore[attr-defined]


@given(
    TEXT | JSON.map(json.dumps) | st.dictionaries(st.sampled_from(["Version", "Statement", "Id"]), JSON).map(json.dumps)
)
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(Its?|A policy|Statement) .*\."):
        checked_policy(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "It is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', "'Version' twice"),
        ('{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}', "'Effect' twice"),
        ('{"Version": "2020-01-01", "Statement": {}}', "Version is not 2012-10-17"),
        ('{"Statement": {"Effect": "Allow", "Action": "*:Get*", "Resource": "*"}}', "service:Action"),
        ('{"Statement": {"Effect": "Allow", "Action": "s3:Get Object", "Resource": "*"}}', "service:Action"),
        ('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}', "'Principal'"),
        ('{"Statement": {"Effect": "Allow", "Action": "*"}}', "either Resource or NotResource"),
        ('{"Statement": {"Effect": "Allow", "Action": [], "Resource": "*"}}', "needs texts in Action"),
        ('{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}', "It allows nothing"),
        ('{"Statement": []}', "It has no Statement."),
        ('{"Statement": "x"}', "It has no Statement."),
        ('{"Statement": [5]}', "Statement 1 is not a JSON object."),
        (
            '{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}',
            "Statement 1 needs Effect Allow or Deny.",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []}}',
            "Statement 1 has a Condition that is not a JSON object.",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}}',
            "Statement 1 needs either Action or NotAction.",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        checked_policy(text)
