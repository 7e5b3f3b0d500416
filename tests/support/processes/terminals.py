"""Commands on a real pseudo-terminal."""

import contextlib
import os
import select
import shlex
import signal
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pexpect
from pexpect import fdpexpect

from tests.support.homes.home import Home
from tests.support.processes.forkserver import ForkServer
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    _FdSpawn = fdpexpect.fdspawn[str]
else:
    _FdSpawn = fdpexpect.fdspawn

_SHELL = frozenset(";&|<>$`\\()*?[]~#{}=\n")
"""What means something to a shell."""


def sees(child: "pexpect.spawn[str]", text: str, seconds: float = 30) -> str:
    """Wait until *text* is on the screen of a child that logs to a ``ReferenceTerminal``; returns the screen's text.

    The interface writes only what has changed, so a text need not be in what it writes.
    """
    screen = child.logfile_read
    assert isinstance(screen, ReferenceTerminal)
    until = time.monotonic() + scaled(seconds)
    while text not in screen.text:
        assert time.monotonic() < until, f"{text!r} did not come; the screen:\n{screen.text}"
        with contextlib.suppress(pexpect.TIMEOUT):
            child.read_nonblocking(65536, timeout=1)
    return screen.text


def hang_up(child: "pexpect.spawn[str]") -> None:
    """Take its terminal away from a child, through the object that owns it: its number may be another file's later."""
    process: Any = vars(child)["ptyproc"]
    process.fileobj.close()
    process.closed = child.closed = True
    process.fd = child.child_fd = -1


class ForkedChild(_FdSpawn):
    """A fork of mfa-tui (see :mod:`tests.support.processes.forkserver`) on a pseudo-terminal of its own."""

    def __init__(self, home: Home, arguments: Sequence[str], size: tuple[int, int]) -> None:
        screen, terminal = os.openpty()
        termios.tcsetwinsize(terminal, size)
        try:
            self._told = ForkServer.shared().start_on_terminal(
                arguments, env=home.env, cwd=str(home.path), terminal=terminal, around=home.forked_with
            )
        finally:
            os.close(terminal)
        super().__init__(screen, encoding="utf-8")
        self.leader = self.pid = int(self._read_line())

    def close(self, force: bool = False) -> None:  # noqa: ARG002 - there is no gentle way here
        """Take its terminal away, and wait for its end."""
        if self.closed:
            return
        os.close(self.child_fd)
        self.child_fd, self.closed = -1, True
        ready, _, _ = select.select([self._told], [], [], scaled(5))
        if not ready:
            os.killpg(self.leader, signal.SIGKILL)
        status = int(self._read_line())
        os.close(self._told)
        # As a shell tells it.
        self.exitstatus = status if status >= 0 else 128 - status

    def _read_line(self) -> str:
        line = b""
        while not line.endswith(b"\n"):
            line += os.read(self._told, 1)
        return line.decode()


class Terminal:
    """A command on a pseudo-terminal; ``screen`` is all that was shown."""

    def __init__(self, child: "pexpect.spawn[str] | ForkedChild") -> None:
        self.child = child
        self.screen = ""

    def wait_for(self, pattern: str) -> None:
        self.child.expect(pattern, timeout=scaled(20))
        self.screen += str(self.child.before) + str(self.child.after)

    def type(self, text: str) -> None:
        self.child.send(text)

    def status(self) -> int | None:
        """The exit status, once it has ended."""
        self.child.expect(pexpect.EOF, timeout=scaled(20))
        self.screen += str(self.child.before)
        self.child.close()
        return self.child.exitstatus


@contextlib.contextmanager
def terminal(home: Home, command: str, *, rows: int = 24, columns: int = 120) -> Iterator[Terminal]:
    """Runs a shell command in which ``mfa-tui`` is the program, on a terminal of its own.

    The size is set once the shell has started, by us: a ``stty`` in *command* could come first. What is nothing but
    ``mfa-tui`` and its arguments needs no shell, and is forked.
    """
    child: Any
    program, *arguments = shlex.split(command)
    if program == "mfa-tui" and not _SHELL.intersection(command) and home.may_fork(home.env):
        child = ForkedChild(home, arguments, (rows, columns))
    else:
        child = _in_a_shell(home, command, rows, columns)
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)


def _in_a_shell(home: Home, command: str, rows: int, columns: int) -> "pexpect.spawn[str]":
    script = f'mfa-tui() {{ {shlex.quote(sys.executable)} -m mfa_tui "$@"; }}; {command}'
    environment: Any = home.env
    return pexpect.spawn(
        "bash",
        ["--norc", "-c", script],
        env=environment,
        cwd=str(home.path),
        encoding="utf-8",
        dimensions=(rows, columns),
    )
