"""One action of the user, as the use cases see it: the adapters, what cancels it, and who gets its progress."""

from __future__ import annotations

from mfa_tui.services.progress import Notice, Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.services.context import Context


def ignore_event(_: Progress | Notice) -> None:
    """Report nothing."""


class Operation:
    """An action of the user: a login, a change of a device. Make a new one for each action."""

    __slots__ = ("_notified", "_report", "cancel", "context")

    def __init__(
        self, context: Context, cancel: CancelScope, report: Callable[[Progress | Notice], None] = ignore_event
    ) -> None:
        """*report* gets each step as it begins, and each notice once. It may be called from any thread."""
        self.context = context
        self.cancel = cancel
        self._report = report
        self._notified: set[str] = set()

    def progress(self, phase: str, text: str, until: float | None = None) -> None:
        """Report the step that begins now; see :class:`Progress` for the parameters."""
        self._report(Progress(phase, text, until))

    def wait(self, text: str, seconds: float) -> None:
        """Report that it waits for so many *seconds*."""
        self.progress("waiting", text, self.context.clock.monotonic() + seconds)

    def notify(self, text: str) -> None:
        """Report a one-line remark for the user, unless it was reported already."""
        if text not in self._notified:
            self._notified.add(text)
            self._report(Notice(text))
