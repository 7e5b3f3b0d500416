"""Attaching the policy that enforces MFA: who is named, what changes, and what its users can do afterwards."""

import pytest

from mfa_tui.core.account.enforce_policy import NAME, enforce_policy
from mfa_tui.core.text.display import format_account
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, SELF_SERVICE
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.aws_errors import no_such_entity
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.services.account.enforce import PolicyState, describe_plan
from tests.support.aws.clients import client
from tests.support.aws.enforcement import GROUP, Account
from tests.support.homes.home import Home


@pytest.fixture
def account(aws: StrictAws, home: Home, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    return Account(aws, home)


def test_users_without_mfa_are_named(account: Account) -> None:
    phone, token, key, bare, both = (account.add(name) for name in ("phone", "token", "key", "bare", "both"))
    phone.add_device("phone")
    token.add_hardware_device()
    key.add_fido_device("key")
    both.add_fido_device("both-key")
    both.add_device("both")
    account.add("outside")
    account.group(phone, token, key, bare, both)
    account.aws.reset()
    enforcement = account.enforcement()
    plan = enforcement.plan(GROUP)
    assert (plan.members, plan.without_mfa, plan.fido_only) == (5, ("bare",), ("key",))
    assert (plan.state, plan.attached, plan.done) == (PolicyState.MISSING, False, False)
    told = " ".join(describe_plan(plan))
    group = f"{GROUP} (account {format_account(account.id)})"
    assert f"Creates the policy {NAME} and attaches it to the group {group}." in told
    assert "Without MFA now (1): bare." in told
    assert "passkeys only (1): key." in told
    # Nothing was changed, and those with a virtual device were not asked for one by one.
    assert account.setup.attached_policies(GROUP) == {}
    assert account.aws.count("ListMFADevices") == 3
    assert {call.action for call in enforcement.calls} == {
        "GetGroup",
        "ListVirtualMFADevices",
        "ListMFADevices",
        "GetPolicy",
        "ListAttachedGroupPolicies",
    }


def test_the_administrator_among_them(account: Account) -> None:
    account.group(account.boss)
    told = describe_plan(account.enforcement().plan(GROUP))
    assert "boss, whose session signs these requests, is one of them." in told


def test_applied_twice_it_changes_nothing_more(account: Account) -> None:
    account.group(account.add("ana"))
    account.apply()
    assert account.setup.attached_policies(GROUP) == {NAME: enforce_policy("aws")}
    enforcement = account.enforcement()
    plan = enforcement.plan(GROUP)
    assert plan.done
    outcome = enforcement.apply(plan)
    assert (outcome.created, outcome.replaced, outcome.attached) == (False, False, False)
    assert not any(call.action.startswith(("Create", "Attach")) for call in enforcement.calls)
    assert "There is nothing to do." in describe_plan(plan)[0]


def test_a_policy_of_that_name_with_another_text(account: Account) -> None:
    account.group(account.add("ana"))
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    account.setup.attach(GROUP, NAME, other, group=True)
    enforcement = account.enforcement()
    plan = enforcement.plan(GROUP)
    assert (plan.state, plan.attached) == (PolicyState.DIFFERENT, True)
    with pytest.raises(UsageError) as refused:
        enforcement.apply(plan)
    assert refused.value.slug == "policy-differs"
    assert account.setup.attached_policies(GROUP) == {NAME: other}
    assert enforcement.apply(plan, replace=True).replaced
    assert account.setup.attached_policies(GROUP) == {NAME: enforce_policy("aws")}


def test_a_policy_with_as_many_versions_as_there_can_be(account: Account) -> None:
    account.group(account.add("ana"))
    account.setup.attach(GROUP, NAME, SELF_SERVICE, group=True)
    iam = client(account.aws, "iam", account.boss)
    for _ in range(4):
        iam.create_policy_version(
            PolicyArn=f"arn:aws:iam::{account.id}:policy/{NAME}",
            PolicyDocument='{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}',
        )
    with pytest.raises(AwsRefused) as refused:
        account.apply(replace=True)
    assert refused.value.slug == "policy-limit"
    assert "aws iam delete-policy-version" in refused.value.remedy


def test_a_group_that_does_not_exist(account: Account) -> None:
    with pytest.raises(UsageError) as refused:
        account.enforcement().plan("nobody")
    assert refused.value.slug == "group-unknown"
    with pytest.raises(UsageError) as malformed:
        account.enforcement().plan("arn:aws:iam::1:group/x")
    assert malformed.value.slug == "group-name"


def test_what_is_denied_is_named(account: Account) -> None:
    account.group()
    with pytest.raises(AwsRefused) as refused:
        account.enforcement(account.add("plain", SELF_SERVICE)).plan(GROUP)
    assert refused.value.slug == "policy-denied"
    assert "iam:GetGroup" in refused.value.remedy


def test_a_new_policy_that_aws_does_not_know_everywhere_yet(account: Account) -> None:
    account.group(account.add("ana"))
    unknown = no_such_entity(f"Policy arn:aws:iam::{account.id}:policy/{NAME} does not exist or is not attachable.")
    account.aws.fault(Fault(refusal=unknown), action="AttachGroupPolicy")
    account.apply()
    assert account.setup.attached_policies(GROUP) == {NAME: enforce_policy("aws")}
    assert account.aws.count("CreatePolicy", user="boss") >= 1


@pytest.mark.parametrize(
    "action",
    [
        "GetGroup",
        "ListVirtualMFADevices",
        "ListMFADevices",
        "GetPolicy",
        "GetPolicyVersion",
        "ListAttachedGroupPolicies",
        "CreatePolicyVersion",
        "AttachGroupPolicy",
    ],
)
def test_each_right_that_is_missing_is_named(account: Account, action: str) -> None:
    account.group(account.add("ana"))
    account.setup.attach("boss", NAME, SELF_SERVICE)
    denied = {"Effect": "Deny", "Action": f"iam:{action}", "Resource": "*"}
    account.boss.set_policy({"Version": "2012-10-17", "Statement": [*ADMINISTRATOR["Statement"], denied]})
    with pytest.raises(AwsRefused) as refused:
        account.apply(replace=True)
    assert refused.value.slug == "policy-denied"
    assert refused.value.what == f"AWS does not let boss call iam:{action}."
    assert account.setup.attached_policies(GROUP) == {}
