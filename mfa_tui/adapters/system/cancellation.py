"""Cancellation and time limits, and the one place where blocking work runs."""

from __future__ import annotations

from mfa_tui.errors import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

_TICK = 0.25
"""Seconds between two checks of the cancel flag while a call blocks."""


class TimedOut(Exception):
    """The work did not finish within its time limit; a late result is dropped."""


class CancelScope:
    """Says whether an operation is to go on. One for each operation; any thread may call :meth:`cancel`."""

    def __init__(self) -> None:
        import threading

        self._cancelled = threading.Event()
        self._interrupted = False

    def cancel(self) -> None:
        """Ask the operation to stop at once; it raises Cancelled."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Whether the operation was asked to stop."""
        return self._interrupted or self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled if the operation was asked to stop."""
        if self.cancelled():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Wait; raise Cancelled as soon as the operation is asked to stop."""
        if self._cancelled.wait(max(0.0, seconds)):
            raise Cancelled

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Return the result of *work*, which may block. It runs in a daemon thread, so that exit does not wait for it.

        Raises what *work* raises, TimedOut after *seconds*, and Cancelled. Ctrl+C ends the wait too.
        """
        self.check()
        thread, done, outcome = _job(work, daemon=True)
        thread.start()
        left = seconds
        while not done.wait(min(_TICK, max(left, 0.0))):
            self.check()
            left -= _TICK
            if left <= 0:
                raise TimedOut
        return outcome()

    def run_uninterrupted(self, work: Callable[[], T]) -> T:
        """Return the result of *work*, which nothing interrupts halfway: Ctrl+C and exit wait for it.

        Ctrl+C counts as :meth:`cancel` meanwhile, so that *work* can still stop before it changes anything.
        Raises what *work* raises, and KeyboardInterrupt once it is done.
        """
        import threading

        self.check()
        if threading.current_thread() is threading.main_thread():
            return self._without_ctrl_c(work)
        # Exit waits for threads that are not daemons.
        thread, done, outcome = _job(work, daemon=False)
        thread.start()
        done.wait()
        return outcome()

    def _without_ctrl_c(self, work: Callable[[], T]) -> T:
        from mfa_tui.adapters.system import process

        if not process.ctrl_c_raises():
            return work()
        import signal

        before = signal.getsignal(signal.SIGINT)

        def note(*_: object) -> None:
            self._interrupted = True

        signal.signal(signal.SIGINT, note)
        try:
            result = work()
        finally:
            signal.signal(signal.SIGINT, before)
            if self._interrupted:
                process.interrupt_as(before)
        return result


def _job(work: Callable[[], T], *, daemon: bool) -> tuple[threading.Thread, threading.Event, Callable[[], T]]:
    """A thread for *work*, not started yet; once the event is set, the callable returns or raises what *work* did."""
    import threading

    result: list[T] = []
    failure: list[BaseException] = []
    done = threading.Event()

    def body() -> None:
        try:
            result.append(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
            failure.append(error)
        finally:
            done.set()

    def outcome() -> T:
        if failure:
            raise failure[0]
        return result[0]

    return threading.Thread(target=body, name="mfa-tui-work", daemon=daemon), done, outcome
