"""Opening the console for one profile: as a role, or on the sign-in page of a user with the code beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.adapters.console.browser import find_browser, hand_over, open_page
from mfa_tui.adapters.console.one_time_address import OneTimeAddress
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.errors import BrowserProblem
from mfa_tui.models import Session
from mfa_tui.services.console.sign_in import (
    ConsoleRequest,
    find_codes,
    find_identity,
    find_user_page,
    make_link,
    plan_sign_in,
)
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.login_flow import UserLoginFlow
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.adapters.console.browser import Browser
    from mfa_tui.services.console.sign_in import ConsoleLink, SignInPlan, UserPage
    from mfa_tui.services.seeds.current_code import Code, CodeSource
    from mfa_tui.ui.flows.host_screen import HostScreen

_STEP = Progress("asking", "Signing in to the console")


class _Start(NamedTuple):
    """What is known before anything is asked or sent."""

    plan: SignInPlan
    browser: Browser | BrowserProblem
    """Or why there is none. A user can open the sign-in page in one elsewhere."""


class _UserSignIn(NamedTuple):
    """A user's sign-in page."""

    page: UserPage
    codes: CodeSource | str
    """The codes of the user's device; or how else the user signs in, in a sentence."""
    unopened: str
    """Why no browser here shows it, if none does."""


async def open_console(host: HostScreen, name: str) -> None:
    """Open the console for the profile *name*, after a login if a role needs one."""
    context = host.app_state.context
    # What is typed meanwhile is for the dialog, and no command of the list.
    host.expect_dialog()

    def start(_: CancelScope) -> _Start:
        plan = plan_sign_in(context, ConsoleRequest(name))
        try:
            return _Start(plan, find_browser(context.settings.browser, context.env, name))
        except BrowserProblem as problem:
            if plan.is_role:
                raise
            return _Start(plan, problem)

    started = await attempt(host, name, start, step=_STEP)
    if started is None:
        return
    session = None
    if started.plan.is_role:
        flow = UserLoginFlow(host, LoginRequest(profile=name), notifies=False)
        if not await flow.run() or flow.obtained is None:
            return
        session = flow.obtained.session
        # The browser may take its time, and nothing is asked any more.
        host.expect_no_dialog()
    opened = await attempt(host, name, partial(_open, host, started, session), step=_STEP)
    if isinstance(opened, _UserSignIn):
        await _show_user_sign_in(host, name, opened)
    elif opened is not None:
        until = f" until {format_time(opened.expires_at, host.app_state.now())}" if opened.expires_at else ""
        host.notify_success(f"Console opened for {name}", f"Signed in{until}. CloudTrail shows it without MFA.")


def _open(host: HostScreen, start: _Start, session: Session | None, scope: CancelScope) -> ConsoleLink | _UserSignIn:
    """Open the browser, in a thread: with the link of a role, or on the user's sign-in page."""
    plan, browser = start
    name = plan.resolved.profile.name
    operation = Operation(host.app_state.context, scope, partial(host.report, name))
    if session is None:
        found = find_identity(operation, plan)
        if found.identity.is_role and isinstance(found.caller.keys, Session):
            session = found.caller.keys
        else:
            page = find_user_page(operation, plan, found)
            if not isinstance(browser, BrowserProblem):
                open_page(browser, page.address, name)
            codes = find_codes(operation, plan) if page.user else "The root user signs in with its email address."
            return _UserSignIn(page, codes, browser.what if isinstance(browser, BrowserProblem) else "")
    if isinstance(browser, BrowserProblem):
        raise browser
    made = make_link(operation, plan, session)
    operation.progress("asking", "Opening the browser")
    with OneTimeAddress(made.link) as address:
        hand_over(browser, address, name, scope, operation.context.clock.monotonic)
    return made


async def _show_user_sign_in(host: HostScreen, name: str, opened: _UserSignIn) -> None:
    from mfa_tui.ui.console.sign_in_dialog import SignInDialog
    from mfa_tui.ui.runtime.clipboard import Clipboard

    scope, app_state = CancelScope(), host.app_state

    async def reserve(source: CodeSource) -> Code:
        code = await host.threads.run(lambda: source.reserve(scope, lambda _: None), commits=True)
        Clipboard(host.app).put(code.value, app_state.context.settings.clipboard_clear)
        return code

    codes = opened.codes if isinstance(opened.codes, str) else partial(reserve, opened.codes)
    await host.ask(SignInDialog(name, opened.page, codes, app_state.now, unopened=opened.unopened))
    scope.cancel()
    host.redraw()
