"""What the flows for a user's devices share: a session where IAM needs one, and actions that the action log shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.login_flow import UserLoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.ui.flows.host_screen import HostScreen

SESSION_WANTED = "AWS requires an MFA session to change a user's devices: log in with one of them."


async def ensure_session(host: HostScreen, user: IamUser, why: str = SESSION_WANTED) -> bool:
    """Log in if changing the user's devices needs a session and there is none; returns whether it can go on.

    *why* says in the code dialog what it is for. If not, the action log says why.
    """

    def check(scope: CancelScope) -> bool:
        user.operation = Operation(user.context, scope, partial(host.report, user.name))
        return user.needs_session()

    wanted = await attempt(host, user.name, check, step=Progress("keyring", "Looking for an MFA session"))
    if not wanted:
        return wanted is not None
    flow = UserLoginFlow(host, user.session_request(), notifies=False, why=why)
    if await flow.run() and flow.done is not None:
        user.use_session(flow.done.session)
    return flow.done is not None


async def run_for_user(host: HostScreen, user: IamUser, work: Callable[[], object]) -> bool:
    """Run *work* for the user in a thread; returns whether it succeeded.

    The action log shows it under the profile with the user's access keys.
    """

    def run(scope: CancelScope) -> bool:
        user.operation = Operation(user.context, scope, partial(host.report, user.name))
        work()
        return True

    step = Progress("asking", "Asking AWS")
    succeeded = await attempt(host, user.name, run, step=step)
    return bool(succeeded)
