"""The login to a user and to all roles assumed from it, with one code and one write of the files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, MfaTuiError, ProfileProblem
from mfa_tui.services.login.login_many import ManyLogins
from mfa_tui.services.operation import Operation
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.sessions.login_flow import LoginFlow, UserLoginFlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.ui.flows.host_screen import HostScreen


async def log_in_to_roles(host: HostScreen, base: str, why_not: Callable[[str], str]) -> None:
    """Log in to *base* and to every role assumed from it, except where *why_not* gives a reason against a profile."""
    app_state, run = host.app_state, host.threads.run
    # What is typed meanwhile is for the dialog that asks for the code.
    host.expect_dialog()
    try:
        logins = await run(partial(ManyLogins, app_state.context, [base], LoginRequest()))
        tried: set[str] = set()
        logged_in = 0
        plan = logins.plan()
        while planned := await run(partial(next, plan, None)):
            request = planned.request
            tried.add(request.profile or "")
            if why_not(request.profile or ""):
                continue
            flow = UserLoginFlow(host, request, notifies=False, reloads=False, continuation=planned.continuation)
            if await flow.run() and flow.obtained:
                logged_in += 1
                logins.add(planned, flow.obtained)
            if not logged_in:
                # Cancelled, or the user has no session: every role would ask again.
                return
        logged_in = await _write(host, logins, base)
    except Cancelled:
        app_state.action_log.cancel(base)
        host.redraw()
        return
    except MfaTuiError as problem:
        app_state.action_log.end(base, problem=problem)
        host.redraw()
        return
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
