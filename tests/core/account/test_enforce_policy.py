"""The policy that enforces MFA: its size, its text, and what it allows and denies by AWS's documented evaluation."""

import json

import pytest

from mfa_tui.core.account.enforce_policy import (
    BEFORE_MFA,
    enforce_policy,
    is_same_policy,
    policy_text,
)
from mfa_tui.demo.aws.accounts.policy import ALLOWED, DENIED, UNDECIDED, decide

LONGEST = 6144
"""Characters that a managed policy may have; IAM does not count white space (IAM User Guide, "IAM quotas")."""
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
OWN = "arn:aws:iam::111122223333:user/ana"
KEYS = {"aws:username": "ana"}
"""Long-term keys: the value that says whether MFA was used is missing."""
WITHOUT = KEYS | {"aws:multifactorauthpresent": "false"}
WITH = KEYS | {"aws:multifactorauthpresent": "true"}


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-eusc"])
def test_it_fits_and_is_the_partitions(partition: str) -> None:
    text = policy_text(enforce_policy(partition))
    assert len("".join(text.split())) < LONGEST / 3
    resources = [name for name in text.split('"') if name.startswith("arn:")]
    assert resources
    assert all(name.startswith(f"arn:{partition}:iam::*:") for name in resources)


@pytest.mark.parametrize("context", [KEYS, WITHOUT], ids=["long-term keys", "session without MFA"])
@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("iam:ListMFADevices", OWN, ALLOWED),
        ("iam:ListMFADevices", "arn:aws:iam::111122223333:user/team/ana", ALLOWED),
        ("iam:EnableMFADevice", OWN, ALLOWED),
        ("iam:ResyncMFADevice", OWN, ALLOWED),
        ("iam:CreateVirtualMFADevice", "arn:aws:iam::111122223333:mfa/ana", ALLOWED),
        ("iam:CreateVirtualMFADevice", "arn:aws:iam::111122223333:mfa/ana-backup", ALLOWED),
        ("iam:DeleteVirtualMFADevice", "arn:aws:iam::111122223333:mfa/ana-backup", ALLOWED),
        ("iam:CreateVirtualMFADevice", "arn:aws:iam::111122223333:mfa/anabel", UNDECIDED),
        ("iam:DeleteVirtualMFADevice", "arn:aws:iam::111122223333:mfa/bob", UNDECIDED),
        ("iam:EnableMFADevice", "arn:aws:iam::111122223333:user/bob", UNDECIDED),
        ("iam:EnableMFADevice", "arn:aws:iam::111122223333:user/bob/ana2", UNDECIDED),
        ("iam:DeactivateMFADevice", OWN, DENIED),
        ("iam:CreateAccessKey", OWN, DENIED),
        ("iam:ChangePassword", OWN, DENIED),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/admin", DENIED),
        ("s3:GetObject", "arn:aws:s3:::bucket/key", DENIED),
    ],
)
def test_without_mfa(context: dict[str, str], action: str, resource: str, decision: str) -> None:
    assert decide([enforce_policy("aws")], action, context, resource=resource) == decision
    # Whatever else is allowed: what is denied stays so.
    whole = decide([EVERYTHING, enforce_policy("aws")], action, context, resource=resource)
    assert whole == (DENIED if decision == DENIED else ALLOWED)


def test_with_mfa_nothing_is_denied() -> None:
    for action in ("iam:DeactivateMFADevice", "s3:GetObject", "sts:AssumeRole", *BEFORE_MFA):
        assert decide([EVERYTHING, enforce_policy("aws")], action, WITH, resource=OWN) == ALLOWED
    assert decide([enforce_policy("aws")], "iam:DeactivateMFADevice", WITH, resource=OWN) == ALLOWED


def test_the_same_policy() -> None:
    document = enforce_policy("aws")
    assert is_same_policy(json.dumps(document, sort_keys=True), document)
    assert not is_same_policy(json.dumps(enforce_policy("aws-cn")), document)
    assert not is_same_policy("{", document)


def test_its_text_is_readable() -> None:
    text = policy_text({"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]})
    assert text.splitlines()[:4] == ["{", '  "Version": "2012-10-17",', '  "Statement": [', "    {"]
