"""An audit in words, the same in every format: what it is of, what was not checked, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.core.account.audit import State
from mfa_tui.core.account.findings import RULE, Rule
from mfa_tui.core.account.statistics import protection
from mfa_tui.core.sessions.expiry import format_duration, format_utc
from mfa_tui.core.text.display import format_account, in_words

if TYPE_CHECKING:
    from mfa_tui.core.account.account import PasswordPolicy, RootUser
    from mfa_tui.core.account.audit import Audit, Check

_NEW = 60
"""Seconds up to which a credential report is called new."""


def heading(audit: Audit) -> str:
    """Which account it is of, and when it was made."""
    account = format_account(audit.facts.account) or "unknown"
    return f"Account {account}, {format_utc(int(audit.made_at)).replace('T', ' ').replace('Z', ' UTC')}"


def report_age(audit: Audit) -> str:
    """How old the credential report is. AWS makes a new one only every four hours."""
    if audit.report_age is None:
        return "There is no credential report."
    age = f"{format_duration(audit.report_age)} old" if audit.report_age >= _NEW else "new"
    return f"The credential report is {age}; AWS makes a new one every four hours."


def facts_in_words(audit: Audit) -> list[tuple[str, str]]:
    """What is known of the account as a whole: a name and words for each."""
    facts = audit.facts
    found = []
    if facts.users is not None:
        shown = protection(facts.users)
        percent = f" ({shown.share:.0%})" if shown.total else ""
        found.append(("MFA", f"{shown.with_mfa} of {shown.total} users with a password or an active key{percent}"))
    if facts.root is not None:
        found.append(("Root user", _root(facts.root)))
    if facts.password_policy is not None:
        found.append(("Passwords", _policy(facts.password_policy)))
    if facts.sign_ins is not None:
        with_mfa, without = facts.sign_ins.totals
        found.append(("Sign-ins", f"{with_mfa + without} with a password in 90 days, {without} without MFA"))
    return found


def _root(root: RootUser) -> str:
    if root.has_password is False and root.has_keys is False:
        return "no password and no keys (central root access)"
    words = {True: "yes", False: "no", None: "not known"}
    return f"password: {words[root.has_password]}, MFA: {words[root.has_mfa]}, access keys: {words[root.has_keys]}"


def _policy(policy: PasswordPolicy) -> str:
    if not policy.exists:
        return "no policy"
    reuse = f"the last {policy.reuse} refused" if policy.reuse else "old ones allowed"
    return f"at least {policy.length} characters, {reuse}"


def unchecked(audit: Audit) -> list[tuple[Check, str]]:
    """The checks that are not complete, and why, in words."""
    return [(check, words) for check in audit.checks if (words := _state(check))]


def _state(check: Check) -> str:
    where = f" in {in_words(check.regions)}" if check.regions else ""
    if check.state == State.DENIED:
        by = ", by an explicit deny" if "explicit deny" in check.why else ""
        were = "were" if "," in (check.action or "") else "was"
        return f"{check.action} {were} denied{where}{by}"
    words = {
        State.FAILED: f"In {in_words(check.regions)}: {check.why}" if where else check.why,
        State.SKIPPED: "not checked, as you asked",
        State.STOPPED: "interrupted: only what was seen until then counts",
        State.WAITING: "not finished",
    }
    return words.get(check.state, "")


def remedies(audit: Audit) -> list[Rule]:
    """The rules that have findings, in the order of the findings."""
    return [RULE[rule_id] for rule_id in dict.fromkeys(one.id for one in audit.findings)]


def counts_in_words(audit: Audit) -> str:
    """How many findings there are, such as ``2 critical, 1 low``, or ``none in what was checked``."""
    found = [f"{count} {severity}" for severity, count in audit.counts().items() if count]
    of = " in what was checked" if unchecked(audit) else ""
    return (", ".join(found) if found else "none") + of
