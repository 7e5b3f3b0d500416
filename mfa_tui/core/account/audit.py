"""The state of an audit: what was checked, what is known and what is wrong. It grows while the audit goes on."""

from __future__ import annotations

from typing import NamedTuple

from mfa_tui.core.account.account import Facts
from mfa_tui.core.account.findings import SEVERITIES, Finding


class State:
    """How far a check is."""

    WAITING = "waiting"
    """It has not begun, or goes on."""
    DONE = "done"
    """Everything was seen."""
    DENIED = "denied"
    """A right is missing: see ``Check.action``."""
    FAILED = "failed"
    """AWS did not answer, or with something else: see ``Check.why``."""
    SKIPPED = "skipped"
    """It was not asked for."""
    STOPPED = "stopped"
    """It was cancelled: what was seen until then counts."""


class Check(NamedTuple):
    """One part of the audit, which takes one kind of request."""

    id: str
    """Its stable id: identity, summary, password-policy, report, administrators, devices, credentials, roles,
    device-kinds, sign-ins."""
    title: str
    """What is checked, for people."""
    state: str = State.WAITING
    """How far it is: one of :class:`State`."""
    action: str = ""
    """The action that was denied, such as ``iam:ListRoles``; two are separated by a comma and a space."""
    why: str = ""
    """What happened if it was denied or failed, in one line."""
    regions: tuple[str, ...] = ()
    """The Regions where it was denied or failed, if it asks several; the others were checked."""


CHECKS = (
    Check("identity", "Account"),
    Check("summary", "Root user"),
    Check("password-policy", "Password policy"),
    Check("administrators", "Administrators"),
    Check("report", "Users and their keys"),
    Check("devices", "MFA devices"),
    Check("credentials", "API keys"),
    Check("roles", "Role trust policies"),
    Check("device-kinds", "Kinds of MFA devices"),
    Check("sign-ins", "Console sign-ins"),
)
"""All checks, in their order. The first table can be shown once those up to ``report`` have ended."""
FIRST_TABLE = "report"
"""The check after which the first table can be shown."""


class Audit(NamedTuple):
    """An audit so far."""

    made_at: float
    """When it began, in seconds since the epoch by AWS's clock."""
    facts: Facts = Facts()
    """What is known."""
    findings: tuple[Finding, ...] = ()
    """What is wrong, the most severe first."""
    checks: tuple[Check, ...] = CHECKS
    """How far each check is."""

    @property
    def report_age(self) -> int | None:
        """How old the credential report was when the audit began, in seconds; None if there is none."""
        at = self.facts.report_at
        return None if at is None else max(0, int(self.made_at - at))

    @property
    def denied(self) -> tuple[str, ...]:
        """The actions that were denied."""
        denied = (check.action.split(", ") for check in self.checks if check.state == State.DENIED)
        return tuple(dict.fromkeys(action for actions in denied for action in actions))

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed for another reason."""
        return tuple(check for check in self.checks if check.state == State.FAILED)

    @property
    def has_first_table(self) -> bool:
        """Whether enough is known for the first table."""
        return self.check(FIRST_TABLE).state != State.WAITING

    @property
    def is_over(self) -> bool:
        """Whether no check goes on."""
        return all(check.state != State.WAITING for check in self.checks)

    def check(self, check_id: str) -> Check:
        """The check with an id."""
        return next(check for check in self.checks if check.id == check_id)

    def stopped(self) -> Audit:
        """The same audit, cancelled: its checks that have not ended will not."""
        checks = (
            check._replace(state=State.STOPPED) if check.state == State.WAITING else check for check in self.checks
        )
        return self._replace(checks=tuple(checks))

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, the most severe first."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for one in self.findings:
            counts[one.severity] += 1
        return counts
