"""A program that has our terminal until it ends, as a job of its own, as a shell runs one.

Ctrl+C and Ctrl+Z then reach the program, and not this process, which is in the background.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from mfa_tui.adapters.programs.launch import start_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence

_INPUT, _OUTPUT, _SCREEN = 0, 1, 2


class TerminalJob:
    """A program in the foreground of the terminal that is our standard input."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start *command*, and give it the terminal. Raises CommandNotFound, CommandNotExecutable."""
        self._modes = _modes()
        # The interface draws on standard error; its standard output may be a file.
        output = None if os.isatty(_OUTPUT) else _SCREEN
        self._child: subprocess.Popen[bytes] = start_command(command, environment, as_job=True, output=output)
        self._give_terminal(self._child.pid)

    def wait(self) -> int | None:
        """Wait until it has ended; returns its exit status, 128 + n if signal n ended it. Blocks; call it in a thread.

        None: it has stopped, as by Ctrl+Z. Stop this process, too, and then call :meth:`resume`.
        """
        if sys.platform == "win32":
            return self._child.wait()
        while True:
            try:
                _, status = os.waitpid(self._child.pid, os.WUNTRACED)
            except ChildProcessError:
                # Where SIGCHLD is ignored the system keeps no status; Popen handles that.
                return self._child.wait()
            if not os.WIFSTOPPED(status):
                ended = self._child.returncode = os.waitstatus_to_exitcode(status)
                return ended if ended >= 0 else 128 - ended
            if os.WSTOPSIG(status) not in (signal.SIGTTIN, signal.SIGTTOU):
                return None
            # It has used the terminal before it was given to it.
            self.resume()

    def resume(self) -> None:
        """Give it the terminal again, after it has stopped."""
        self._give_terminal(self._child.pid)
        self.send("SIGCONT")

    def send(self, name: str) -> None:
        """Send it the signal *name*, and all that it has started in its group."""
        if sys.platform != "win32":
            # The program that led the group may have ended before the others.
            with contextlib.suppress(OSError):
                os.killpg(self._child.pid, getattr(signal, name))

    def hang_up(self) -> None:
        """Ask it to end, as a terminal does that is closed, and take the terminal. It does not wait for its end."""
        if self._child.returncode is None:
            self.send("SIGHUP")
            # A stopped program would not receive it.
            self.send("SIGCONT")
        self.take_terminal()

    def take_terminal(self) -> None:
        """Take the terminal back, in the mode that it had."""
        if sys.platform != "win32":
            import termios

            self._give_terminal(os.getpgrp())
            with contextlib.suppress(termios.error):
                if self._modes is not None:
                    # To wait until the program's output is shown could take for ever (Ctrl+S).
                    termios.tcsetattr(_INPUT, termios.TCSANOW, self._modes)

    @staticmethod
    def _give_terminal(group: int) -> None:
        if sys.platform != "win32":
            # A process in the background may not do that: it would be stopped by this signal.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
            try:
                # The program may have ended already, and the terminal may be gone.
                with contextlib.suppress(OSError):
                    os.tcsetpgrp(_INPUT, group)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


def user_shell(environment: Mapping[str, str]) -> str:
    """The user's shell: ``SHELL``, else that of the user database; on Windows ``COMSPEC``."""
    if sys.platform == "win32":
        return environment.get("COMSPEC") or "cmd.exe"
    if shell := environment.get("SHELL"):
        return shell
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    except KeyError:
        return "/bin/sh"


def shell_command(environment: Mapping[str, str], line: str) -> list[str]:
    """The command that runs a line in the user's shell."""
    return [user_shell(environment), "/c" if sys.platform == "win32" else "-c", line]


def _modes() -> list[Any] | None:
    """The modes of the terminal; None if there is none."""
    if sys.platform == "win32":
        return None
    import termios

    try:
        return [*termios.tcgetattr(_INPUT)]
    except termios.error:
        return None
