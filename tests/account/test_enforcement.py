"""Attaching the policy that enforces MFA: who is named, what changes, and what its users can do afterwards."""

import secrets

import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.account.enforce_policy import NAME, enforce_policy
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, SELF_SERVICE, trust
from mfa_tui.demo.aws.faults import Fault
from mfa_tui.demo.aws.protocol.aws_errors import no_such_entity
from mfa_tui.demo.aws.server import StrictAws, User
from mfa_tui.errors import AwsRefused, UsageError
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.account.enforce import Enforcement, EnforcementPlan, PolicyState, describe_plan
from mfa_tui.services.context import Context
from mfa_tui.services.operation import Operation
from tests.support.aws import Keys, client, refusal
from tests.support.home import Home

GROUP = "developers"


class Account:
    """An account of its own, with an administrator and a group."""

    def __init__(self, aws: StrictAws, home: Home) -> None:
        self.aws, self.home = aws, home
        self.id = f"{secrets.randbelow(10**12):012d}"
        self.boss = aws.add_user("boss", account=self.id, policy=ADMINISTRATOR)
        home.add_profile("boss", self.boss)
        self.setup = aws.account(self.id)

    def add(self, name: str, policy: dict[str, object] = ADMINISTRATOR) -> User:
        return self.aws.add_user(name, account=self.id, policy=policy)

    def group(self, *users: User) -> None:
        self.setup.add_group(GROUP, [user.name for user in users])

    def enforcement(self, user: User | None = None) -> Enforcement:
        user = user or self.boss
        keys = AccessKeys(user.access_key_id, Secret(user.secret_access_key))
        context = Context(self.home.env, warn=pytest.fail)
        return Enforcement(Operation(context, CancelScope()), Caller("boss", keys, "eu-central-1", "aws"))

    def apply(self, *, replace: bool = False) -> EnforcementPlan:
        enforcement = self.enforcement()
        plan = enforcement.plan(GROUP)
        enforcement.apply(plan, replace=replace)
        return plan


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
    assert f"Creates the policy {NAME} and attaches it to the group {GROUP} (account {account.id})." in told
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


def test_without_mfa_everything_is_denied_but_enrolling_and_logging_in(account: Account, home: Home) -> None:
    """The policy engine of the embedded AWS decides, as AWS documents it."""
    aws, ana = account.aws, account.add("ana")
    account.group(ana)
    role = aws.add_role("admin", trust(f"arn:aws:iam::{account.id}:root"), account=account.id, policy=ADMINISTRATOR)
    home.add_profile("dev", ana)
    account.apply()

    def assume(keys: User | Keys) -> str:
        return refusal(client(aws, "sts", keys).assume_role, RoleArn=role, RoleSessionName="me")[1]

    # Neither with the keys alone, nor with a session made without MFA.
    denied = refusal(client(aws, "iam", ana).list_users)
    assert denied[1] == "AccessDenied"
    assert denied[2].endswith("with an explicit deny in an identity-based policy")
    assert assume(ana) == "AccessDenied"
    assert assume(Keys.of(client(aws, "sts", ana).get_session_token())) == "AccessDenied"
    # Nor can anything be done about another user's device.
    assert refusal(client(aws, "iam", ana).deactivate_mfa_device, UserName="boss", SerialNumber="arn:aws:iam::1:mfa/b")[
        1
    ] == ("AccessDenied")

    # Ana enrolls a device with those keys, and logs in with it.
    result = home.run("device", "enroll", "dev", "--yes")
    assert result.returncode == 0, result.stderr
    (serial,) = ana.devices()
    assert serial == f"arn:aws:iam::{account.id}:mfa/ana"

    # With MFA nothing is denied; without it everything still is.
    session = home.run("env", "dev", "--shell", "json")
    assert session.returncode == 0, session.stderr
    listed = home.run("exec", "dev", "--", "python3", "-c", "import os; print(os.environ['AWS_ACCESS_KEY_ID'])")
    assert listed.stdout.startswith("ASIA")
    assert assume(ana) == "AccessDenied"
    # Further devices need the session, which mfa-tui gets; and can be removed with it.
    second = home.run("device", "enroll", "dev", "--yes", "--name", "ana-backup")
    assert second.returncode == 0, second.stderr
    removed = home.run("device", "remove", "dev", "--serial", "ana-backup", "--yes")
    assert removed.returncode == 0, removed.stderr
    assert ana.devices() == [serial]


def test_an_orphan_can_be_deleted_without_mfa(account: Account) -> None:
    ana = account.add("ana")
    account.group(ana)
    account.apply()
    iam = client(account.aws, "iam", ana)
    orphan = iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]["SerialNumber"]
    iam.delete_virtual_mfa_device(SerialNumber=orphan)
    device = ana.add_device("ana")
    # But none that is enabled, and no device of others.
    assert refusal(iam.delete_virtual_mfa_device, SerialNumber=device.serial)[1] == "DeleteConflict"
    assert refusal(iam.deactivate_mfa_device, SerialNumber=device.serial)[1] == "AccessDenied"
