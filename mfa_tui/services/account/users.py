"""The checks of the account itself: identity, root, password policy, report, administrators, API keys and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.aws.account_reports import COMPLETE
from mfa_tui.adapters.aws.caller import AwsError
from mfa_tui.core.account.account import RootUser
from mfa_tui.core.account.administrators import Holder, administrator_by
from mfa_tui.core.account.credential_report import CredentialReport, MalformedReport, parse_report
from mfa_tui.core.problems.catalogue import problem
from mfa_tui.errors import AwsRefused
from mfa_tui.services.account.requests import Failed, Refused

if TYPE_CHECKING:
    from mfa_tui.core.account.account import OpenRole, ServiceCredential
    from mfa_tui.services.account.examination import Examination

REPORT_WAIT = 30.0
"""Seconds that AWS has for making the credential report."""
_PAUSE = 1.0
"""Seconds between two looks at the report's state."""
_SERVICES = ("bedrock.amazonaws.com", "codecommit.amazonaws.com", "cassandra.amazonaws.com")
"""The services that have credentials of their own (IAM User Guide, "Service-specific credentials")."""
_INCOMPLETE = ("ValidationError", "InvalidInput")
"""Codes for a request that lacks a parameter."""
_NOT_THERE = ("ReportNotPresent", "ReportExpired", "ReportInProgress")
"""Codes of GetCredentialReport when there is no report to read."""


def add_account(examination: Examination) -> None:
    """Whose account it is. It needs no permission."""
    operation, caller = examination.operation, examination.caller
    operation.progress("asking", "Asking AWS whose account it is")
    identity = examination.requests.make(
        "sts:GetCallerIdentity", lambda: operation.context.iam.get_identity(caller, operation.cancel)
    )
    examination.add(partition=identity.partition, account=identity.account)


def start_report(examination: Examination) -> None:
    """Let AWS begin with the credential report, which takes it some seconds."""
    try:
        examination.report_state = examination.requests.make(
            "iam:GenerateCredentialReport", examination.reports.request_report
        )
    except (Refused, Failed) as refused:
        examination.report_refused = refused


def add_summary(examination: Examination) -> None:
    """The root user, from the account summary."""
    examination.operation.progress("asking", "Asking AWS about the root user")
    summary = examination.requests.make("iam:GetAccountSummary", examination.reports.get_summary)
    examination.summary = summary
    flags = ("AccountPasswordPresent", "AccountMFAEnabled", "AccountAccessKeysPresent")
    password, mfa, keys = (bool(summary[name]) if name in summary else None for name in flags)
    examination.add(root=RootUser(password, mfa, keys))


def add_password_policy(examination: Examination) -> None:
    """The password policy."""
    policy = examination.requests.make("iam:GetAccountPasswordPolicy", examination.reports.get_password_policy)
    examination.add(password_policy=policy)


def add_report(examination: Examination) -> None:
    """The users and their keys, from the credential report: a new one, or the one that AWS has kept.

    A report is kept for four hours, and read even if no new one may be made.
    """
    refused = examination.report_refused
    if refused is None:
        _await_report(examination)
    try:
        answer = examination.requests.make(
            "iam:GetCredentialReport", examination.reports.get_report, expected=_NOT_THERE
        )
    except AwsError:
        raise refused or Failed(_not_ready()) from None
    except Refused as unread:
        if isinstance(refused, Refused):
            raise Refused(f"{refused.action}, {unread.action}", refused.why) from None
        raise
    try:
        report = parse_report(answer.text, answer.made_at, examination.facts.account)
    except MalformedReport as wrong:
        raise Failed(problem("report-malformed", why=str(wrong)).as_error(AwsRefused)) from None
    _add_rows(examination, report, answer.made_at)
    if refused is not None:
        raise refused


def _await_report(examination: Examination) -> None:
    """Wait until AWS has made the report. Raises Failed (``report-not-ready``), Refused, Cancelled."""
    operation, clock = examination.operation, examination.operation.context.clock
    end = clock.monotonic() + REPORT_WAIT
    while examination.report_state != COMPLETE:
        start_report(examination)
        if examination.report_refused is not None:
            raise examination.report_refused
        if examination.report_state != COMPLETE:
            if clock.monotonic() >= end:
                raise Failed(_not_ready())
            operation.progress("waiting", "AWS is making the credential report", end)
            operation.cancel.sleep(_PAUSE)


def _not_ready() -> AwsRefused:
    return problem("report-not-ready", seconds=int(REPORT_WAIT)).as_error(AwsRefused)


def _add_rows(examination: Examination, report: CredentialReport, made_at: int) -> None:
    facts = examination.facts
    known, row = facts.root, report.root
    if known is None:
        root = row
    else:
        # The summary is of this moment, the report of up to four hours ago.
        root = RootUser(*(new if new is not None else old for new, old in zip(known, row, strict=True)))
    reasons = examination.administrators
    examination.add(
        account=facts.account or report.account,
        partition=facts.partition if facts.account else report.partition,
        report_at=made_at,
        root=root,
        users=tuple(
            user._replace(administrator=reasons.get(user.name), groups=examination.groups.get(user.name))
            for user in report.users
        ),
    )


def add_administrators(examination: Examination) -> None:
    """Which users are administrators. They are asked for while AWS makes the report, which then takes them up."""
    examination.operation.progress("asking", "Asking AWS which users are administrators")
    users: list[Holder] = []
    groups: dict[str, Holder] = {}
    policies: dict[str, bool] = {}

    def page(marker: str) -> tuple[None, str]:
        answer = examination.reports.get_authorizations(marker)
        users.extend(answer.users)
        groups.update((group.name, group) for group in answer.groups)
        policies.update(answer.policies)
        return None, answer.marker

    for _ in examination.requests.pages("iam:GetAccountAuthorizationDetails", page):
        pass
    examination.groups = {user.name: user.groups for user in users}
    examination.administrators = {user.name: administrator_by(user, groups, policies) for user in users}


def add_credentials(examination: Examination) -> None:
    """The API keys and other credentials for one service. The credential report does not have them.

    The API reference leaves open whether a service must be named with AllUsers: if AWS asks for it, all that have such
    credentials are.
    """
    examination.operation.progress("asking", "Asking AWS for API keys")
    try:
        found = _credentials(examination, "")
    except AwsError:
        found = [one for service in _SERVICES for one in _credentials(examination, service)]
    examination.add(credentials=tuple(found))


def _credentials(examination: Examination, service: str) -> list[ServiceCredential]:
    """The active credentials for a service, or for all. Raises AwsError if AWS wants a service to be named."""
    pages = examination.requests.pages(
        "iam:ListServiceSpecificCredentials",
        lambda marker: examination.reports.list_credentials(marker, service),
        expected=() if service else _INCOMPLETE,
    )
    return [one for page in pages for one in page]


def add_roles(examination: Examination) -> None:
    """The roles that users can assume without MFA."""
    examination.operation.progress("asking", "Asking AWS for the roles' trust policies")
    found: list[OpenRole] = []
    for page in examination.requests.pages("iam:ListRoles", examination.reports.list_open_roles):
        found.extend(page)
    examination.add(open_roles=tuple(found))
