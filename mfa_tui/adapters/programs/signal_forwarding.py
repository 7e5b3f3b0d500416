"""Signals of a parent that runs one child: passed on while it runs, an orderly end before and after."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Self

from mfa_tui.adapters.system.foreground import receives_key_signals
from mfa_tui.adapters.system.home_owner import AsOriginalUser

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from types import FrameType, TracebackType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
"""The signals that end a process unless it takes them as an order."""
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, "SIGCONT")]
_FROM_KEYS = {signal.SIGINT, getattr(signal, "SIGQUIT", signal.SIGINT)}


class StoppedBySignal(Exception):
    """A signal asked for the end before there was a child."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class SignalForwarder:
    """A context in which signals never end the process without its clean-up.

    They are noted until :meth:`run`, which passes them on to its child; after it they are ignored, so that the
    clean-up is not cut short. Nothing is ever raised in the middle of other code.
    """

    def __init__(self) -> None:
        self._early: list[int] = []
        self._take: Callable[[int], object] = self._early.append
        self._before: dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            # What is ignored stays ignored, for the child too: that is how nohup works.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, lambda taken, _frame: self._take(taken))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise Stopped if a signal came; to be called between the steps before :meth:`run`."""
        if self._early:
            raise StoppedBySignal(self._early[0])

    def run(self, start: Callable[[], subprocess.Popen[bytes]]) -> int:
        """The exit status of the child that ``start`` starts, 128 + n if signal n ended it."""
        self.check()
        try:
            child = start()
            self._take = lambda number: _pass_on(child, number)
            for number in self._early:
                _pass_on(child, number)
            status = _ended(child)
        finally:
            self._take = lambda _: None
        return status if status >= 0 else 128 - status


def _ended(child: subprocess.Popen[bytes]) -> int:
    """Wait for the end of the child; minus n if signal n ended it.

    Ctrl+Z and fg reach parent and child alike, both being in the terminal's foreground group. An interactive shell has
    a group of its own: when that suspends itself, so must we, or nobody could bring it back.
    """
    while os.name == "posix":
        try:
            _, status = os.waitpid(child.pid, os.WUNTRACED)
        except ChildProcessError:
            # Where SIGCHLD is ignored the system keeps no status; Popen knows.
            break
        if not os.WIFSTOPPED(status):
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode
        group = os.getpgid(child.pid)
        if group != os.getpgrp():
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGCONT)
    return child.wait()


def _pass_on(child: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to the child, unless the terminal has done so: its Ctrl+C goes to parent and child alike.

    Python does not tell who has sent it. Where the terminal sends none (the interface reads keys as they are), it was
    a program.
    """
    if number in _FROM_KEYS and receives_key_signals():
        return
    with contextlib.suppress(OSError), AsOriginalUser():
        child.send_signal(number)
        if number in _ENDING:
            # One that is stopped would not take it.
            child.send_signal(signal.SIGCONT)
