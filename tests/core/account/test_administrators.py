"""Who is an administrator."""

from typing import Any

import pytest

from mfa_tui.core.account.administrators import Holder, administrator_by, makes_administrators
from mfa_tui.demo.aws.accounts.policy_documents import SELF_SERVICE, SELF_SERVICE_MFA


def allows(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", "Action": action, "Resource": resource, **more}}


@pytest.mark.parametrize(
    "document",
    [
        allows("*"),
        allows("*:*"),
        allows(["s3:Get*", "*"], ["arn:aws:s3:::x", "*"]),
        allows("iam:*"),
        allows("IAM:*"),
        allows("iam:*", "arn:aws:iam::*:user/*"),
        allows("iam:*", "arn:aws:iam::111122223333:*"),
        allows("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        {"Statement": [allows("s3:*")["Statement"], allows("*")["Statement"]]},
        {"Statement": {"Effect": "Allow", "NotAction": "aws-portal:*", "Resource": "*"}},
    ],
)
def test_policies_of_administrators(document: object) -> None:
    assert makes_administrators(document)


@pytest.mark.parametrize(
    "document",
    [
        SELF_SERVICE,
        SELF_SERVICE_MFA,
        allows("s3:*"),
        allows("*", "arn:aws:s3:::bucket/*"),
        allows("iam:Get*"),
        allows("iam:*", "arn:aws:iam::*:user/${aws:username}"),
        allows("iam:*", "arn:aws:iam::*:role/*"),
        {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}},
        None,
        {},
        [],
        "*",
        {"Statement": [None, 3, "x"]},
    ],
)
def test_policies_of_others(document: object) -> None:
    assert not makes_administrators(document)


AWS_ADMIN = ("AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess")


def test_by_what() -> None:
    groups = {"admins": Holder("admins", attached=(AWS_ADMIN,)), "ops": Holder("ops", inline="all")}
    own = {"arn:aws:iam::1:policy/own": True, "arn:aws:iam::1:policy/AdministratorAccess": False}

    def by(**holder: Any) -> str:
        return administrator_by(Holder("ana", **holder), groups, own)

    assert by() == ""
    assert by(inline="all") == "inline policy all"
    assert by(attached=(AWS_ADMIN,)) == "policy AdministratorAccess"
    assert by(attached=(("IAMFullAccess", "arn:aws-cn:iam::aws:policy/IAMFullAccess"),)) == "policy IAMFullAccess"
    assert by(attached=(("own", "arn:aws:iam::1:policy/own"),)) == "policy own"
    # A policy of the account with a name of AWS's.
    assert by(attached=(("AdministratorAccess", "arn:aws:iam::1:policy/AdministratorAccess"),)) == ""
    assert by(attached=(("ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess"),)) == ""
    assert by(groups=("others", "admins")) == "group admins with policy AdministratorAccess"
    assert by(groups=("ops",)) == "group ops with inline policy all"
