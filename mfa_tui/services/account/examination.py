"""An audit in progress: what is known so far, and which checks have ended."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.aws.account_reports import AccountReports
from mfa_tui.core.account.account import Facts
from mfa_tui.core.account.audit import Audit, State
from mfa_tui.core.account.rules import Thresholds, find_problems
from mfa_tui.services.account.requests import Failed, Refused, Requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.operation import Operation


class AuditOptions(NamedTuple):
    """What an audit is to check."""

    thresholds: Thresholds = Thresholds()
    """From when on keys are old or unused."""
    sign_ins: bool = True
    """Whether to look for console sign-ins in CloudTrail, which takes long in large accounts."""


class Examination:
    """The state of one audit. Its checks add facts; *show* gets each new state, from the thread that calls."""

    def __init__(
        self, operation: Operation, caller: Caller, options: AuditOptions, show: Callable[[Audit], None]
    ) -> None:
        self.operation = operation
        self.caller = caller
        self.options = options
        self.reports = AccountReports(operation.context.aws, caller, operation.cancel)
        self.requests = Requests(operation, caller)
        self.audit = Audit(operation.context.clock.aws_now(), Facts(partition=caller.partition or "aws"))
        self.summary: dict[str, int] = {}
        """The account summary, once it is known."""
        self.administrators: dict[str, str] = {}
        """By what each user is an administrator (see ``User.administrator``), once that is known."""
        self.groups: dict[str, tuple[str, ...]] = {}
        """The groups of each user, once they are known."""
        self.virtual_devices: Counter[str] = Counter()
        """How many virtual devices each ARN has, once that is known."""
        self.report_refused: Refused | Failed | None = None
        """Why AWS does not make a new credential report; None if it does."""
        self.report_state = ""
        """The state of the credential report when it was last asked for."""
        self.errors: list[MfaTuiError] = []
        """What failed, apart from missing rights."""
        self._show = show

    @property
    def facts(self) -> Facts:
        """What is known."""
        return self.audit.facts

    def add(self, **facts: object) -> None:
        """Add facts, by their names in :class:`Facts`."""
        self.audit = self.audit._replace(facts=self.facts._replace(**facts))  # type: ignore[arg-type]

    def run(self, check_id: str, stage: Callable[[Examination], None]) -> None:
        """Run one check, and show what it found. A missing right or a failure ends only this check.

        Raises Cancelled.
        """
        try:
            stage(self)
            self._end(check_id, State.DONE)
        except Refused as refused:
            self._end(check_id, State.DENIED, refused.action, refused.why, refused.regions)
        except Failed as failed:
            self.errors.append(failed.error)
            self._end(check_id, State.FAILED, "", " ".join(failed.error.lines()[:2]), failed.regions)

    def skip(self, check_id: str) -> None:
        """Note that a check is not wanted."""
        self._end(check_id, State.SKIPPED)

    def stop(self) -> None:
        """Note that the audit was cancelled: what is known counts."""
        self.audit = self.audit.stopped()
        self.show()

    def show(self) -> None:
        """Apply the rules to what is known, and show the audit as it is now."""
        found = find_problems(self.facts, self.audit.made_at, self.options.thresholds)
        self.audit = self.audit._replace(findings=found)
        self._show(self.audit)

    def _end(self, check_id: str, state: str, action: str = "", why: str = "", regions: tuple[str, ...] = ()) -> None:
        ended = self.audit.check(check_id)._replace(state=state, action=action, why=why, regions=regions)
        checks = tuple(ended if check.id == check_id else check for check in self.audit.checks)
        self.audit = self.audit._replace(checks=checks)
        self.show()
