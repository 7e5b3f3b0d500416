"""The logout of one profile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.text.display import in_words
from mfa_tui.services.login import logout
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.flows.attempt import attempt
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
    own = [row.target] if session.state != State.NONE or row.process or not row.limited else []
    removed = [*own, *(target.name for target in row.limited)]
    until = format_time(session.expires_at or 0, app_state.now())
    confirmed = await host.ask(
        Confirm(
            f"Log out of {name}?",
            [
                f"Removes {in_words(removed)} and {'all' if row.limited else 'its'} cached sessions.",
                *([f"Copies keep working at AWS until {until}."] if is_valid else []),
            ],
            yes="Log out",
            no="Cancel",
        )
    )
    if not confirmed:
        return
    work = partial(logout.log_out, app_state.context, name)
    if await attempt(host, name, work, step=Progress("writing", "Removing the session"), reloads=True):
        host.notify_success(
            f"Logged out of {name}",
            f"{in_words(removed)} {'are as they were' if len(removed) > 1 else 'is as it was'} before login.",
        )
