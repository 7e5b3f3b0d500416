"""The sessions of many logins, several at a time: those of a user's roles, which need no code of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.core.aws.error_kinds import AwsErrorKind
from mfa_tui.errors import AwsRefused, MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice
from mfa_tui.services.sessions.obtain import get_session

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from mfa_tui.adapters.system.clock import Clock
    from mfa_tui.services.context import Context
    from mfa_tui.services.login.login_many import PlannedLogin
    from mfa_tui.services.progress import Progress
    from mfa_tui.services.sessions.outcomes import Need, ObtainedSession

    Outcome = ObtainedSession | Need | MfaTuiError
    Report = Callable[[str, Progress | Notice], None]
    """Gets the name of a profile and an event of its login."""

AT_ONCE = 8
"""Requests at a time: they wait for AWS most of the time."""
_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds in which nothing is sent after AWS has throttled a request for the first time, for the second …"""


def ignore_report(_: str, event: Progress | Notice) -> None:
    """Report nothing."""


class ParallelLogin:
    """One of the logins."""

    def __init__(self, context: Context, planned: PlannedLogin, cancel: CancelScope, report: Report) -> None:
        self.planned = planned
        """What is wanted."""
        self.notices: list[str] = []
        """The notices about it so far."""
        self._report = report
        self._operation = Operation(context, cancel, self._take)

    def _take(self, event: Progress | Notice) -> None:
        if isinstance(event, Notice):
            self.notices.append(event.text)
        self._report(self.planned.request.profile or "", event)

    def run(self, throttle: Throttle) -> Outcome:
        """Get the session. What is missing for it, or wrong, is a result, too."""
        try:
            return throttle.run(
                self._operation.cancel,
                lambda: get_session(self._operation, self.planned.request, self.planned.continuation),
            )
        except MfaTuiError as error:
            return error


class Throttle:
    """Has all logins wait once AWS has said to one of them that there are too many requests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._not_before = 0.0

    def run(self, cancel: CancelScope, get: Callable[[], ObtainedSession | Need]) -> ObtainedSession | Need:
        """Return the result of *get*, called again after a pause each time that AWS throttles it.

        Raises what *get* raises, and Cancelled.
        """
        for pause in _PAUSES:
            cancel.sleep(self._not_before - self._clock.monotonic())
            try:
                return get()
            except AwsRefused as error:
                if error.slug != AwsErrorKind.THROTTLED:
                    raise
                self._not_before = max(self._not_before, self._clock.monotonic() + pause)
        cancel.sleep(self._not_before - self._clock.monotonic())
        return get()


def get_sessions(
    context: Context, plan: Sequence[PlannedLogin], cancel: CancelScope | None = None, report: Report = ignore_report
) -> Generator[tuple[ParallelLogin, Outcome]]:
    """Get the sessions of a *plan*, and yield each login with its outcome, in the order of the plan.

    If the iterator is closed early, or *cancel* says so, no further request is sent. A session that is still made then
    is cached. *report* gets the events of each login, from any thread.
    """
    cancel = cancel or CancelScope()
    logins = [ParallelLogin(context, planned, cancel, report) for planned in plan]
    throttle = Throttle(context.clock)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mfa-tui-login") as pool:
        outcomes = [pool.submit(login.run, throttle) for login in logins]
        try:
            for login, outcome in zip(logins, outcomes, strict=True):
                yield login, outcome.result()
        finally:
            for outcome in outcomes:
                outcome.cancel()
            cancel.cancel()
