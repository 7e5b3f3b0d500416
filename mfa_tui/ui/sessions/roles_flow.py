"""The login to a user and to all roles assumed from it, with one code and one write of the files.

The user's session comes first. Those of the roles, which need no code, are got several at a time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import Cancelled, MfaTuiError, ProfileProblem
from mfa_tui.services.login.login_many import ManyLogins
from mfa_tui.services.login.parallel_sessions import get_sessions
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest, ObtainedSession
from mfa_tui.ui.sessions.login_flow import LoginFlow, UserLoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.services.login.login_many import PlannedLogin
    from mfa_tui.ui.flows.host_screen import HostScreen

_QUEUED = Progress("asking", "Asking AWS for a session")


async def log_in_to_roles(host: HostScreen, base: str, why_not: Callable[[str], str]) -> None:
    """Log in to *base* and to every role assumed from it, except where *why_not* gives a reason against a profile."""
    app_state, run = host.app_state, host.threads.run
    # What is typed meanwhile is for the dialog that asks for the code.
    host.expect_dialog()
    try:
        logins = await run(partial(ManyLogins, app_state.context, [base], LoginRequest()))
        plan = logins.plan()
        while (first := await run(partial(next, plan, None))) and why_not(first.request.profile or ""):
            pass
        # Without a session of the user, every role would ask again.
        if first is None or not await _log_in(host, logins, first):
            return
        host.expect_no_dialog()
        rest = [planned for planned in await run(lambda: list(plan)) if not why_not(planned.request.profile or "")]
        for planned in await _get_sessions(host, logins, rest, base):
            await _log_in(host, logins, logins.with_known_serial(planned))
        logged_in = await _write(host, logins, base)
    except Cancelled:
        app_state.action_log.cancel(base)
        host.redraw()
        return
    except MfaTuiError as problem:
        app_state.action_log.end(base, problem=problem)
        host.redraw()
        return
    tried = {planned.request.profile or "" for planned in (first, *rest)}
    for name, why in logins.problems.items():
        if isinstance(why, ProfileProblem):
            continue
        tried.add(name)
        if why.slug == "target-foreign":
            # This login can ask whether to replace it.
            logged_in += await LoginFlow(host, LoginRequest(profile=name), notifies=False).run()
        else:
            app_state.action_log.end(name, problem=why)
    host.redraw()
    host.notify_success(f"Logged in to {base} and its roles", f"{logged_in} of {len(tried)} have a session.")


async def _log_in(host: HostScreen, logins: ManyLogins, planned: PlannedLogin) -> bool:
    """Get one session, and ask for what is missing for it; returns whether there is one."""
    flow = UserLoginFlow(host, planned.request, notifies=False, reloads=False, continuation=planned.continuation)
    if not await flow.run() or flow.obtained is None:
        return False
    logins.add(planned, flow.obtained)
    return True


async def _get_sessions(
    host: HostScreen, logins: ManyLogins, plan: list[PlannedLogin], base: str
) -> list[PlannedLogin]:
    """Get the sessions of *plan*, several at a time, without asking; returns those for which something is missing.

    Whoever cancels one cancels all that have no session yet.
    """
    log, scope, missing = host.app_state.action_log, CancelScope(), []
    before = log.entry(base).notices
    log.begin(base, scope)
    for planned in plan:
        log.begin(planned.request.profile or "", scope)
        log.set_progress(planned.request.profile or "", _QUEUED)
    outcomes = get_sessions(host.app_state.context, plan, scope, host.report)
    try:
        for number in range(len(plan)):
            log.set_progress(base, Progress("asking", f"Getting sessions from AWS: {number} of {len(plan)}"))
            host.progressed()
            login, outcome = await host.threads.run(partial(next, outcomes), commits=True)
            name = login.planned.request.profile or ""
            if isinstance(outcome, Cancelled):
                log.cancel(name)
            elif isinstance(outcome, MfaTuiError):
                log.end(name, problem=outcome)
            else:
                log.end(name)
                if isinstance(outcome, ObtainedSession):
                    logins.add(login.planned, outcome)
                else:
                    missing.append(login.planned)
        if scope.cancelled():
            missing.clear()
    finally:
        scope.cancel()
    log.end(base, notices=before)
    return missing


async def _write(host: HostScreen, logins: ManyLogins, base: str) -> int:
    """Write all sessions, and reload; returns how many were written. Raises FileProblem, WriteProblem, Cancelled."""
    action_log = host.app_state.action_log
    before = action_log.entry(base).notices
    scope = action_log.begin(base)
    operation = Operation(host.app_state.context, scope, partial(host.report, base))
    written = await host.threads.run(partial(logins.write, operation), commits=True)
    await host.reload()
    action_log.end(base, notices=before)
    for done in written:
        notices = (*action_log.entry(done.profile).notices, *done.notices)
        action_log.end(done.profile, notices=notices, unsaved_serial=done.unsaved_serial)
    return len(written)
