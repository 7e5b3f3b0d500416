"""Work that may fail, of which the journal tells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mfa_tui.errors import Cancelled, MfaTuiError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from mfa_tui.adapters.system.cancellation import Control
    from mfa_tui.services.progress import Progress
    from mfa_tui.ui.flows.host import Host

    T = TypeVar("T")


async def attempt(
    host: Host,
    name: str,
    work: Callable[[Control], T],
    *,
    step: Progress,
    notices: Callable[[T], Iterable[str]] = lambda _: (),
) -> T | None:
    """What *work* returns, which must not be None: that means that it was cancelled or has failed.

    The journal tells of it under *name*: that it runs, with *step* until *work* tells of another, how it failed, or the
    *notices* of its result.
    """
    journal = host.desk.journal
    control = journal.begin(name)
    # Without a step it would be said that an answer is waited for.
    journal.step(name, step)
    host.changed()
    done: T | None = None
    problem: MfaTuiError | None = None
    try:
        done = await host.threads.run(partial(work, control), commits=True)
    except Cancelled:
        pass
    except MfaTuiError as error:
        problem = error
    journal.end(name, problem=problem, notices=tuple(notices(done)) if done is not None else ())
    host.changed()
    return done
