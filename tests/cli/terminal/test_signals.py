"""Signals on a real terminal: what is shown, what is left, and how the terminal is afterwards."""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from tests.support.homes.home import Home
from tests.support.processes.terminals import Terminal, terminal
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device

ROOT = Path(__file__).parents[3]
PROMPT = "MFA code for dev"
TIMEOUT = 20.0


def children(process: int | None) -> list[int]:
    """The child processes that are running."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def child_of(tty: Terminal) -> int:
    """The command that the shell on the terminal runs."""
    (child,) = children(tty.child.pid)
    return child


def until_echo(child: Any, *, shown: bool) -> None:
    deadline = time.monotonic() + scaled(TIMEOUT)
    while child.getecho() is not shown:
        assert time.monotonic() < deadline, f"the terminal's echo is {not shown}"
        time.sleep(0.02)


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@linux
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT], ids=lambda number: number.name
)
def test_killed_at_a_hidden_prompt_the_terminal_echoes_again(
    home: Home, device: "Device", number: signal.Signals
) -> None:
    assert device.seed
    with terminal(home, "mfa-tui login dev; echo ended: $?; read line") as tty:
        tty.wait_for(PROMPT)
        until_echo(tty.child, shown=False)
        tty.type("half")
        os.kill(child_of(tty), number)
        tty.wait_for(f"ended: {130 if number == signal.SIGINT else 128 + number}")
        until_echo(tty.child, shown=True)
        assert "Traceback" not in tty.screen
        assert "half" not in tty.screen
        tty.type("\r")
        tty.status()


@pytest.mark.parametrize("stop", ["\x1a", "TSTP", "STOP"])
def test_stopped_at_a_hidden_prompt_the_terminal_is_restored_until_fg(home: Home, device: "Device", stop: str) -> None:
    assert device.seed
    # A shell that leaves the terminal as the program had it.
    shell = pexpect.spawn(
        "/bin/sh",
        ["-i"],
        env={**home.env, "PS1": "ready> "},
        cwd=str(home.path),
        encoding="utf-8",
        timeout=scaled(TIMEOUT),
    )
    shell.delaybeforesend = None
    try:
        shell.expect("ready> ")
        shell.sendline(f"{sys.executable} -m mfa_tui login dev")
        shell.expect(PROMPT)
        until_echo(shell, shown=False)
        if stop != "STOP":
            # Nothing can be done before SIGSTOP: what is half typed goes to the shell.
            shell.send("123")
        if stop == "\x1a":
            shell.send(stop)
        else:
            (job,) = children(shell.pid)
            os.kill(job, getattr(signal, f"SIG{stop}"))
        shell.expect("ready> ")
        if stop != "STOP":
            assert shell.getecho()
        shell.sendline("fg")
        shell.expect(PROMPT)
        until_echo(shell, shown=False)
        shell.sendline("000000")
        shell.expect("AWS did not accept the code for dev.")
        assert "000000" not in str(shell.before)
    finally:
        shell.close(force=True)


JUST_BEFORE = """
import ctypes, functools, operator, os, select, signal
from mfa_tui.cli.terminal import tty
from mfa_tui.errors import NoTerminal

signals = [getattr(ctypes.CDLL(None), "raise")]

def late(wait):
    def begin(*given):
        # Python looks for signals between two of its own instructions, and there are none between these calls.
        first = [functools.partial(signals.pop(), signal.SIGCONT)] if signals else []
        return list(map(operator.call, [*first, functools.partial(wait, *given)]))[-1]

    return begin

os.read, select.select = late(os.read), late(select.select)
print("typed:", tty.ask_secret("the prompt ", NoTerminal("no-terminal", "")).reveal())
"""
"""Asks; SIGCONT comes just before the first system call that waits for what is typed."""


@linux
def test_a_signal_just_before_the_wait_for_a_hidden_line_is_handled_at_once(home: Home) -> None:
    environment: Any = home.env
    child = pexpect.spawn(
        sys.executable, ["-c", JUST_BEFORE], env=environment, cwd=str(ROOT), encoding="utf-8", timeout=scaled(TIMEOUT)
    )
    child.delaybeforesend = None
    child.expect("the prompt the prompt ")
    child.sendline("a secret")
    child.expect("typed: a secret")
    child.close(force=True)


@linux
def test_killed_while_a_secret_is_on_the_screen_nothing_of_it_remains(home: Home, device: "Device") -> None:
    home.store_seed(device)
    with terminal(home, "mfa-tui device export dev --yes; read line", rows=50) as tty:
        tty.wait_for("Press Enter when you are done. ")
        os.kill(child_of(tty), signal.SIGTERM)
        tty.wait_for(r"\x1b\[\?1049l")
        tty.type("\r")
        tty.status()


STARTED = """
import os, sys
import mfa_tui
os.write(1, b"started\\n")
sys.argv = ["mfa-tui", *sys.argv[1:]]
sys.exit(mfa_tui.main())
"""
"""Runs the command line as ``python -m mfa_tui`` does, and says when our first lines have run."""


@pytest.mark.parametrize("arguments", [["--version"], ["list"], ["credential-process", "nobody"]])
def test_ctrl_c_while_starting_and_ending_shows_no_traceback_of_ours(home: Home, arguments: list[str]) -> None:
    """From our first line on: what Python shows of a Ctrl+C before it, we cannot change."""
    started = time.monotonic()
    home.run_python("-m", "mfa_tui", *arguments)
    whole = time.monotonic() - started
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", STARTED, *arguments],
            env=home.env, cwd=home.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        time.sleep(chance.uniform(0, whole * 1.1))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=scaled(TIMEOUT))
        assert not ("Traceback" in errors and "mfa_tui" in errors), errors
        assert "ignored" not in errors, errors


INTERRUPTED_IN_A_CALLBACK = """
import os, signal, sys
import mfa_tui
from mfa_tui.cli.terminal import output

class Late:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass

real = output.print_result
def result(text):
    late = Late()
    del late
    real(text)
output.print_result = result
sys.argv = ["mfa-tui", "--help"]
sys.exit(mfa_tui.main())
"""


def test_ctrl_c_where_nothing_can_be_raised_ends_the_process(home: Home) -> None:
    result = home.run_python("-c", INTERRUPTED_IN_A_CALLBACK)
    assert (result.returncode, result.stdout, result.stderr) == (-signal.SIGINT, "", "")


def test_a_process_that_ignores_ctrl_c_still_ignores_it(home: Home) -> None:
    script = "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    inner = (
        "import os, signal, sys; import mfa_tui; os.kill(os.getpid(), signal.SIGINT); "
        "sys.argv = ['mfa-tui', '--version']; sys.exit(mfa_tui.main())"
    )
    result = home.run_python("-c", script, sys.executable, "-c", inner)
    assert (result.returncode, result.stderr) == (0, "")


def test_core_dumps_are_off_in_each_command_and_as_found_for_the_command_of_exec(home: Home, device: "Device") -> None:
    home.store_seed(device)
    assert home.run("login", "dev").returncode == 0
    script = (
        "import os, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (4096, resource.getrlimit(resource.RLIMIT_CORE)[1]))\n"
        "from mfa_tui.cli.terminal import output\n"
        "import mfa_tui\n"
        "sys.argv = ['mfa-tui', *sys.argv[1:]]\n"
        "def end(status):\n"
        "    print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)\n"
        "    leave(status)\n"
        "leave, os._exit = os._exit, end\n"
        "end(mfa_tui.main())\n"
    )
    if resource_limit() < 4096:
        pytest.skip("the hard limit on core dumps is lower")
    for command in (["list"], ["env", "dev"], ["credential-process", "dev"]):
        assert home.run_python("-c", script, *command).stdout.splitlines()[-1] == "0"
    inside = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    result = home.run_python("-c", script, "exec", "dev", "--", sys.executable, "-c", inside)
    assert result.stdout == "4096\n"


def resource_limit() -> float:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return float("inf") if hard == resource.RLIM_INFINITY else hard


def test_a_secret_is_neither_copied_pickled_nor_found_by_walking_over_it() -> None:
    import copy
    import json

    from mfa_tui.models import Secret

    secret = Secret("hunter2")
    for take in (copy.copy, copy.deepcopy, pickle.dumps, json.dumps, lambda it: it.__getstate__(), vars):
        with pytest.raises(TypeError):
            take(secret)
    found = [getattr(secret, name) for name in secret.__slots__]
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {found} {secret:>20}"
    assert (secret.reveal(), secret == Secret("hunter2"), bool(Secret(""))) == ("hunter2", True, False)


@linux
def test_no_secret_is_asked_for_where_echo_cannot_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    import termios

    from mfa_tui.cli.terminal.tty_mode import without_echo
    from mfa_tui.errors import NoTerminal

    ours, theirs = os.openpty()
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGTSTP)]

    def refuse(*_: object) -> None:
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr(termios, "tcsetattr", refuse)
    with pytest.raises(NoTerminal, match="cannot hide"), without_echo(theirs, lambda: None):
        pytest.fail("it was asked")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGTSTP)] == before
    for handle in (ours, theirs):
        os.close(handle)
