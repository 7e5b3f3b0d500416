"""``mfa-tui demo`` ended at any moment: no process stays, nor its throw-away home, and no traceback is shown."""

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.demo.test_run import ROOT, RUN, processes
from tests.fire.tally import Fire
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled

TIMEOUT = 60.0
"""Seconds for all of it to end."""
SCENES = {
    "command": f"exec {RUN} -- sh -c 'mfa-tui login dev; mfa-tui list; exec sleep 300'",
    "command of a shell": f"{RUN} -- sh -c 'mfa-tui login dev; exec sleep 300'; true",
    "interface": f"exec {RUN}",
    "interface of a shell": f"{RUN}; true",
}
ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL", "stopped", "terminal")
"""A signal to the demo, a stop after which SIGTERM ends it, and the end of the terminal."""
ALL_SIGNALS = """
import os, signal, sys
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command that ignores no signal, as on a terminal, even if the tests do (``nohup``, ``&`` in a script)."""


class OnTerminal:
    """A shell command on a terminal of its own, whose home is to be in *directory*."""

    def __init__(self, command: str, directory: Path) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.set_blocking(self._master, False)
        self.process = subprocess.Popen(
            ["setsid", "--ctty", sys.executable, "-I", "-S", "-c", ALL_SIGNALS, "/bin/sh", "-c", command],
            stdin=slave, stdout=slave, stderr=slave, cwd=ROOT,
            env={**os.environ, "TMPDIR": str(directory), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def read(self) -> None:
        """Take what it writes, as terminals do."""
        with contextlib.suppress(OSError):
            while self._master >= 0 and (more := os.read(self._master, 65536)):
                self.shown += more.decode(errors="replace")

    def end(self, number: int, *, keys: bool) -> None:
        """Signal the demo; *keys*: all in the foreground, as the terminal does."""
        with contextlib.suppress(OSError):
            if keys:
                os.killpg(os.tcgetpgrp(self._master), number)
            else:
                os.kill(self.demo, number)

    @property
    def demo(self) -> int:
        """The process of ``mfa-tui demo``, or the one that is to start it."""
        first = self.process.pid
        for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"demo" in command and b"-c" not in command[:3]:
                return int(child)
        return first

    @property
    def keys_are_signals(self) -> bool:
        """Whether the terminal makes signals of Ctrl+C and the like."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ISIG)

    def hang_up(self) -> None:
        """The terminal goes."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1


@long
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.trial("signals to the demo at every stage, on a terminal")
def test_nothing_of_a_demo_stays(tmp_path: Path, fire: Fire) -> None:
    cases = [(scene, how) for how in ENDS for scene in SCENES]
    fire.random.shuffle(cases)
    for number in range(fire.rounds(short=2, long=28)):
        scene, how = cases[number % len(cases)]
        moment = fire.random.uniform(0.0, fire.random.choice((1.0, 4.0)))
        # Of its own: what one try leaves is not found by the next.
        directory = tmp_path / str(number)
        directory.mkdir()
        told = f"{how} at {moment:.3f} s of {scene!r}"
        terminal = OnTerminal(SCENES[scene], directory)
        until = time.monotonic() + moment
        while time.monotonic() < until:
            terminal.read()
            time.sleep(0.02)
        if how == "terminal":
            terminal.hang_up()
        elif how == "stopped":
            terminal.end(signal.SIGTSTP, keys=False)
            time.sleep(0.3)
            terminal.end(signal.SIGTERM, keys=False)
            terminal.end(signal.SIGCONT, keys=False)
        else:
            # Python does not tell who has sent SIGINT: where keys send it, all in the foreground get it.
            keys = how in ("SIGINT", "SIGQUIT") and terminal.keys_are_signals
            terminal.end(signal.Signals[how], keys=keys)
        fire.tried()
        deadline = time.monotonic() + scaled(TIMEOUT)
        while processes(directory) or list(directory.iterdir()):
            terminal.read()
            terminal.process.poll()
            if time.monotonic() > deadline:
                fire.hung(f"{told}: {processes(directory)} {list(directory.iterdir())} {terminal.shown[-200:]!r}")
                break
            time.sleep(0.05)
        terminal.read()
        # What Python shows of a Ctrl+C before our first line, we cannot change.
        if "Traceback" in terminal.shown and "/mfa_tui/" in terminal.shown:
            fire.leaked(f"{told}: {terminal.shown[-600:]}")
        terminal.hang_up()
        for process in processes(directory):
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        terminal.process.wait(30)
