"""Signals to a parent with one child. A small parent here."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.support.runner.timeouts import scaled

ROOT = Path(__file__).parents[3]

PARENT = """
import subprocess, sys
from mfa_tui.adapters.programs.signal_forwarding import SignalForwarder, StoppedBySignal
with SignalForwarder() as forwarder:
    try:
        if sys.argv[1] == "early":
            print("ready", flush=True)
            sys.stdin.readline()
        status = forwarder.run(lambda: subprocess.Popen(sys.argv[2:]))
    except StoppedBySignal as stopped:
        status = 128 + stopped.number
    print("cleaned", flush=True)
sys.exit(status)
"""

OBEDIENT = "import time; print('ready', flush=True); time.sleep(60)"
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(42))
signal.signal(signal.SIGHUP, lambda *_: sys.exit(43))
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(44))
print('ready', flush=True)
time.sleep(60)
"""


def parent(*arguments: str, script: str = PARENT) -> "subprocess.Popen[str]":
    """The parent, ready and away from any terminal."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    ("child", "number", "status"),
    [
        (OBEDIENT, signal.SIGTERM, 128 + 15),
        (OBEDIENT, signal.SIGHUP, 128 + 1),
        (OBEDIENT, signal.SIGQUIT, 128 + 3),
        (STUBBORN, signal.SIGTERM, 42),
        (STUBBORN, signal.SIGHUP, 43),
        (STUBBORN, signal.SIGUSR1, 44),
    ],
)
def test_the_child_decides_how_a_signal_ends_it(child: str, number: signal.Signals, status: int) -> None:
    process = parent("run", sys.executable, "-c", child)
    process.send_signal(number)
    assert process.communicate(timeout=scaled(30))[0] == "cleaned\n"
    assert process.returncode == status


def test_an_interrupt_without_a_terminal_is_passed_on() -> None:
    process = parent("run", sys.executable, "-c", "import signal, time; signal.signal(2, signal.SIG_DFL)\n" + OBEDIENT)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=scaled(30))[0] == "cleaned\n"
    assert process.returncode == 130


def test_a_signal_that_does_not_interrupt_the_wait_is_passed_on() -> None:
    """Another thread takes it. As when it comes in the moment before the wait: no system call is interrupted."""
    script = PARENT.replace("import subprocess", "import signal, threading, time, subprocess").replace(
        "subprocess.Popen(sys.argv[2:])", "start()"
    )
    start = (
        "def start():\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    child = subprocess.Popen(sys.argv[2:])\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "    return child\n"
    )
    process = parent("run", sys.executable, "-c", STUBBORN, script=start + script)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=scaled(30))[0] == "cleaned\n"
    assert process.returncode == 42


def test_a_signal_before_the_child_starts_none() -> None:
    process = parent("early", sys.executable, "-c", "print('the child ran')")
    process.send_signal(signal.SIGTERM)
    assert process.communicate("go on\n", timeout=scaled(30))[0] == "cleaned\n"
    assert process.returncode == 143


def test_ctrl_c_reaches_the_child_once(tmp_path: Path) -> None:
    """The terminal tells parent and child; the parent does not tell the child again."""
    script = tmp_path / "child.py"
    script.write_text(
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "print('ready', flush=True)\n"
        "while not seen: time.sleep(0.01)\n"
        "time.sleep(0.5)\n"
        "print('interrupts:', len(seen), flush=True)\n"
    )
    with pexpect.spawn(
        sys.executable,
        ["-c", PARENT, "run", sys.executable, str(script)],
        cwd=str(ROOT),
        timeout=scaled(30),
        encoding="utf-8",
    ) as terminal:
        terminal.expect_exact("ready")
        terminal.sendintr()
        terminal.expect_exact("interrupts: 1")
        terminal.expect_exact("cleaned")
        terminal.expect(pexpect.EOF)
    assert terminal.exitstatus == 0


def test_a_shell_that_suspends_itself_suspends_the_parent(tmp_path: Path) -> None:
    """And fg brings both back. An interactive shell has a process group of its own, which Ctrl+Z does not reach."""
    script = tmp_path / "child.py"
    script.write_text(
        "import os, signal\n"
        "os.setpgid(0, 0)\n"
        "print('ready', flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
        "print('resumed', flush=True)\n"
    )
    parent = tmp_path / "parent.py"
    parent.write_text(PARENT)
    environment = {"PS1": "prompt> ", "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    with pexpect.spawn("sh", ["-i"], env=environment, timeout=scaled(30), encoding="utf-8") as shell:
        shell.expect_exact("prompt> ")
        shell.sendline(f"{sys.executable} {parent} run {sys.executable} {script}")
        shell.expect_exact("ready\r\n")
        shell.expect_exact("prompt> ")
        shell.sendline("fg")
        shell.expect_exact("resumed\r\n")
        shell.expect_exact("cleaned\r\n")
        shell.sendline("exit")
        shell.expect(pexpect.EOF)


def test_it_still_exits_where_the_system_keeps_no_status_of_children() -> None:
    """SIGCHLD may be ignored by who started us, and stays so."""
    script = (
        "import signal, os, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, sys.executable, "-c", PARENT, "run", "true"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=scaled(60),
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "cleaned\n")
