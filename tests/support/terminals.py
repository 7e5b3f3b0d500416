"""Commands on a real pseudo-terminal."""

import contextlib
import shlex
import sys
import time
from collections.abc import Iterator
from typing import Any

import pexpect

from tests.support.home import Home
from tests.support.reference_terminal import ReferenceTerminal
from tests.support.timeouts import scaled


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


class Terminal:
    """A shell command on a pseudo-terminal; ``screen`` is all that was shown."""

    def __init__(self, child: "pexpect.spawn[str]") -> None:
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

    The size is set once the shell has started, by us: a ``stty`` in *command* could come first.
    """
    script = f'mfa-tui() {{ {shlex.quote(sys.executable)} -m mfa_tui "$@"; }}; {command}'
    environment: Any = home.env
    child = pexpect.spawn(
        "bash",
        ["--norc", "-c", script],
        env=environment,
        cwd=str(home.path),
        encoding="utf-8",
        dimensions=(rows, columns),
    )
    try:
        yield Terminal(child)
    finally:
        child.close(force=True)
