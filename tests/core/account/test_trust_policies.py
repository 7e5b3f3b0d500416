"""Which users trust policies let in without MFA, against the embedded AWS's policy engine."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_tui.core.account.trust_policies import open_principals
from mfa_tui.demo.aws.accounts import policy
from tests.support.runner.thoroughness import examples

ACCOUNT = "111122223333"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def trust(principal: Any = None, condition: Any = None, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal or {"AWS": ROOT}, "Action": "sts:AssumeRole", **more}
    if condition is not None:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        ({"AWS": ROOT}, (ACCOUNT,)),
        ({"AWS": ACCOUNT}, (ACCOUNT,)),
        ({"AWS": [ANA, ROOT]}, (ANA, ACCOUNT)),
        ("*", ("*",)),
        ({"AWS": "*"}, ("*",)),
        ({"AWS": "arn:aws-cn:iam::444455556666:root"}, ("444455556666",)),
        ({"Service": "ec2.amazonaws.com"}, ()),
        ({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}, ()),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"}, ()),
        ({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/run"}, ()),
        ({"AWS": "AIDAEXAMPLEOFADELETEDUSER"}, ()),
        ({"AWS": [ANA], "Service": "ec2.amazonaws.com"}, (ANA,)),
    ],
)
def test_who_is_a_user(principal: Any, trusted: tuple[str, ...]) -> None:
    assert open_principals(trust(principal)) == trusted
    assert open_principals(trust(principal, MFA)) == ()


@pytest.mark.parametrize(
    ("condition", "is_open"),
    [
        (MFA, False),
        ({"bool": {"AWS:multifactorauthpresent": ["true"]}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": True}}, False),
        ({"StringEquals": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, False),
        ({"NumericLessThanEquals": {"aws:MultiFactorAuthAge": 3600}}, False),
        ({"Null": {"aws:MultiFactorAuthAge": "false"}}, False),
        # With long-term keys the keys about MFA are missing, and IfExists holds.
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}, True),
        ({"ForAllValues:Bool": {"aws:MultiFactorAuthPresent": "true"}}, True),
        # Any session has the key, with or without MFA.
        ({"Null": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"StringEquals": {"sts:ExternalId": "x"}}, True),
        ({"StringEquals": {"sts:ExternalId": "x"}, **MFA}, False),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/admin*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}}, True),
        ({}, True),
        ("text", True),
        ({"Bool": "text"}, True),
        ({"StringEquals": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"StringEqualsIgnoreCase": {"aws:MultiFactorAuthPresent": "TRUE"}}, False),
        ({"StringEqualsIgnoreCase": {"aws:MultiFactorAuthPresent": "FALSE"}}, True),
        ({"StringLike": {"aws:MultiFactorAuthPresent": "t*"}}, False),
        ({"StringLike": {"aws:MultiFactorAuthPresent": "f*"}}, True),
        # Negated operators hold with long-term keys, where the key is missing.
        ({"StringNotEquals": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"StringNotEquals": {"aws:MultiFactorAuthPresent": ["false", "true"]}}, True),
        ({"Strange": {"aws:MultiFactorAuthPresent": "true"}}, True),
    ],
)
def test_conditions(condition: Any, is_open: bool) -> None:
    assert bool(open_principals(trust(condition=condition))) == is_open


def test_statements_work_together() -> None:
    protected = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    }
    (allow,) = trust()["Statement"]
    assert open_principals({"Statement": [allow, protected]}) == ()
    # Bool does not hold with long-term keys, so they are not denied.
    weak = protected | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    assert open_principals({"Statement": [allow, weak]}) == (ACCOUNT,)
    elsewhere = protected | {"Condition": {"StringEquals": {"aws:SourceIp": "192.0.2.1"}}}
    assert open_principals({"Statement": [allow, elsewhere]}) == (ACCOUNT,)
    (second,) = trust({"AWS": ANA}, MFA)["Statement"]
    assert open_principals({"Statement": [allow, second]}) == (ACCOUNT,)


@pytest.mark.parametrize(
    ("condition", "is_open"),
    [
        # Both situations must be denied: keys alone, and a session made without MFA.
        ({"StringNotEquals": {"aws:MultiFactorAuthPresent": "true"}}, False),
        ({"StringNotEqualsIgnoreCase": {"aws:MultiFactorAuthPresent": "True"}}, False),
        ({"StringNotLike": {"aws:MultiFactorAuthPresent": "t*"}}, False),
        ({"StringNotEquals": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ({"StringNotEqualsIgnoreCase": {"aws:MultiFactorAuthPresent": "False"}}, True),
        ({"StringNotLike": {"aws:MultiFactorAuthPresent": "f*"}}, True),
        ({"StringLikeIfExists": {"aws:MultiFactorAuthPresent": "f*"}}, False),
        ({"StringLikeIfExists": {"aws:MultiFactorAuthPresent": "t*"}}, True),
        ({"Strange": {"aws:MultiFactorAuthPresent": "false"}}, True),
        ("text", True),
    ],
)
def test_what_denies(condition: Any, *, is_open: bool) -> None:
    (allow,) = trust()["Statement"]
    deny = {**allow, "Effect": "Deny", "Condition": condition}
    assert bool(open_principals({"Statement": [allow, deny]})) == is_open


@pytest.mark.parametrize(
    ("spared", "trusted"),
    [
        ({"AWS": ANA}, (ANA,)),
        ({"AWS": ROOT}, (ANA, ACCOUNT)),
        ("*", (ANA, ACCOUNT)),
        ({"AWS": "arn:aws:iam::444455556666:root"}, ()),
    ],
)
def test_whom_a_deny_spares(spared: Any, trusted: tuple[str, ...]) -> None:
    (allow,) = trust({"AWS": [ANA, ROOT]})["Statement"]
    deny = {"Effect": "Deny", "NotPrincipal": spared, "Action": "sts:AssumeRole"}
    assert open_principals({"Statement": [allow, deny]}) == trusted


def test_whom_and_what_an_allow_leaves_out() -> None:
    (allow,) = trust()["Statement"]
    everybody = {"Effect": "Allow", "NotPrincipal": {"AWS": ANA}, "Action": "sts:AssumeRole"}
    assert open_principals({"Statement": [everybody]}) == ("*",)
    for action, trusted in (("iam:*", (ACCOUNT,)), ("sts:AssumeRole", ()), ("sts:*", ())):
        del (other := dict(allow))["Action"]
        assert open_principals({"Statement": [{**other, "NotAction": action}]}) == trusted


@pytest.mark.parametrize(
    "action", ["sts:AssumeRole", "sts:*", "*", "STS:assumerole", ["sts:TagSession", "sts:Assume*"]]
)
def test_actions_that_assume(action: Any) -> None:
    assert open_principals(trust(Action=action)) == (ACCOUNT,)


@pytest.mark.parametrize("document", [None, {}, {"Statement": []}, {"Statement": "x"}, {"Statement": [3]}, [], "text"])
def test_what_is_no_policy_trusts_nobody(document: object) -> None:
    assert open_principals(document) == ()


def test_another_action_is_no_way_in() -> None:
    assert open_principals(trust(Action="sts:AssumeRoleWithSAML")) == ()
    assert open_principals(trust(Action="sts:TagSession")) == ()


flags = st.sampled_from(["true", "false"])
operators = st.sampled_from(["Bool", "BoolIfExists"])
ages = st.sampled_from(["NumericLessThan", "NumericLessThanIfExists", "NumericLessThanEquals"])
conditions = st.one_of(
    st.just({}),
    st.builds(
        lambda name, value: {name: {"aws:MultiFactorAuthPresent": value}}, operators, st.sampled_from(["true", "false"])
    ),
    st.builds(lambda name: {name: {"aws:MultiFactorAuthAge": "3600"}}, ages),
    st.builds(lambda value: {"Null": {"aws:MultiFactorAuthPresent": value}}, flags),
    st.builds(lambda value: {"Null": {"aws:MultiFactorAuthAge": value}}, flags),
)
statements = st.builds(
    lambda effect, principal, condition: {
        "Effect": effect, "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", "Condition": condition,
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.lists(st.sampled_from([ROOT, ANA, "*"]), min_size=1, max_size=2),
    conditions,
)  # fmt: skip


@settings(max_examples=examples(2000, short=80), deadline=None)
@given(st.lists(statements, min_size=1, max_size=4))
def test_as_the_policy_engine_decides(made: list[dict[str, Any]]) -> None:
    """Somebody gets in without MFA exactly if the engine lets in one of those who differ for these policies."""
    document = {"Statement": made}
    callers = ([ANA, ROOT], [ANA.replace("ana", "bob"), ROOT], ["arn:aws:iam::444455556666:user/eve"])
    expected = any(
        policy.decide([document], "sts:AssumeRole", context, principals=caller) == policy.ALLOWED
        for context in ({}, {"aws:multifactorauthpresent": "false"})
        for caller in callers
    )
    assert bool(open_principals(document)) == expected
