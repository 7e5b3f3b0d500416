"""Lends the terminal to a program that the user wants to run, while the interface goes on in the background.

Sessions are kept alive meanwhile, and files are watched; nothing is drawn. ``App.suspend`` is not used: it would send
what services print to the program's screen.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mfa_tui.adapters.programs.terminal_job import TerminalJob
from mfa_tui.core.text.display import in_one_line
from mfa_tui.ui.runtime.signals import stop_as_shell_expects
from mfa_tui.ui.text.spans import plain_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mfa_tui.ui.runtime.drivers import LendingDriver
    from mfa_tui.ui.runtime.threads import Threads

_INPUT, _SCREEN = 0, 2
_LEAVING = frozenset(b"\r\n q\x03\x04")
"""Enter, and besides Space, q, Ctrl+C and Ctrl+D."""


class Program(NamedTuple):
    """A program that gets the terminal."""

    command: Sequence[str]
    """The program and its arguments."""
    environment: Mapping[str, str]
    """Its environment, with secrets in the clear."""
    first: Sequence[str]
    """The lines that are shown before it runs."""
    last: Callable[[int], str] | None = None
    """The line that is shown after it, by its exit status, until Enter is pressed; None: the interface comes back."""

    def __repr__(self) -> str:
        return f"Program({self.command[0]})"


class LentTerminal:
    """The terminal of the interface, which one program at a time can have."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._job: TerminalJob | None = None

    async def lend(self, driver: LendingDriver, program: Program) -> int:
        """Run *program* on the terminal, and take the terminal again; returns the program's exit status.

        Raises CommandNotFound, CommandNotExecutable.
        """
        driver.lend_terminal()
        try:
            _show(*program.first)
            job = self._job = TerminalJob(program.command, program.environment)
            while (status := await self._threads.run(job.wait)) is None:
                job.take_terminal()
                stop_as_shell_expects()
                job.resume()
            job.take_terminal()
            self._job = None
            _drop_typed()
            if program.last is not None:
                _show(program.last(status))
                await self._threads.run(_wait_for_enter)
        except Exception:
            driver.take_terminal()
            raise
        # Not if this was cancelled: the interface ends then.
        driver.take_terminal()
        return status

    def pass_on(self, name: str) -> None:
        """Send the program the signal *name*, which was typed for it and came here before it was in the foreground."""
        if self._job is not None:
            self._job.send(name)

    def hang_up(self) -> None:
        """Ask the program that has the terminal, if any, to end, as the interface ends. Any thread may call it."""
        if self._job is not None:
            self._job.hang_up()


class HasTerminal(Protocol):
    """The program, as far as flows need its terminal."""

    def can_lend_terminal(self) -> bool:
        """Whether the terminal can be lent to another program."""

    async def lend_terminal(self, program: Program) -> int:
        """Run *program* on the terminal; see :meth:`LentTerminal.lend`."""

    def repaint(self) -> None:
        """Draw the whole terminal again."""


def _show(*lines: str) -> None:
    """Write lines, starting at the left edge; one too long for the terminal is broken between words."""
    try:
        width = os.get_terminal_size(_SCREEN).columns
    except OSError:
        width = 80
    broken = "\n".join(plain_text(part) for line in lines for part in wrapped(in_one_line(line), width))
    text = f"\r{broken}\n".encode(errors="replace")
    while text:
        text = text[os.write(_SCREEN, text) :]


def _drop_typed() -> None:
    """Drop what was typed for the program that has ended."""
    if sys.platform != "win32":
        import termios

        with contextlib.suppress(termios.error):
            termios.tcflush(_INPUT, termios.TCIFLUSH)


def _wait_for_enter() -> None:
    """Wait for Enter. What is typed is not shown. Blocks; call it in a thread."""
    if sys.platform == "win32":
        sys.stdin.readline()
        return
    import termios

    try:
        before = termios.tcgetattr(_INPUT)
        raw = [*before]
        raw[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(_INPUT, termios.TCSANOW, raw)
        try:
            while not _ends_the_wait(os.read(_INPUT, 1024)):
                pass
        finally:
            termios.tcsetattr(_INPUT, termios.TCSANOW, before)
    except (OSError, termios.error):
        # The terminal is gone, which is noticed elsewhere.
        return


def _ends_the_wait(typed: bytes) -> bool:
    """Whether this is Enter, or another key by which people leave; not an arrow, which begins with Escape."""
    return typed in (b"", b"\x1b") or not _LEAVING.isdisjoint(typed)
