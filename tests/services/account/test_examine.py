"""The audit against the embedded AWS: what the server was set up with is found, and nothing else."""

import base64
import re

import pytest

from mfa_tui.core.account.audit import CHECKS, State
from mfa_tui.core.account.summary_text import unchecked
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, trust
from mfa_tui.demo.aws.protocol.aws_errors import invalid_token, not_authorized, validation
from mfa_tui.errors import AwsRefused, Cancelled, NetworkProblem
from mfa_tui.services.account.examination import AuditOptions
from tests.support.aws.audits import AuditBench

EVERYTHING = AuditOptions()


def test_an_account_without_a_fault(audit_bench: AuditBench) -> None:
    audit = audit_bench.examine(EVERYTHING)
    assert audit.findings == ()
    assert {check.state for check in audit.checks} == {State.DONE}
    assert audit.facts.account == audit_bench.id
    assert audit.denied == ()
    assert audit.is_over
    assert audit.report_age == 0


def test_the_age_of_a_kept_report(audit_bench: AuditBench) -> None:
    audit_bench.examine()
    report = audit_bench.account.state.report
    audit_bench.clock.time += 3600
    audit_bench.aws.clock.offset += 3600
    audit = audit_bench.examine(kept=True)
    assert audit_bench.account.state.report is report
    assert audit.report_age is not None
    assert 3595 <= audit.report_age <= 3605


def test_users_without_mfa(audit_bench: AuditBench) -> None:
    account = audit_bench.account
    for name in ("direct", "inline", "by-group", "own", "plain", "keys", "nobody", "fido", "token", "both"):
        account.add_user(name, password=name not in ("keys", "nobody"))
    account.add_key("keys", age=3)
    account.add_key("nobody", age=300, active=False)
    account.attach_of_aws("direct")
    account.allow("inline", ADMINISTRATOR)
    account.add_group("admins", ["by-group"])
    account.attach("admins", "everything", ADMINISTRATOR, group=True)
    account.attach("own", "everything", ADMINISTRATOR)
    account.attach("plain", "buckets", {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    for kind, names in {"fido": ("fido", "both"), "hardware": ("token",), "virtual": ("both",)}.items():
        for name in names:
            account.add_device(name, kind)
    assert audit_bench.found() == [
        ("admin-no-mfa", "by-group"),
        ("admin-no-mfa", "direct"),
        ("admin-no-mfa", "inline"),
        ("admin-no-mfa", "own"),
        ("user-fido-only", "fido"),
        ("user-no-mfa", "keys"),
        ("user-no-mfa", "plain"),
        ("user-one-device", "fido"),
        ("user-one-device", "token"),
    ]


def test_a_device_that_the_report_does_not_know_yet(audit_bench: AuditBench) -> None:
    account = audit_bench.account
    account.add_user("ana", password=True)
    assert audit_bench.found() == [("user-no-mfa", "ana")]
    account.add_device("ana")
    assert [one.id for one in audit_bench.examine(kept=True).findings] == ["user-one-device"]


def test_keys_and_credentials(audit_bench: AuditBench) -> None:
    account = audit_bench.account
    for name in ("old", "unused", "never", "two", "api", "fresh"):
        account.add_user(name, password=True)
        for _ in range(2):
            account.add_device(name)
    account.add_key("old", age=91)
    account.add_key("unused", age=60, used=46)
    account.add_key("never", age=10, used=None)
    account.add_key("two", age=10)
    account.add_key("two", age=1)
    account.add_key("fresh", age=89, used=44)
    account.add_credential("api")
    account.add_credential("fresh", status="Inactive")
    account.add_credential("fresh", status="Expired")
    assert audit_bench.found() == [
        ("key-never-used", "never"),
        ("key-old", "old"),
        ("key-unused", "unused"),
        ("service-specific-credential", "api"),
        ("two-active-keys", "two"),
    ]


def test_credentials_where_a_service_must_be_named(audit_bench: AuditBench) -> None:
    audit_bench.account.add_credential("auditor", "codecommit.amazonaws.com")
    audit_bench.account.add_credential("auditor", "bedrock.amazonaws.com")
    audit_bench.aws.fault(faults.Fault(refusal=validation("x")), action="ListServiceSpecificCredentials")
    assert audit_bench.found() == [("service-specific-credential", "auditor")] * 2


def test_root_and_the_password_policy(audit_bench: AuditBench) -> None:
    state = audit_bench.account.state
    state.root.device, state.root.keys, state.password_policy = "", 1, None
    assert audit_bench.found() == [
        ("password-policy-missing", audit_bench.id),
        ("root-access-key", "root"),
        ("root-no-mfa", "root"),
    ]
    state.root.keys, state.root.password = 0, False
    audit_bench.account.set_password_policy(8, 0)
    assert audit_bench.found() == [("password-policy-weak", audit_bench.id)]


def test_a_fido_device_of_root_is_not_looked_for_among_users(audit_bench: AuditBench) -> None:
    state = audit_bench.account.state
    state.root.device = "arn:aws:iam::x:u2f/root-account/key"
    audit_bench.account.add_user("ana", password=True)
    audit_bench.account.add_device("ana")
    assert audit_bench.found() == [("user-one-device", "ana")]
    assert audit_bench.counts()["ListMFADevices"] == 0


def test_roles(audit_bench: AuditBench) -> None:
    aws, root = audit_bench.aws, f"arn:aws:iam::{audit_bench.id}:root"
    service = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip  # noqa: E501
    for name, document in {"open": trust(root), "closed": trust(root, mfa=True), "service": service}.items():
        aws.add_role(name, document, account=audit_bench.id)
    aws.add_role("recent", trust(root, mfa_max_age=3600), account=audit_bench.id)
    assert audit_bench.found() == [("role-trust-no-mfa", "open")]


def test_sign_ins(audit_bench: AuditBench) -> None:
    account = audit_bench.account
    account.add_sign_in("ana", age=3, region="eu-north-1")
    account.add_sign_in("ana", age=4, region="eu-central-1")
    account.add_sign_in("bob", mfa=True)
    account.add_sign_in("eve", success=False)
    account.add_sign_in("admin/session", kind="AssumedRole")
    account.add_sign_in("sam", kind="SAMLUser")
    account.add_sign_in("long-ago", age=91)
    account.add_sign_in()
    audit = audit_bench.examine(EVERYTHING)
    assert [(one.id, one.severity, one.name) for one in audit.findings] == [
        ("sign-in-no-mfa", "critical", "root"),
        ("sign-in-no-mfa", "high", "ana"),
    ]
    assert audit.facts.sign_ins is not None
    assert len(audit.facts.sign_ins.days) == 3
    assert audit.facts.sign_ins.regions == ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2", "eu-central-1")


def test_many_sign_ins_take_two_requests_a_second(audit_bench: AuditBench) -> None:
    for number in range(240):
        audit_bench.account.add_sign_in(f"user{number % 7}", age=number / 10, mfa=number % 2 == 0)
    audit = audit_bench.examine(EVERYTHING)
    assert audit.facts.sign_ins is not None
    assert sum(with_mfa + without for _, with_mfa, without in audit.facts.sign_ins.days) == 240
    assert audit_bench.counts()["LookupEvents"] == 5 + 4
    assert sum(one.error == "Throttling" for one in audit_bench.aws.requests) == 0


def test_throttled_sign_ins_are_asked_for_again(audit_bench: AuditBench) -> None:
    audit_bench.account.add_sign_in()
    audit_bench.aws.fault(faults.throttled(), action="LookupEvents", times=4)
    assert [one.id for one in audit_bench.examine(EVERYTHING).findings] == ["sign-in-no-mfa"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_region_that_the_organization_denies(audit_bench: AuditBench, times: int) -> None:
    """Policies that deny most Regions are common: the others are read, and the denied ones named."""
    audit_bench.account.add_sign_in("ana", region="eu-central-1")
    refusal = not_authorized(audit_bench.auditor.arn, "cloudtrail:LookupEvents", "*", "with an explicit deny")
    audit_bench.aws.fault(faults.Fault(refusal=refusal), action="LookupEvents", times=times)
    audit = audit_bench.examine(EVERYTHING)
    assert [one.id for one in audit.findings] == ["sign-in-no-mfa"]
    check = audit.check("sign-ins")
    assert (check.state, check.regions) == (State.DENIED, ("us-east-1", "us-east-2")[:times])
    assert audit.denied == ("cloudtrail:LookupEvents",)
    where = " and ".join(check.regions)
    assert unchecked(audit) == [(check, f"cloudtrail:LookupEvents was denied in {where}, by an explicit deny")]


def test_a_region_that_is_not_enabled(audit_bench: AuditBench) -> None:
    """Sessions are not valid there, which AWS reports as an unknown key."""
    audit_bench.aws.fault(faults.Fault(refusal=invalid_token()), action="LookupEvents")
    audit = audit_bench.examine(EVERYTHING)
    assert audit.check("sign-ins").regions == ("us-east-1",)
    ((_, words),) = unchecked(audit)
    assert words.startswith("In us-east-1: AWS does not recognize")


def test_cancelling_keeps_what_is_known(audit_bench: AuditBench) -> None:
    for _ in range(60):
        audit_bench.account.add_sign_in()

    def stop_at_the_second_region(event: object) -> None:
        if "us-east-2" in getattr(event, "text", ""):
            audit_bench.scope.cancel()

    audit = audit_bench.examine(EVERYTHING, stop_at_the_second_region)
    assert audit.check("sign-ins").state == State.STOPPED
    assert [one.id for one in audit.findings] == ["sign-in-no-mfa"]
    assert "60 times" in audit.findings[0].what
    assert audit == audit_bench.shown[-1]


def test_cancelling_keeps_the_kinds_of_devices(audit_bench: AuditBench) -> None:
    for name in ("ana", "bob", "cat"):
        audit_bench.account.add_user(name, password=True)
        audit_bench.account.add_device(name, "fido")

    def stop_at_the_third(event: object) -> None:
        if "3 of 3" in getattr(event, "text", ""):
            audit_bench.scope.cancel()

    audit = audit_bench.examine(EVERYTHING, stop_at_the_third)
    assert {(one.id, one.name) for one in audit.findings} == {
        (rule, name) for rule in ("user-one-device", "user-fido-only") for name in ("ana", "bob")
    }
    assert {check.id for check in audit.checks if check.state == State.STOPPED} == {"device-kinds", "sign-ins"}


def test_cancelling_before_the_first_table_ends_the_audit(audit_bench: AuditBench) -> None:
    with pytest.raises(Cancelled):
        audit_bench.examine(EVERYTHING, lambda _: audit_bench.scope.cancel())


ACTIONS = {
    "GetAccountSummary": "summary",
    "GetAccountPasswordPolicy": "password-policy",
    "GetAccountAuthorizationDetails": "administrators",
    "GenerateCredentialReport": "report",
    "GetCredentialReport": "report",
    "ListVirtualMFADevices": "devices",
    "ListMFADevices": "device-kinds",
    "ListServiceSpecificCredentials": "credentials",
    "ListRoles": "roles",
    "LookupEvents": "sign-ins",
    "GetCallerIdentity": "identity",
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_missing_right_ends_one_check_only(audit_bench: AuditBench, action: str) -> None:
    service = {"LookupEvents": "cloudtrail", "GetCallerIdentity": "sts"}.get(action, "iam")
    account = audit_bench.account
    account.add_user("fido", password=True)
    account.add_device("fido", "fido")
    refusal = not_authorized(audit_bench.auditor.arn, f"{service}:{action}", "*")
    audit_bench.aws.fault(faults.Fault(refusal=refusal), action=action, times=20)
    audit = audit_bench.examine(EVERYTHING)
    assert audit.denied == (f"{service}:{action}",)
    denied = audit.check(ACTIONS[action])
    assert (denied.state, denied.action) == (State.DENIED, f"{service}:{action}")
    assert "is not authorized to perform" in denied.why
    assert {check.state for check in audit.checks if check.id != denied.id} == {State.DONE}
    # The account is known from the report, if from nowhere else.
    assert audit.facts.account == audit_bench.id


def test_a_kept_report_is_read_without_the_right_to_make_one(audit_bench: AuditBench) -> None:
    audit_bench.account.add_user("ana", password=True)
    audit_bench.examine()
    refusal = not_authorized(audit_bench.auditor.arn, "iam:GenerateCredentialReport", "*")
    audit_bench.aws.fault(faults.Fault(refusal=refusal), action="GenerateCredentialReport", times=5)
    audit = audit_bench.examine(kept=True)
    assert [one.id for one in audit.findings] == ["user-no-mfa"]
    assert audit.denied == ("iam:GenerateCredentialReport",)


def test_a_report_that_is_not_ready(audit_bench: AuditBench) -> None:
    audit_bench.account.state.report_takes = 45
    audit_bench.account.state.root.keys = 1
    audit = audit_bench.examine(EVERYTHING)
    assert audit.check("report").state == State.FAILED
    assert "within 30 s" in audit.check("report").why
    assert [one.id for one in audit.findings] == ["root-access-key"]
    assert {check.state for check in audit.checks if check.id != "report"} == {State.DONE}


def test_a_report_that_takes_a_while(audit_bench: AuditBench) -> None:
    audit_bench.account.state.report_takes = 28
    audit_bench.account.add_user("ana", password=True)
    assert audit_bench.found() == [("user-no-mfa", "ana")]


@pytest.mark.parametrize(
    "page", ["", "name,amount\nana,3", "user,arn\n<root_account>,arn:aws:iam::1:root"], ids=["empty", "other", "cut"]
)
def test_a_report_of_another_kind(audit_bench: AuditBench, page: str) -> None:
    content = base64.b64encode(page.encode())
    audit_bench.aws.fault(
        faults.altered(lambda body: re.sub(rb"<Content>.*</Content>", b"<Content>" + content + b"</Content>", body)),
        action="GetCredentialReport",
    )
    check = audit_bench.examine().check("report")
    assert check.state == State.FAILED
    assert "cannot be read" in check.why


def test_unaccepted_keys_end_the_audit(audit_bench: AuditBench) -> None:
    audit_bench.auditor.deactivate_key()
    with pytest.raises(AwsRefused):
        audit_bench.examine()


def test_no_network_ends_the_audit(audit_bench: AuditBench) -> None:
    audit_bench.aws.fault(faults.dropped(), times=10)
    with pytest.raises(NetworkProblem):
        audit_bench.examine()


def test_each_check_is_shown(audit_bench: AuditBench) -> None:
    audit_bench.examine(EVERYTHING)
    assert len(audit_bench.shown) == len(CHECKS)
    first = next(audit for audit in audit_bench.shown if audit.has_first_table)
    assert first.facts.users is not None
    assert first.check("devices").state == State.WAITING
