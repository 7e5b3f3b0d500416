"""One action of a flow: work in a thread, whose progress and result the action log shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.progress import Progress
    from mfa_tui.ui.flows.host_screen import HostScreen

    T = TypeVar("T")


async def attempt(
    host: HostScreen,
    name: str,
    work: Callable[[CancelScope], T],
    *,
    step: Progress,
    reloads: bool = False,
    notices: Callable[[T], Iterable[str]] = lambda _: (),
) -> T | None:
    """Run *work* in a thread; returns its result, or None if it failed or was cancelled.

    The action log shows it under *name*: the *step* until *work* reports another, then why it failed, or the *notices*
    of its result. With *reloads* the files are read again before the action ends.
    """
    action_log = host.app_state.action_log
    scope = action_log.begin(name)
    # Without a step it would seem to wait for an answer.
    action_log.set_progress(name, step)
    host.redraw()
    done: T | None = None
    problem: MfaTuiError | None = None
    try:
        done = await host.threads.run(partial(work, scope), commits=True)
    except MfaTuiError as error:
        problem = error
    if reloads:
        await host.reload()
    if isinstance(problem, Cancelled):
        action_log.cancel(name)
    else:
        action_log.end(name, problem=problem, notices=tuple(notices(done)) if done is not None else ())
    host.redraw()
    return done
