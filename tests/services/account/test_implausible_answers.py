"""Answers that AWS cannot have meant: the audit names the check that they belong to, and believes none of them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mfa_tui.core.account.audit import State
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.errors import NetworkProblem
from mfa_tui.services.account.enforce import Enforcement
from mfa_tui.services.account.examination import AuditOptions
from mfa_tui.services.operation import Operation, ignore_event
from tests.support.aws.audits import AuditBench
from tests.support.runner.thoroughness import quick_cases

Alter = Callable[[bytes], bytes]


def without(name: str) -> Alter:
    """The answer without each element called *name*."""
    tag = name.encode()
    return lambda body: re.sub(rb"<%s>.*?</%s>|<%s */>" % (tag, tag, tag), b"", body, flags=re.DOTALL)


def with_text(name: str, text: str) -> Alter:
    """The answer with *text* in each element called *name*."""
    tag = name.encode()
    return lambda body: re.sub(rb"<%s>.*?</%s>" % (tag, tag), b"<%s>%s</%s>" % (tag, text.encode(), tag), body)


def going_on(marker: str) -> Alter:
    """The answer, empty, as one of many pages."""
    more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>".encode()

    def alter(body: bytes) -> bytes:
        body = re.sub(
            rb"<member>.*</member>|<IsTruncated>.*?</IsTruncated>|<Marker>.*?</Marker>", b"", body, flags=re.DOTALL
        )
        return re.sub(rb"(?=</\w+Result>)", more, body, count=1)

    return alter


CASES: list[tuple[str, str, Alter]] = [
    ("summary", "GetAccountSummary", lambda body: body.replace(b"AccountMFAEnabled", b"SomethingNew")),
    ("administrators", "GetAccountAuthorizationDetails", without("UserDetailList")),
    ("administrators", "GetAccountAuthorizationDetails", without("AttachedManagedPolicies")),
    ("administrators", "GetAccountAuthorizationDetails", with_text("PolicyArn", "garbage")),
    ("administrators", "GetAccountAuthorizationDetails", with_text("UserName", "somebody")),
    ("administrators", "GetAccountAuthorizationDetails", going_on("")),
    ("report", "GetCredentialReport", with_text("GeneratedTime", "2999-01-01T00:00:00Z")),
    ("credentials", "ListServiceSpecificCredentials", with_text("Status", "garbage")),
    ("credentials", "ListServiceSpecificCredentials", with_text("UserName", "")),
    ("credentials", "ListServiceSpecificCredentials", with_text("CreateDate", "0001-01-01T00:00:00+14:00")),
    ("roles", "ListRoles", with_text("AssumeRolePolicyDocument", "garbage")),
    ("roles", "ListRoles", without("AssumeRolePolicyDocument")),
    ("roles", "ListRoles", with_text("RoleName", "another")),
    ("roles", "ListRoles", going_on("")),
    ("device-kinds", "ListMFADevices", with_text("UserName", "somebody")),
    ("device-kinds", "ListMFADevices", going_on("")),
]


@quick_cases()
@pytest.mark.parametrize(("check", "action", "alter"), CASES)
def test_a_check_fails(audit_bench: AuditBench, check: str, action: str, alter: Alter) -> None:
    account = audit_bench.account
    account.add_user("ana", password=True)
    account.add_device("ana", "fido")
    account.attach_of_aws("ana")
    account.add_credential("ana")
    audit_bench.aws.add_role("open", trust(f"arn:aws:iam::{audit_bench.id}:root"), account=audit_bench.id)
    audit_bench.aws.fault(faults.altered(alter), action=action, times=20)
    audit = audit_bench.examine()
    assert [one.id for one in audit.failed] == [check]


def test_a_report_of_another_account(audit_bench: AuditBench) -> None:
    other = audit_bench.account.state
    audit_bench.examine()
    report = other.report
    assert report is not None
    report.text = report.text.replace(audit_bench.id, "999988887777")
    audit = audit_bench.examine(kept=True)
    assert "account 999988887777" in audit.check("report").why
    assert audit.facts.users is None


def of_events(change: Callable[[dict[str, Any]], object]) -> Alter:
    """The answer of CloudTrail, changed."""

    def alter(body: bytes) -> bytes:
        answer = json.loads(body)
        change(answer)
        return json.dumps(answer).encode()

    return alter


def each(name: str, value: object) -> Alter:
    """The answer of CloudTrail with *value* as one field of each event."""
    return of_events(lambda answer: [one.update({name: value}) for one in answer["Events"]])


@quick_cases()
@pytest.mark.parametrize(
    "alter",
    [
        each("EventTime", "garbage"),
        each("EventTime", 1e12),
        each("EventTime", -1e18),
        each("EventTime", 32_503_680_000),
        each("CloudTrailEvent", 5),
        each("CloudTrailEvent", "{"),
        each("CloudTrailEvent", '{"eventName": "ConsoleLogin"}'),
        of_events(lambda answer: answer.update(Events=[1])),
        of_events(lambda answer: answer.update(Events=[None])),
        of_events(lambda answer: answer.pop("Events")),
        of_events(lambda answer: answer.update(NextToken="MA==")),
        lambda _: b"[1]",
    ],
)
def test_sign_ins_that_cannot_be_read(audit_bench: AuditBench, alter: Alter) -> None:
    audit_bench.account.add_sign_in()
    audit_bench.aws.fault(faults.altered(alter), action="LookupEvents", times=40)
    check = audit_bench.examine(AuditOptions()).check("sign-ins")
    assert check.state == State.FAILED
    assert check.regions


def test_enforcement_for_a_list_without_an_end(aws: StrictAws, audit_bench: AuditBench) -> None:
    audit_bench.account.add_group("staff", ["auditor"])
    aws.fault(faults.altered(going_on("MA==")), action="ListVirtualMFADevices", times=50)
    operation = Operation(audit_bench.context, audit_bench.scope, ignore_event)
    with pytest.raises(NetworkProblem):
        Enforcement(operation, audit_bench.caller()).plan("staff")
