"""Audits of an account of their own, in this process, with a clock that stands still until somebody waits."""

import secrets
from collections import Counter
from collections.abc import Callable

import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.account.audit import Audit
from mfa_tui.demo.aws.account_setup import AUDITOR
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.account.examination import AuditOptions
from mfa_tui.services.account.examine import examine
from mfa_tui.services.context import Context
from mfa_tui.services.operation import Operation, ignore_event
from mfa_tui.services.progress import Notice, Progress
from tests.support.clocks.frozen_clock import FrozenClock, Waits
from tests.support.homes.home import Home


class AuditBench:
    """An account with an auditor, whom no rule has anything against, and what an audit of it takes."""

    def __init__(self, home: Home, aws: StrictAws, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws = aws
        self.new_account()
        home.add_profile("dev", self.auditor)
        for name, value in home.env.items():
            monkeypatch.setenv(name, value)
        self.clock = FrozenClock(Clock().now())
        self.context = Context(home.env, warn=lambda _: None, clock=self.clock)
        self.scope = Waits(self.clock, aws)
        self.shown: list[Audit] = []

    def new_account(self) -> None:
        """Go on with another account, which has only the auditor and root's device."""
        self.id = f"{secrets.randbelow(10**12):012d}"
        self.account = self.aws.account(self.id)
        self.auditor = self.aws.add_user("auditor", account=self.id, policy=AUDITOR)
        for kind in ("virtual", "virtual"):
            self.account.add_device("auditor", kind)
        self.account.date_key("auditor", self.auditor.access_key_id, age=1, used=0)
        self.account.add_root_device()
        self.account.set_password_policy(15, 24)

    def caller(self) -> Caller:
        keys = AccessKeys(self.auditor.access_key_id, Secret(self.auditor.secret_access_key))
        return Caller("dev", keys, "eu-central-1", "aws")

    def examine(
        self,
        options: AuditOptions = AuditOptions(sign_ins=False),  # noqa: B008 - a constant
        report: Callable[[Progress | Notice], None] = ignore_event,
        *,
        kept: bool = False,
    ) -> Audit:
        """Audit the account, with a new credential report, or with the one that AWS has *kept*."""
        if not kept:
            self.account.state.report = None
        return examine(Operation(self.context, self.scope, report), self.caller(), options, self.shown.append)

    def found(self, **options: object) -> list[tuple[str, str]]:
        """Id and name of each finding, in alphabetical order."""
        return sorted((one.id, one.name) for one in self.examine(**options).findings)  # type: ignore[arg-type]

    def counts(self) -> Counter[str]:
        """How many requests there were of each action."""
        return Counter(request.action for request in self.aws.requests)
