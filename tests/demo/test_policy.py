"""The small policy evaluator."""

from typing import Any

import pytest

from mfa_tui.demo.aws.accounts.policy import ALLOWED, DENIED, UNDECIDED, decide


def statement(effect: str = "Allow", **parts: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "*", "Resource": "*"} | parts


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([], UNDECIDED),
        ([statement()], ALLOWED),
        ([statement(Action="iam:list*")], ALLOWED),
        ([statement(Action=["sts:*", "iam:GetUser"])], UNDECIDED),
        ([statement(Resource="arn:aws:iam::*:user/${aws:username}")], ALLOWED),
        ([statement(Resource="arn:aws:iam::*:user/${aws:userid}")], UNDECIDED),
        ([statement(), statement("Deny")], DENIED),
        ([statement("Deny"), statement()], DENIED),
        ([statement("Deny", Action="sts:*"), statement()], ALLOWED),
        ([{"Effect": "Deny", "NotAction": "iam:List*", "Resource": "*"}, statement()], ALLOWED),
        ([{"Effect": "Deny", "NotAction": "iam:Get*", "Resource": "*"}, statement()], DENIED),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "*:user/ana"}], UNDECIDED),
        ([statement(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})], UNDECIDED),
        ([statement(Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})], ALLOWED),
        ([statement(Condition={"Null": {"aws:MultiFactorAuthAge": "true"}})], ALLOWED),
        ([statement(Condition={"NumericLessThan": {"test:Age": "10"}})], ALLOWED),
        ([statement(Condition={"NumericLessThan": {"test:Age": "7"}})], UNDECIDED),
        ([statement(Condition={"NumericGreaterThanEquals": {"test:Age": ["100", "7"]}})], ALLOWED),
        ([statement(Resource="arn:aws:iam::*:user/${aws:none, 'ana'}")], ALLOWED),
        ([statement(Resource="arn:aws:iam::*:user/an[a]")], UNDECIDED),
        ([statement(Resource="arn:aws:iam::*:user/a${*}")], UNDECIDED),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "*:user/${aws:none}"}], UNDECIDED),
        ([statement(Condition={"StringNotEquals": {"aws:username": ["bob", "eve"]}})], ALLOWED),
        ([statement(Condition={"StringNotEquals": {"aws:username": ["bob", "ana"]}})], UNDECIDED),
        ([statement(Condition={"StringNotLike": {"aws:none": "*"}})], ALLOWED),
        ([statement(Condition={"StringEquals": {"aws:username": "${aws:username}"}})], ALLOWED),
        ([statement(Condition={"StringLike": {"aws:username": "a?a"}, "Bool": {"test:no": "true"}})], UNDECIDED),
    ],
)
def test_identity_policies(statements: list[dict[str, Any]], decision: str) -> None:
    context = {"aws:username": "ana", "test:age": "7"}
    documents = [{"Version": "2012-10-17", "Statement": statements}]
    resource = "arn:aws:iam::111122223333:user/ana"
    assert decide(documents, "iam:ListMFADevices", context, resource=resource) == decision


def test_variables_need_the_version_of_2012() -> None:
    own = {"Statement": statement(Resource="arn:aws:iam::*:user/${aws:username}")}
    asked = ("iam:GetUser", {"aws:username": "ana"})
    resource = "arn:aws:iam::111122223333:user/ana"
    assert decide([own], *asked, resource=resource) == UNDECIDED
    assert decide([{"Version": "2008-10-17", **own}], *asked, resource=resource) == UNDECIDED
    assert decide([{"Version": "2012-10-17", **own}], *asked, resource=resource) == ALLOWED


@pytest.mark.parametrize(
    ("principal", "decision"),
    [
        ("*", ALLOWED),
        ({"AWS": "*"}, ALLOWED),
        ({"AWS": ["arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:user/ana"]}, ALLOWED),
        ({"AWS": "arn:aws:iam::111122223333:user/bob"}, UNDECIDED),
        ({"Service": "ec2.amazonaws.com"}, UNDECIDED),
    ],
)
def test_trust_policies(principal: Any, decision: str) -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}}
    assert decide([document], "sts:AssumeRole", {}, principals=["arn:aws:iam::111122223333:user/ana"]) == decision


def test_an_unknown_condition_is_no_quiet_yes_or_no() -> None:
    document = {"Statement": statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})}
    with pytest.raises(NotImplementedError, match="IpAddress"):
        decide([document], "iam:GetUser", {}, resource="*")
