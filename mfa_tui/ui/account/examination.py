"""The audit behind the account screen: a session for it, and its states as they come."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from mfa_tui.core.account.updates import with_users
from mfa_tui.errors import ProfileProblem
from mfa_tui.services.account.examination import AuditOptions
from mfa_tui.services.account.examine import account_caller, caller_without_login, examine
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.account.rows import audit_view
from mfa_tui.ui.account.user_flows import Administrator
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.login_flow import UserLoginFlow

if TYPE_CHECKING:
    from mfa_tui.adapters.aws.caller import Caller
    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.account.account import User
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.core.account.rules import Thresholds
    from mfa_tui.ui.account.rows import AuditView
    from mfa_tui.ui.flows.host_screen import HostScreen

_WHY = "The account is examined with a session of this profile."


class Examined(Message):
    """The audit has a new state."""

    def __init__(self, view: AuditView) -> None:
        super().__init__()
        self.view = view
        """The audit with its rows."""


class Examiner:
    """Examines the account of *profile*, and keeps what was changed since."""

    def __init__(self, host: HostScreen, profile: str, thresholds: Thresholds) -> None:
        self._host = host
        self._profile = profile
        self._thresholds = thresholds
        self.log_name = f"]{profile}"
        """The name of the audit in the action log; no profile has one with that character."""
        self.administrator: Administrator | None = None
        """Who asks, and may act for the users; None before there is a session."""
        self.changed: dict[str, User] = {}
        """Users that were changed since the audit began, by their ARNs."""

    async def examine(self) -> None:
        """Get a session and examine the account. The screen gets each state as a message."""
        caller = await self._get_caller()
        if caller is None:
            return
        self.changed.clear()
        step = Progress("asking", "Examining the account")
        await attempt(self._host, self.log_name, partial(self._work, caller), step=step)

    def _work(self, caller: Caller, scope: CancelScope) -> Audit:
        operation = Operation(self._host.app_state.context, scope, partial(self._host.report, self.log_name))
        return examine(operation, caller, AuditOptions(self._thresholds), self._show)

    def _show(self, audit: Audit) -> None:
        """Prepare the rows here, in the thread of the audit: the interface only draws them."""
        self._host.post_message(Examined(self.view_of(audit)))

    def view_of(self, audit: Audit) -> AuditView:
        """The view of an audit, with what was changed since."""
        return audit_view(with_users(audit, dict(self.changed), self._thresholds), self._thresholds)

    async def _get_caller(self) -> Caller | None:
        """Who asks AWS: a session of the profile, else its own credentials; None if there are none."""
        flow = UserLoginFlow(self._host, LoginRequest(profile=self._profile), notifies=False, reloads=False, why=_WHY)
        if await flow.run() and flow.obtained is not None:
            self.administrator = Administrator(self._profile, flow.obtained.session)
            return account_caller(flow.obtained)
        problem = flow.problem
        if not isinstance(problem, ProfileProblem):
            return None

        def find(scope: CancelScope) -> Caller:
            operation = Operation(self._host.app_state.context, scope, partial(self._host.report, self._profile))
            return caller_without_login(operation, self._profile, problem)

        told = f"{problem.what} Its credentials are used as they are."
        caller = await attempt(
            self._host,
            self._profile,
            find,
            step=Progress("keyring", "Looking for credentials"),
            notices=lambda _: (told,),
        )
        if caller is not None:
            self.administrator = Administrator(self._profile, None)
        return caller
