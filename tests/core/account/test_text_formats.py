"""Audits in words: without findings, with checks that are not complete, and with what only some accounts have."""

import csv

import pytest

from mfa_tui.core.account.account import Facts, PasswordPolicy, RootUser, User
from mfa_tui.core.account.audit import CHECKS, Audit, State
from mfa_tui.core.account.html_page import as_html
from mfa_tui.core.account.rules import Thresholds, find_problems
from mfa_tui.core.account.summary_text import counts_in_words, facts_in_words, heading, report_age, unchecked
from mfa_tui.core.account.text_formats import as_csv, as_json, as_markdown

NOW = 1_790_000_000.0
COMPLETE = tuple(check._replace(state=State.DONE) for check in CHECKS)
GOOD = Audit(NOW, Facts("111122223333", users=()), checks=COMPLETE)


def changed(check_id: str, **values: object) -> Audit:
    """The good audit with one check that is not complete."""
    checks = (check._replace(**values) if check.id == check_id else check for check in COMPLETE)  # type: ignore[arg-type]
    return GOOD._replace(checks=tuple(checks))


def test_nothing_to_say() -> None:
    assert heading(GOOD) == "Account 1111-2222-3333, 2026-09-21 14:13:20 UTC"
    assert counts_in_words(GOOD) == "none"
    assert unchecked(GOOD) == []
    assert as_csv(GOOD) == "severity,id,resource,name,what,remedy"
    assert "## Findings" not in as_markdown(GOOD)
    assert "## Not checked" not in as_markdown(GOOD)
    page = as_html(GOOD, Thresholds())
    assert "Nothing was found." in page
    assert "Not checked" not in page
    assert as_json(GOOD)["findings"] == []


@pytest.mark.parametrize(
    ("check_id", "values", "words"),
    [
        ("roles", {"state": State.DENIED, "action": "iam:ListRoles", "why": "no"}, "iam:ListRoles was denied"),
        ("report", {"state": State.DENIED, "action": "x:Y, x:Z", "why": "no"}, "x:Y, x:Z were denied"),
        (
            "sign-ins",
            {"state": State.DENIED, "action": "x:Y", "why": "with an explicit deny", "regions": ("a", "b")},
            "x:Y was denied in a and b, by an explicit deny",
        ),
        ("report", {"state": State.FAILED, "why": "It took long."}, "It took long."),
        ("sign-ins", {"state": State.FAILED, "why": "It took long.", "regions": ("a",)}, "In a: It took long."),
        ("sign-ins", {"state": State.SKIPPED}, "not checked, as you asked"),
        ("sign-ins", {"state": State.STOPPED}, "interrupted: only what was seen until then counts"),
        ("roles", {"state": State.WAITING}, "not finished"),
    ],
)
def test_what_was_not_checked(check_id: str, values: dict[str, object], words: str) -> None:
    audit = changed(check_id, **values)
    assert [text for _, text in unchecked(audit)] == [words]
    assert counts_in_words(audit) == "none in what was checked"
    (row,) = csv.DictReader(as_csv(audit).splitlines())
    assert (row["severity"], row["id"], row["what"]) == (
        "denied" if values["state"] == State.DENIED else "not checked",
        check_id,
        words,
    )
    assert "## Not checked" in as_markdown(audit)
    assert words in as_html(audit, Thresholds())


def test_denied_actions() -> None:
    audit = changed("report", state=State.DENIED, action="iam:GenerateCredentialReport, iam:GetCredentialReport")
    assert audit.denied == ("iam:GenerateCredentialReport", "iam:GetCredentialReport")
    assert GOOD.denied == ()


def test_stopping_ends_what_goes_on() -> None:
    audit = changed("roles", state=State.WAITING).stopped()
    assert audit.check("roles").state == State.STOPPED
    assert audit.check("devices").state == State.DONE


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ((False, False, False), "no password and no keys (central root access)"),
        ((True, False, None), "password: yes, MFA: no, access keys: not known"),
    ],
)
def test_the_root_user(root: tuple[bool | None, bool | None, bool | None], words: str) -> None:
    audit = GOOD._replace(facts=Facts(root=RootUser(*root)))
    assert facts_in_words(audit) == [("Root user", words)]


def test_the_password_policy() -> None:
    def said(policy: PasswordPolicy) -> str:
        return dict(facts_in_words(GOOD._replace(facts=Facts(password_policy=policy))))["Passwords"]

    assert said(PasswordPolicy(exists=False)) == "no policy"
    assert said(PasswordPolicy(exists=True, length=8)) == "at least 8 characters, old ones allowed"
    assert said(PasswordPolicy(exists=True, length=15, reuse=24)) == "at least 15 characters, the last 24 refused"


def test_the_age_of_the_report() -> None:
    assert report_age(GOOD) == "There is no credential report."
    audit = GOOD._replace(facts=Facts(report_at=int(NOW) - 5000))
    assert report_age(audit).startswith("The credential report is 1 h 23 m old")
    for age, words in ((59, "new"), (60, "1 m old")):
        audit = GOOD._replace(facts=Facts(report_at=int(NOW) - age))
        assert report_age(audit).startswith(f"The credential report is {words};")
    # AWS's clock and ours may differ.
    assert GOOD._replace(facts=Facts(report_at=int(NOW) + 5)).report_age == 0


def test_figures_of_users() -> None:
    users = (
        User("a", "arn:a", has_password=True, has_mfa=True),
        User("b", "arn:b", has_password=True, has_mfa=False),
        User("c", "arn:c", has_password=False, has_mfa=False),
    )
    audit = GOOD._replace(facts=Facts("1", users=users), findings=find_problems(Facts("1", users=users), NOW))
    assert facts_in_words(audit)[0] == ("MFA", "1 of 2 users with a password or an active key (50%)")
    assert counts_in_words(audit) == "1 high"
    assert facts_in_words(GOOD)[0] == ("MFA", "0 of 0 users with a password or an active key")
