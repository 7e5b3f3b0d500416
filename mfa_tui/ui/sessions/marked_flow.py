"""What is done with several profiles at a time: those that are marked in the list, one after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.core.text.display import in_words
from mfa_tui.services.login import logout
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.sessions.login_flow import LoginFlow
from mfa_tui.ui.sessions.logout_flow import log_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mfa_tui.ui.flows.host_screen import HostScreen


def work_on_marked(host: HostScreen, command_id: str) -> Callable[[Sequence[str]], object] | None:
    """What does a command for several profiles; None if it is for one only."""
    return {
        "login": lambda names: host.run_worker(log_in_to_marked(host, names, renew=False)),
        "renew": lambda names: host.run_worker(log_in_to_marked(host, names, renew=True)),
        "logout": lambda names: host.run_worker(log_out_of_marked(host, names)),
        "keep": lambda names: keep_marked_alive(host, names),
    }.get(command_id)


async def log_in_to_marked(host: HostScreen, names: Sequence[str], *, renew: bool) -> None:
    """Log in to each; a failure is shown at its profile, and a dialog that is cancelled ends it."""
    done = 0
    for name in names:
        flow = LoginFlow(host, LoginRequest(profile=name, renew=renew), notifies=False)
        if await flow.run():
            done += 1
        elif flow.problem is None:
            break
    if done:
        host.notify_success("Logged in", f"{done} of {len(names)} marked profiles have a session.")


async def log_out_of_marked(host: HostScreen, names: Sequence[str]) -> None:
    """Remove the sessions of all, which have one, if the user confirms it once."""
    from mfa_tui.ui.dialogs.confirm import Confirm

    if len(names) == 1:
        await log_out(host, names[0])
        return
    question = Confirm(
        f"Log out of {len(names)} profiles?",
        [f"Removes the sessions of {in_words(names)}.", "Copies keep working at AWS until they expire."],
        yes="Log out",
        no="Cancel",
    )
    if not await host.ask(question):
        return
    context, done = host.app_state.context, 0
    for name in names:
        work = partial(logout.log_out, context, name)
        done += bool(await attempt(host, name, work, step=Progress("writing", "Removing the session"), reloads=True))
    host.notify_success("Logged out", f"The sessions of {done} of {len(names)} marked profiles are removed.")


def keep_marked_alive(host: HostScreen, names: Sequence[str]) -> None:
    """Keep the sessions of all alive, or, if all are kept alive already, of none."""
    keep_alive = host.app_state.keep_alive
    kept = all(name in keep_alive.kept for name in names)
    for name in names:
        if (name in keep_alive.kept) == kept:
            keep_alive.toggle(name)
    host.notify_success(f"Keep-alive is {'off' if kept else 'on'}", f"For {in_words(names)}.")
