"""Keeping a session alive: its renewal, which nobody has asked for now, so nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.state import keep_alive
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from mfa_tui.ui.flows.host_screen import HostScreen


async def renew_unattended(host: HostScreen, name: str) -> tuple[str, str] | None:
    """Renew the session of a profile; returns a warning, with its title, if that fails while it is valid, once."""
    from mfa_tui.services.sessions.outcomes import LoginRequest
    from mfa_tui.ui.sessions.login_flow import LoginFlow

    app_state = host.app_state
    # Not forced: another process may have renewed it meanwhile.
    renewed = await LoginFlow(host, LoginRequest(profile=name), asks=False).run()
    app_state.keep_alive.end_renewal(name, renewed=renewed)
    row = app_state.row(name)
    expiring = row is not None and row.session.at(app_state.now()) == State.ENDING
    if row is not None and not renewed and expiring and app_state.keep_alive.mark_warned(row):
        return keep_alive.renewal_failed_warning(row, app_state.now())
    return None


def toggle_keep_alive(host: HostScreen, name: str) -> None:
    """Keep the session of a profile alive, or let it expire, and say which."""
    state = host.app_state
    if state.keep_alive.toggle(name):
        host.notify_success(f"Keep-alive is on for {name}", "Its session is renewed while mfa-tui is open.")
        return
    row, now = state.row(name), state.now()
    expires = row.session.expires_at if row is not None else None
    text = f"The session expires at {format_time(expires, now)}." if expires is not None and expires > now else ""
    host.notify_success(f"Keep-alive is off for {name}", text)
