"""What flows about a user's devices share: a session where IAM wants one, and work that the journal tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, MfaTuiError
from mfa_tui.ui.flows.login import UserLoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.services.iamuser import IamUser
    from mfa_tui.ui.flows import Host

SESSION_WANTED = "AWS changes a user's devices only for a session with MFA: log in with one that is there."


async def with_session(host: Host, user: IamUser) -> bool:
    """Whether there is a session that may change the user's devices, or none is needed; it is logged in to if need be.

    If not, the journal says why.
    """
    wanted: list[bool] = []
    if not await done(host, user, lambda: wanted.append(user.wants_session)):
        return False
    if not wanted[0]:
        return True
    return await UserLoginFlow(host, user.session_request(), tells=False, why=SESSION_WANTED).run()


async def done(host: Host, user: IamUser, work: Callable[[], object]) -> bool:
    """Run *work* for the user; whether it succeeded. The journal tells of it under the profile with the user's keys."""
    journal = host.desk.journal
    user.control = journal.begin(user.name)
    host.changed()
    problem: MfaTuiError | None = None
    cancelled = False
    try:
        await host.threads.run(work, commits=True)
    except Cancelled:
        cancelled = True
    except MfaTuiError as error:
        problem = error
    journal.end(user.name, problem=problem, notices=tuple(user.notices))
    user.notices.clear()
    host.changed()
    return problem is None and not cancelled
