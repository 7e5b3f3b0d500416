"""A shell or a command with the session of a profile, and back to the list."""

import os
import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.runtime.lent_terminal import Program
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.processes.terminals import hang_up, sees
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson, Spawn

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

OPEN = f"exec {sys.executable} -m mfa_tui"


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[Program]:
    """The programs that got the terminal; each ends with status 1 at once."""
    found: list[Program] = []

    async def lend(_: MfaTuiApp, program: Program) -> int:
        found.append(program)
        return 1

    monkeypatch.setattr(MfaTuiApp, "can_lend_terminal", lambda _: True)
    monkeypatch.setattr(MfaTuiApp, "lend_terminal", lend)
    return found


@long
async def test_a_command_gets_the_session_after_a_login(
    home: Home, aws: "StrictAws", person: AddPerson, programs: list[Program]
) -> None:
    person("dev", seed=True)
    async with interface(home, SHELL="/bin/zsh") as driver:
        for line in ("aws s3 ls", "env"):
            await driver.press("exclamation_mark")
            await driver.sees("Run with dev")
            await driver.type(line)
            await driver.press("enter")
            await driver.until(lambda line=line: bool(programs) and programs[-1].command[-1] == line)  # type: ignore[misc]
            await driver.until(lambda line=line: f"Ran with dev {line}: exit status 1." in driver.toasts)  # type: ignore[misc]
        program = programs[0]
        assert program.command == ["/bin/zsh", "-c", "aws s3 ls"]
        assert program.environment["AWS_ACCESS_KEY_ID"] == driver.key_in_file("dev-mfa")
        assert program.environment["MFA_TUI_PROFILE"] == "dev"
        assert "AWS_PROFILE" not in program.environment
        assert program.environment["AWS_SESSION_TOKEN"] not in repr(program)
        assert program.last is not None
        assert program.last(0) == "aws s3 ls: done. Press Enter to come back to mfa-tui."
        await driver.press("exclamation_mark")
        await driver.sees("Run with dev")
        await driver.press("up", "up", "enter")
        await driver.until(lambda: [program.command[-1] for program in programs] == ["aws s3 ls", "env", "aws s3 ls"])
    assert aws.count("GetSessionToken") == 1


def ready(spawn: Spawn, home: Home, script: str = "") -> "pexpect.spawn[str]":
    """The interface on a terminal, with a small shell script as the user's shell."""
    shell = home.path / "shell"
    shell.write_text(f"#!/bin/sh\n{script}\n" if script else '#!/bin/sh\nPS1="in the shell> " exec /bin/sh "$@"\n')
    shell.chmod(shell.stat().st_mode | stat.S_IXUSR)
    child = spawn(f"SHELL='{shell}' {OPEN}")
    child.expect("Log in")
    return child


def in_a_shell(child: "pexpect.spawn[str]") -> int:
    """Open a shell; returns its process id."""
    child.send("$")
    child.expect("in the shell> ")
    child.send("echo it is $$.\n")
    child.expect(r"it is (\d+)\.")
    return int(str(child.after)[6:-1])


def run_line(child: "pexpect.spawn[str]", line: str) -> None:
    """Run a line in the user's shell."""
    child.send("!")
    sees(child, "Run with dev")
    child.send(f"{line}\r")


def come_back(child: "pexpect.spawn[str]") -> None:
    """Press Enter once the program has ended; the list is drawn again."""
    child.send("\r")
    child.expect_exact("\x1b[?1049h")


def leave(child: "pexpect.spawn[str]") -> None:
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_a_shell_has_the_terminal_and_the_list_comes_back(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev", seed=True)
    child = ready(spawn, home)
    child.setwinsize(24, 40)
    child.send("$")
    child.expect_exact("\x1b[?1049l")
    # A line too long for the terminal is broken between words.
    child.expect("A shell with the session of dev, valid\r\nuntil [^\r]*\\.\r\nTo come back to mfa-tui: exit\r\n")
    child.expect("in the shell> ")
    assert child.getecho()
    # It is a job of its own, in the foreground, and Ctrl+C ends only what runs in it.
    child.send("ps -o pgid= -p $$ | awk -v shell=$$ '{ print \"leads\", ($1 == shell) }'\n")
    child.expect("leads 1\r\n")
    child.send("sh -c 'echo for $MFA_TUI_PROFILE; exec sleep 100'\n")
    child.expect("for dev\r\n")
    child.send("\x03")
    child.expect("in the shell> ")
    child.setwinsize(24, 80)
    child.send("exit 3\n")
    child.expect_exact("\x1b[?1049h")
    sees(child, "The shell with dev: exit status 3")
    sees(child, "✓ 11 h 59 m")
    leave(child)


@long
def test_the_output_of_a_command_stays_until_enter(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev", seed=True)
    child = ready(spawn, home)
    run_line(child, "echo ou''tput; stty raw -echo; exit 7")
    child.expect("output\r\n")
    child.expect(r"exit status 7. Press Enter to come back\s+to mfa-tui.")
    child.setwinsize(30, 100)
    child.send("\x1b[Ax")
    with pytest.raises(pexpect.TIMEOUT):
        child.expect_exact("\x1b[?1049h", timeout=0.5)
    child.send("\x03")
    child.expect_exact("\x1b[?1049h")
    # On the whole terminal, which is larger now.
    child.expect(r"\x1b\[30;")
    leave(child)


@long
def test_a_program_that_is_not_there_is_an_error_in_the_details(person: AddPerson, spawn: Spawn) -> None:
    person("dev", seed=True)
    child = spawn(f"SHELL=/no/such/shell {OPEN}")
    child.expect("Log in")
    child.send("$")
    sees(child, "command not found")
    leave(child)


@long
def test_ctrl_z_stops_both_and_fg_continues_both(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    shell = pexpect.spawn(
        "/bin/sh", ["-i"], env={**home.env, "PS1": "ready> ", "SHELL": "/bin/sh"}, cwd=str(home.path),
        encoding="utf-8", timeout=scaled(30), dimensions=(24, 80),
    )  # fmt: skip
    shell.delaybeforesend = None
    shell.logfile_read = ReferenceTerminal()
    try:
        shell.expect("ready> ")
        shell.sendline(f"{sys.executable} -m mfa_tui")
        shell.expect("Log in")
        shell.send("!")
        sees(shell, "Run with dev")
        shell.send("echo be''gun; sleep 1; exec cat\r")
        shell.expect("begun")
        for _ in range(2):
            shell.send("\x1a")
            shell.expect("ready> ")
            assert shell.getecho()
            shell.sendline("fg")
            shell.sendline("typed")
            shell.expect("typed\r\n")
            shell.expect("typed\r\n")
        shell.send("\x04")
        shell.expect("done. Press Enter")
        shell.send("\r")
        shell.expect_exact("\x1b[?1049h")
        shell.send("\x11")
        shell.expect("ready> ")
        assert shell.getecho()
    finally:
        shell.close(force=True)


@long
def test_ctrl_z_where_no_shell_could_continue_it_stops_nothing(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev", seed=True)
    child = ready(spawn, home)
    run_line(child, "echo be''gun; exec cat")
    child.expect("begun")
    child.send("\x1a")
    child.send("typed\n")
    child.expect("typed\r\n")
    child.expect("typed\r\n")
    child.send("\x04")
    child.expect("done. Press Enter")
    come_back(child)
    leave(child)


@long
def test_a_signal_to_stop_where_no_shell_could_continue_it_stops_nothing(
    home: Home, person: AddPerson, spawn: Spawn
) -> None:
    """Ctrl+Z is one, too, while a program has been started and is not in the foreground yet."""
    person("dev", seed=True)
    child = ready(spawn, home)
    child.kill(signal.SIGTSTP)
    run_line(child, "echo be''gun; exec cat")
    child.expect("begun")
    child.kill(signal.SIGTSTP)
    child.send("\x04")
    child.expect("done. Press Enter")
    come_back(child)
    leave(child)


@long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_a_key_for_a_program_that_has_just_begun_is_not_for_the_interface(
    home: Home, person: AddPerson, spawn: Spawn, number: signal.Signals
) -> None:
    """Until the program is in the foreground, the terminal sends signals of keys to the interface."""
    person("dev", seed=True)
    child = ready(spawn, home)
    run_line(child, f"trap 'echo st''opped; exit 3' {number:d}; echo be''gun; while :; do sleep 0.1; done")
    child.expect("begun")
    child.kill(number)
    child.expect("stopped")
    child.expect(r"exit status 3\.\s+Press Enter")
    come_back(child)
    leave(child)


@long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_interface_ends_its_shell(
    home: Home, person: AddPerson, spawn: Spawn, number: signal.Signals
) -> None:
    person("dev", seed=True)
    child = ready(spawn, home)
    shell = in_a_shell(child)
    child.kill(number)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 128 + number
    assert _is_gone(shell)


@long
def test_without_its_terminal_nothing_is_left(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev", seed=True)
    child = ready(spawn, home)
    shell = in_a_shell(child)
    hang_up(child)
    # Only a parent can take a status.
    assert child.pid is not None
    assert os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1]) == 129
    assert _is_gone(shell)


def _is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists() or "(zombie)" in Path(f"/proc/{process}/status").read_text()
