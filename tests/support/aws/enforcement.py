"""An account with an administrator, and a group that gets the policy which enforces MFA."""

import secrets

import pytest

from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import StrictAws, User
from mfa_tui.models import AccessKeys, Secret
from mfa_tui.services.account.enforce import Enforcement, EnforcementPlan
from mfa_tui.services.context import Context
from mfa_tui.services.operation import Operation
from tests.support.homes.home import Home

GROUP = "developers"


class Account:
    """An account of its own, with an administrator and a group."""

    def __init__(self, aws: StrictAws, home: Home) -> None:
        self.aws, self.home = aws, home
        self.id = f"{secrets.randbelow(10**12):012d}"
        self.boss = aws.add_user("boss", account=self.id, policy=ADMINISTRATOR)
        home.add_profile("boss", self.boss)
        self.setup = aws.account(self.id)

    def add(self, name: str, policy: dict[str, object] = ADMINISTRATOR) -> User:
        return self.aws.add_user(name, account=self.id, policy=policy)

    def group(self, *users: User) -> None:
        self.setup.add_group(GROUP, [user.name for user in users])

    def enforcement(self, user: User | None = None) -> Enforcement:
        user = user or self.boss
        keys = AccessKeys(user.access_key_id, Secret(user.secret_access_key))
        context = Context(self.home.env, warn=pytest.fail)
        return Enforcement(Operation(context, CancelScope()), Caller("boss", keys, "eu-central-1", "aws"))

    def apply(self, *, replace: bool = False) -> EnforcementPlan:
        enforcement = self.enforcement()
        plan = enforcement.plan(GROUP)
        enforcement.apply(plan, replace=replace)
        return plan
