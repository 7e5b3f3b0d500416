"""The credential report: made in the background, kept for four hours, root first.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

import base64
import csv
import datetime as dt
import io
from typing import Any

from mfa_tui.demo.aws.accounts.account_state import AccountState, Report
from mfa_tui.demo.aws.accounts.calls import Call, Handler
from mfa_tui.demo.aws.accounts.directory import Directory
from mfa_tui.demo.aws.protocol import aws_errors
from mfa_tui.demo.aws.protocol.clock import iso, seconds_of
from mfa_tui.demo.aws.protocol.xml_responses import Result

KEPT = 4 * 3600
"""Seconds for which a report is kept: until then no new one is made."""
COLUMNS = (
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
    "password_next_rotation", "mfa_active",
    "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
)  # fmt: skip


def generate_credential_report(call: Call) -> Result:
    """STARTED, then INPROGRESS until it is ready; COMPLETE while there is one that is younger than four hours."""
    call.authorize(f"iam:{call.action}", "*")
    state = call.directory.state(call.caller.identity.account)
    report = state.report
    if report is None or call.now - report.ready_at >= KEPT:
        state.report = Report(call.now + state.report_takes)
        return {
            "State": "STARTED",
            "Description": "No report exists. Starting a new report generation task",
        }
    if call.now < report.ready_at:
        return {"State": "INPROGRESS"}
    _make(call.directory, state, report)
    return {"State": "COMPLETE"}


def get_credential_report(call: Call) -> Result:
    """The last report, in base64."""
    call.authorize(f"iam:{call.action}", "*")
    state = call.directory.state(call.caller.identity.account)
    report = state.report
    if report is None:
        raise aws_errors.Refusal(410, "ReportNotPresent", "No report is present. Generate a new report")
    if call.now < report.ready_at:
        raise aws_errors.Refusal(404, "ReportInProgress", "Report is still being generated")
    if call.now - report.ready_at >= KEPT:
        raise aws_errors.Refusal(410, "ReportExpired", "Report is expired. Generate a new report")
    _make(call.directory, state, report)
    return {
        "Content": base64.b64encode(report.text.encode()).decode(),
        "ReportFormat": "text/csv",
        "GeneratedTime": iso(report.ready_at),
    }


def _make(directory: Directory, state: AccountState, report: Report) -> None:
    if not report.text:
        report.text = report_text(directory, state.account)


def report_text(directory: Directory, account: str) -> str:
    """The report of an account as it is now: LF between lines, and none at the end."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="N/A", lineterminator="\n")
    writer.writeheader()
    writer.writerow(_root(directory, account))
    for user in sorted(directory.backend(account).users.values(), key=lambda one: str(one.name)):
        writer.writerow(_user(user))
    return out.getvalue().removesuffix("\n")


def _root(directory: Directory, account: str) -> dict[str, str]:
    root = directory.state(account).root
    row = {
        "user": "<root_account>",
        "arn": f"arn:aws:iam::{account}:root",
        "user_creation_time": "2019-01-02T03:04:05+00:00",
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
        "mfa_active": _flag(bool(root.device)),
        "cert_1_active": "false",
        "cert_2_active": "false",
    }
    for slot in (1, 2):
        active = root.keys >= slot
        row[f"access_key_{slot}_active"] = _flag(active)
        if active:
            row[f"access_key_{slot}_last_rotated"] = "2019-01-02T03:04:05+00:00"
    return row


def _user(user: Any) -> dict[str, str]:
    used = user.password_last_used
    row = {
        "user": user.name,
        "arn": user.arn,
        "user_creation_time": _time(user.create_date),
        "password_enabled": _flag(bool(user.password)),
        "password_last_used": (_time(used) if used else "no_information") if user.password else "N/A",
        "password_last_changed": _time(user.create_date) if user.password else "N/A",
        "mfa_active": _flag(bool(user.mfa_devices)),
        "access_key_1_active": "false",
        "access_key_2_active": "false",
        "cert_1_active": "false",
        "cert_2_active": "false",
    }
    for slot, key in enumerate(user.access_keys, start=1):
        column = f"access_key_{slot}"
        row[f"{column}_active"] = _flag(key.status == "Active")
        row[f"{column}_last_rotated"] = _time(key.create_date)
        if key.last_used is not None:
            row[f"{column}_last_used_date"] = _time(key.last_used.timestamp)
            row[f"{column}_last_used_region"] = key.last_used.region
            row[f"{column}_last_used_service"] = key.last_used.service
    return row


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _time(moment: dt.datetime) -> str:
    """``2026-11-24T11:55:42+00:00``. moto's times without a zone are UTC."""
    return dt.datetime.fromtimestamp(seconds_of(moment), dt.UTC).isoformat()


HANDLERS: dict[str, Handler] = {
    "GenerateCredentialReport": generate_credential_report,
    "GetCredentialReport": get_credential_report,
}
