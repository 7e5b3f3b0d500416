"""The embedded AWS on whole accounts, as strict as AWS: reports, summary, password policy, pages, sign-ins."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.iam.credential_report import COLUMNS, KEPT
from tests.support.aws.audits import AuditBench
from tests.support.aws.clients import client, refusal


@pytest.fixture
def iam(audit_bench: AuditBench) -> Any:
    return client(audit_bench.aws, "iam", audit_bench.auditor)


def test_a_report_is_made_kept_and_expires(audit_bench: AuditBench, iam: Any) -> None:
    audit_bench.account.state.report_takes = 60
    clock = audit_bench.aws.clock
    assert refusal(iam.get_credential_report) == (
        410,
        "ReportNotPresent",
        "No report is present. Generate a new report",
    )
    assert iam.generate_credential_report()["State"] == "STARTED"
    assert iam.generate_credential_report()["State"] == "INPROGRESS"
    assert refusal(iam.get_credential_report)[:2] == (404, "ReportInProgress")
    clock.offset += 60
    # The client's clock may be five minutes off.
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    first = iam.get_credential_report()
    audit_bench.account.add_user("later")
    assert iam.get_credential_report()["Content"] == first["Content"]
    report = audit_bench.account.state.report
    assert report is not None
    report.ready_at -= KEPT
    assert refusal(iam.get_credential_report)[:2] == (410, "ReportExpired")
    assert iam.generate_credential_report()["State"] == "STARTED"


def test_what_a_report_looks_like(audit_bench: AuditBench, iam: Any) -> None:
    audit_bench.account.add_user("ana", password=True, signed_in=3)
    audit_bench.account.add_key("ana", age=100, used=None, active=False)
    iam.generate_credential_report()
    text = iam.get_credential_report()["Content"].decode()
    assert "\r" not in text
    assert not text.endswith("\n")
    assert len(COLUMNS) == 22
    root, ana, auditor = csv.DictReader(text.splitlines())
    assert (root["user"], root["password_enabled"], root["mfa_active"]) == ("<root_account>", "not_supported", "true")
    assert (ana["password_enabled"], ana["access_key_1_active"], ana["access_key_2_last_rotated"]) == (
        "true",
        "false",
        "N/A",
    )
    assert datetime.fromisoformat(ana["access_key_1_last_rotated"]) < datetime.now(UTC) - timedelta(days=99)
    assert ana["access_key_1_last_used_date"] == "N/A"
    assert auditor["access_key_1_last_used_service"] == "iam"


def test_the_summary_of_root(iam: Any) -> None:
    summary = iam.get_account_summary()["SummaryMap"]
    flags = ("AccountPasswordPresent", "AccountMFAEnabled", "AccountAccessKeysPresent", "MFADevicesInUse")
    assert [summary[name] for name in flags] == [1, 1, 0, 3]
    root = next(
        one for one in iam.list_virtual_mfa_devices()["VirtualMFADevices"] if one["User"]["Arn"].endswith(":root")
    )
    assert "Base32StringSeed" not in root
    assert "UserName" not in root["User"]


def test_a_password_policy_has_no_partial_update(audit_bench: AuditBench) -> None:
    admin = audit_bench.aws.add_user("admin", account=audit_bench.id, policy=ADMINISTRATOR)
    iam: Any = client(audit_bench.aws, "iam", admin)
    iam.update_account_password_policy(MinimumPasswordLength=20, PasswordReusePrevention=24, RequireSymbols=True)
    iam.update_account_password_policy(PasswordReusePrevention=5)
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert (policy["MinimumPasswordLength"], policy["PasswordReusePrevention"]) == (6, 5)
    assert policy["RequireSymbols"] is False
    assert refusal(iam.update_account_password_policy, MinimumPasswordLength=5)[1] == "ValidationError"
    iam.delete_account_password_policy()
    for call in (iam.get_account_password_policy, iam.delete_account_password_policy):
        assert refusal(call) == (
            404,
            "NoSuchEntity",
            f"The Password Policy with domain name {audit_bench.id} cannot be found.",
        )


def test_pages_of_authorizations(audit_bench: AuditBench, iam: Any) -> None:
    account = audit_bench.account
    for number in range(5):
        account.add_user(f"user{number}")
    account.add_group("staff", ["user1"])
    account.allow("staff", ADMINISTRATOR, group=True)
    account.attach("user2", "all", ADMINISTRATOR)
    account.attach_of_aws("user3")
    pages = []
    marker: dict[str, str] = {}
    while True:
        page = iam.get_account_authorization_details(
            Filter=["User", "Group", "LocalManagedPolicy"], MaxItems=3, **marker
        )
        pages.append(page)
        if not page["IsTruncated"]:
            break
        marker = {"Marker": page["Marker"]}
    assert [sum(len(page[name]) for name in ("UserDetailList", "GroupDetailList", "Policies")) for page in pages] == [
        3,
        3,
        2,
    ]
    users = {one["UserName"]: one for page in pages for one in page["UserDetailList"]}
    assert users["user1"]["GroupList"] == ["staff"]
    assert users["user3"]["AttachedManagedPolicies"][0]["PolicyArn"] == "arn:aws:iam::aws:policy/AdministratorAccess"
    (group,) = (one for page in pages for one in page["GroupDetailList"])
    assert group["GroupPolicyList"][0]["PolicyDocument"] == ADMINISTRATOR
    (policy,) = (one for page in pages for one in page["Policies"])
    assert policy["PolicyVersionList"][0]["Document"] == ADMINISTRATOR
    assert refusal(iam.get_account_authorization_details, Filter=["Users"])[1] == "ValidationError"
    assert refusal(iam.get_account_authorization_details, MaxItems=1001)[1] == "ValidationError"
    assert refusal(iam.list_roles, Marker="x")[1] == "ValidationError"


def test_service_specific_credentials(audit_bench: AuditBench, iam: Any) -> None:
    audit_bench.account.add_user("ana")
    audit_bench.account.add_credential("ana", expires=30)
    audit_bench.account.add_credential("bob", "codecommit.amazonaws.com", status="Inactive")
    assert len(iam.list_service_specific_credentials(AllUsers=True)["ServiceSpecificCredentials"]) == 2
    (one,) = iam.list_service_specific_credentials(UserName="ana")["ServiceSpecificCredentials"]
    assert (one["ServiceName"], one["Status"]) == ("bedrock.amazonaws.com", "Active")
    assert one["ExpirationDate"] > datetime.now(UTC)
    assert refusal(iam.list_service_specific_credentials, AllUsers=True, UserName="ana")[1] == "ValidationError"


def trail(bench: AuditBench, region: str) -> Any:
    return boto3.client(
        "cloudtrail",
        region_name=region,
        endpoint_url=bench.aws.url,
        aws_access_key_id=bench.auditor.access_key_id,
        aws_secret_access_key=bench.auditor.secret_access_key,
    )


def test_sign_ins_by_region_and_page(audit_bench: AuditBench) -> None:
    for number in range(51):
        audit_bench.account.add_sign_in(f"user{number}", age=1 + number / 10)
    audit_bench.account.add_sign_in("old", age=90.1)
    attribute = [{"AttributeKey": "EventName", "AttributeValue": "ConsoleLogin"}]
    events = trail(audit_bench, "us-east-1").lookup_events(LookupAttributes=attribute)
    assert [one["Username"] for one in events["Events"]][:2] == ["user0", "user1"]
    assert len(events["Events"]) == 50
    more = trail(audit_bench, "us-east-1").lookup_events(LookupAttributes=attribute, NextToken=events["NextToken"])
    assert [one["Username"] for one in more["Events"]] == ["user50"]
    assert "NextToken" not in more
    assert trail(audit_bench, "eu-north-1").lookup_events()["Events"] == []


def test_two_lookups_a_second(audit_bench: AuditBench) -> None:
    # Time is not to pass on a slow machine either.
    state = audit_bench.account.state
    assert [state.may_look_up("us-east-1", at) for at in (5.0, 5.1, 5.2, 5.9, 6.05)] == [True, True, False, False, True]
    assert state.may_look_up("us-east-2", 5.2)


def test_refusals_in_json(audit_bench: AuditBench) -> None:
    nobody = audit_bench.aws.add_user("nobody", account=audit_bench.id)
    audit_bench.auditor = nobody
    with pytest.raises(ClientError) as caught:
        trail(audit_bench, "us-east-1").lookup_events()
    error = caught.value.response
    assert error["Error"]["Code"] == "AccessDeniedException"
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refusal(trail(audit_bench, "us-east-1").lookup_events)[1] == "AccessDeniedException"
