"""Work that may fail, of which the journal tells."""

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
    notices: Callable[[T], Iterable[str]] = lambda _: (),
) -> T | None:
    """What *work* returns, which must not be None: that means that it was cancelled or has failed.

    It is shown under *name*: that it runs, with *step* until *work* tells of another, how it failed, or the
    *notices* of its result.
    """
    action_log = host.app_state.action_log
    control = action_log.begin(name)
    # Without a step it would be said that an answer is waited for.
    action_log.set_progress(name, step)
    host.redraw()
    done: T | None = None
    problem: MfaTuiError | None = None
    try:
        done = await host.threads.run(partial(work, control), commits=True)
    except Cancelled:
        pass
    except MfaTuiError as error:
        problem = error
    action_log.end(name, problem=problem, notices=tuple(notices(done)) if done is not None else ())
    host.redraw()
    return done
