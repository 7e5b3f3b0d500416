"""Signals to a process that runs one child: forwarded while the child runs, and never cutting a clean-up short."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Self

from mfa_tui.adapters.system.foreground import receives_key_signals
from mfa_tui.adapters.system.home_owner import AsOriginalUser
from mfa_tui.adapters.system.signal_pipe import signal_pipe

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
"""The signals that end a process unless it handles them."""
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, "SIGCONT")]
_FROM_KEYS = {signal.SIGINT, getattr(signal, "SIGQUIT", signal.SIGINT)}


class StoppedBySignal(Exception):
    """A signal asked this process to end before it had a child."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class SignalForwarder:
    """A context in which signals do not end the process before its clean-up.

    Signals are kept until :meth:`run`, which forwards them to its child. After that they are ignored, so that the
    clean-up is not cut short. Nothing is ever raised in the middle of other code.
    """

    def __init__(self) -> None:
        self._early: list[int] = []
        self._take: Callable[[int], object] = self._early.append
        self._before: dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            # A signal that is ignored stays ignored, for the child too: that is how nohup works.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, lambda taken, _frame: self._take(taken))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise StoppedBySignal if a signal came; to be called between the steps before :meth:`run`."""
        if self._early:
            raise StoppedBySignal(self._early[0])

    def run(self, start: Callable[[], subprocess.Popen[bytes]]) -> int:
        """Run the child that *start* starts. Returns its exit status, or 128 + n if signal n ended it."""
        self.check()
        try:
            child = start()
            self._take = lambda number: _forward(child, number)
            for number in self._early:
                _forward(child, number)
            status = _wait_for(child)
        finally:
            self._take = lambda _: None
        return status if status >= 0 else 128 - status


def _wait_for(child: subprocess.Popen[bytes]) -> int:
    """Wait for the child to end. Returns its exit status, or -n if signal n ended it.

    Ctrl+Z and fg reach both parent and child, which are both in the terminal's foreground group. An interactive shell
    has a group of its own: when it suspends itself we must do so too, or nothing could resume it.
    """
    if os.name != "posix":
        return child.wait()
    with _told_of_children() as pipe:
        while True:
            try:
                pid, status = os.waitpid(child.pid, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                # Where SIGCHLD is ignored the system keeps no status; Popen handles that.
                return child.wait()
            if not pid:
                os.read(pipe, 4096)
            elif not os.WIFSTOPPED(status):
                child.returncode = os.waitstatus_to_exitcode(status)
                return child.returncode
            else:
                group = os.getpgid(child.pid)
                if group != os.getpgrp():
                    os.killpg(os.getpgrp(), signal.SIGTSTP)
                    with contextlib.suppress(OSError):
                        os.killpg(group, signal.SIGCONT)


@contextlib.contextmanager
def _told_of_children() -> Iterator[int]:
    """A pipe that becomes readable with each signal, a child's change of state among them."""
    handler_before = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    try:
        with signal_pipe() as pipe:
            yield pipe
    finally:
        signal.signal(signal.SIGCHLD, handler_before or signal.SIG_DFL)


def _forward(child: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to the child, unless the terminal has sent it to both already (Ctrl+C).

    Python does not say who sent a signal. Where keys send none, because the interface reads them raw, it was a
    program.
    """
    if number in _FROM_KEYS and receives_key_signals():
        return
    with contextlib.suppress(OSError), AsOriginalUser():
        child.send_signal(number)
        if number in _ENDING:
            # A stopped child would not receive it.
            child.send_signal(signal.SIGCONT)
