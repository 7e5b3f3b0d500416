"""The logout of one profile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import MfaTuiError
from mfa_tui.services.login import logout
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.ui.flows.host_screen import HostScreen


async def log_out(host: HostScreen, name: str) -> None:
    """Remove the session of *name*, if the user confirms it."""
    from mfa_tui.ui.dialogs.confirm import Confirm

    app_state = host.app_state
    row = app_state.row(name)
    if row is None:
        return
    session = row.session
    is_valid = session.expires_at is not None and session.at(app_state.now()) not in (State.ENDED, State.NONE)
    until = format_time(session.expires_at or 0, app_state.now())
    agreed = await host.ask(
        Confirm(
            f"Log out {name}?",
            [
                f"Removes {row.target} and its cached sessions.",
                *([f"Copies keep working at AWS until {until}."] if is_valid else []),
            ],
            yes="Log out",
            no="Cancel",
        )
    )
    if not agreed:
        return
    control = app_state.action_log.begin(name)
    app_state.action_log.set_progress(name, Progress("writing", "Removing the session"))
    host.redraw()
    problem: MfaTuiError | None = None
    try:
        await host.threads.run(partial(logout.log_out, app_state.context, name, control), commits=True)
    except MfaTuiError as error:
        problem = error
    await host.reload()
    app_state.action_log.end(name, problem=problem)
    if problem is None:
        host.notify_success(f"Logged out {name}", f"{row.target} is as it was before login.")
    host.redraw()
