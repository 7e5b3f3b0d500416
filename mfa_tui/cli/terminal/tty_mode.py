"""Changes of the terminal's state that are always undone, however the program ends or stops."""

from __future__ import annotations

import contextlib
import signal
import threading

from mfa_tui.adapters.filesystem.system_calls import write_all
from mfa_tui.errors import NoTerminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Self

    Disposition = Callable[[int, FrameType | None], object] | int | signal.Handlers | None

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP", "SIGCONT")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_CONTINUED = getattr(signal, "SIGCONT", None)


class TerminalChange:
    """A context manager that calls *make* on entry and *undo* on exit.

    It also calls *undo* before a signal ends or stops the process. When the process continues, it calls *make* and then
    *again*. SIGKILL and SIGSTOP cannot be handled; after SIGSTOP the change is made again. *undo* is called only after
    *make*. Signals are handled in the main thread only.
    """

    def __init__(
        self, make: Callable[[], object], undo: Callable[[], object], again: Callable[[], object] = lambda: None
    ) -> None:
        self._make, self._undo, self._again = make, undo, again
        self._made = False
        self._before: dict[int, Disposition] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                before = signal.getsignal(number)
                # Signals that are ignored (nohup) stay ignored.
                if before not in (signal.SIG_IGN, None):
                    self._before[number] = before
                    signal.signal(number, self._on_signal)
        try:
            self._apply()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._revert()
        for number, before in self._before.items():
            signal.signal(number, before)

    def _apply(self) -> None:
        self._made = True
        self._make()

    def _revert(self) -> None:
        if self._made:
            self._made = False
            self._undo()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number != _CONTINUED:
            self._revert()
            self._follow(number, frame)
            if self._made:
                # SIGCONT has come meanwhile. To make the change once more would drop what has been typed since.
                return
        self._apply()
        if number == _CONTINUED:
            self._again()

    def _follow(self, number: int, frame: FrameType | None) -> None:
        """Do what the signal would have done without us."""
        before = self._before[number]
        if callable(before):
            before(number, frame)
            return
        signal.signal(number, before)
        signal.raise_signal(number)
        # The process was stopped, and continues here.
        signal.signal(number, self._on_signal)


def without_echo(terminal: int, again: Callable[[], object]) -> TerminalChange:
    """Hide what is typed on *terminal*, a file descriptor. Anything typed before is discarded.

    Entering the context raises NoTerminal if the terminal refuses.
    """
    import termios

    from mfa_tui.adapters.system.foreground import in_foreground

    before = termios.tcgetattr(terminal)
    hidden = termios.tcgetattr(terminal)
    hidden[3] &= ~termios.ECHO

    def hide() -> None:
        while True:
            try:
                # In the background this stops us until we are in the foreground again.
                termios.tcsetattr(terminal, termios.TCSAFLUSH, hidden)
            except termios.error as error:
                if error.args[0] == _interrupted():
                    continue
                raise NoTerminal(
                    "no-terminal",
                    "This terminal cannot hide what you type, so mfa-tui does not ask for secrets here.",
                    f"It refused: {error.args[-1]}.",
                    "Use another terminal, or pass the input on standard input.",
                ) from None
            return

    def show() -> None:
        # In the background the terminal belongs to another process, which has set it as it needs.
        if in_foreground():
            with contextlib.suppress(termios.error):
                termios.tcsetattr(terminal, termios.TCSAFLUSH, before)

    return TerminalChange(hide, show, again)


def alternate_screen(terminal: int, text: bytes) -> TerminalChange:
    """Show *text* on the alternate screen (xterm and compatible terminals), which has no scrollback."""

    def show() -> None:
        _write(terminal, b"\033[?1049h\033[H\033[2J" + text)

    def remove() -> None:
        _write(terminal, b"\033[2J\033[?1049l")

    return TerminalChange(show, remove)


def _write(terminal: int, text: bytes) -> None:
    with contextlib.suppress(OSError):
        write_all(terminal, text)


def _interrupted() -> int:
    import errno

    return errno.EINTR
