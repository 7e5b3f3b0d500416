"""The program on a real pseudo-terminal, as its users meet it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pexpect
import pytest

from tests.support.homes.home import Home
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.processes.terminals import sees
from tests.support.runner.thoroughness import long, quick_cases
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson, Spawn

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


def test_filter_enter_session_quit(person: AddPerson, spawn: Spawn) -> None:
    person("ops")
    dev = person("dev-main", seed=True)
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    sees(child, "dev-main")
    # In one burst, as a terminal over a slow line may send it.
    child.send("/main")
    sees(child, "1 of 2")
    child.send("\r")
    sees(child, "✓ 11 h 59 m")
    child.send("\x1b")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    identity = boto3.Session(profile_name="dev-main-mfa").client("sts").get_caller_identity()
    assert identity["Arn"] == dev.user.arn


def test_reloading_repaints_what_another_program_has_drawn_over(person: AddPerson, spawn: Spawn) -> None:
    person("dev")
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    sees(child, "Log in")
    screen = child.logfile_read
    assert isinstance(screen, ReferenceTerminal)
    for opened, reload, shown in (("", "\x1b[15~", "PROFILE"), (",", "u", "Settings")):
        child.send(opened)
        sees(child, shown)
        screen.show("\x1b[1;1H" + "".join(f"\x1b[{row};1Hnews from the kernel " for row in range(1, 25)))
        child.send(reload)
        sees(child, shown)
        seen_again(child, screen)
    child.send("\x11")
    child.expect(pexpect.EOF)


def seen_again(child: "pexpect.spawn[str]", screen: ReferenceTerminal) -> None:
    """Wait until nothing of the news is left."""
    until = time.monotonic() + scaled(30)
    while "news" in screen.text:
        assert time.monotonic() < until, screen.text
        with contextlib.suppress(pexpect.TIMEOUT):
            child.read_nonblocking(65536, timeout=1)


@long
def test_standard_output_stays_empty(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev")
    output = home.path / "output"
    child = spawn(f"exec {sys.executable} -m mfa_tui > '{output}'")
    sees(child, "Log in")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert os.path.getsize(output) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_that_ends_it_restores_the_terminal(person: AddPerson, spawn: Spawn, number: signal.Signals) -> None:
    person("dev")
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    sees(child, "Log in")
    child.kill(number)
    # The alternate screen is left.
    child.expect_exact("\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 128 + number


def enrolling(spawn: Spawn) -> "pexpect.spawn[str]":
    """The program, from the start to the enrollment's first page for the profile ``new``."""
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    sees(child, "Log in")
    child.send("\r")
    sees(child, "Enroll an MFA device for new")
    child.send("y")
    return child


@long
def test_from_no_mfa_to_a_saved_session(home: Home, aws: "StrictAws", spawn: Spawn) -> None:
    user = aws.add_user()
    home.add_profile("new", user)
    child = enrolling(spawn)
    sees(child, "1 of 4")
    sees(child, "Where")
    child.send("\r")
    sees(child, "2 of 4")
    sees(child, "Scanned")
    child.send("\r")
    sees(child, "a login has confirmed that it works")
    child.send("\r")
    sees(child, "✓ 11 h 59 m")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    identity = boto3.Session(profile_name="new-mfa").client("sts").get_caller_identity()
    assert identity["Arn"] == user.arn
    assert user.devices() == [f"arn:aws:iam::{user.account}:mfa/{user.name}"]


@long
def test_leaving_an_enrollment_shows_what_exists_at_aws(home: Home, aws: "StrictAws", spawn: Spawn) -> None:
    user = aws.add_user()
    home.add_profile("new", user)
    child = enrolling(spawn)
    sees(child, "Where")
    child.send("\r")
    sees(child, "Scanned")
    child.send("\x11")
    child.expect_exact("\x1b[?1049l")
    child.expect(f"{user.name} is created, but not enabled yet. To continue, here or in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


COMMANDS = [[], ["use"]]
CURSOR_ASKED, CURSOR_TOLD = b"\x1b[6n", b"\x1b[1;1R"
"""The picker asks the terminal where it is to be drawn."""


@quick_cases(1)
@pytest.mark.parametrize("arguments", COMMANDS, ids=["interface", "picker"])
@pytest.mark.parametrize("nohup", [False, True])
def test_it_exits_when_its_terminal_is_gone(
    home: Home, person: AddPerson, arguments: list[str], nohup: bool, tmp_path: Path
) -> None:
    """No signal says so: the terminal does not scope it, or the signal is ignored."""
    person("dev")
    script = "trap '' HUP; exec \"$@\"" if nohup else 'exec "$@"'
    ours, theirs = os.openpty()
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", script, "sh", sys.executable, "-m", "mfa_tui", *arguments],
            env=home.env, cwd=home.path, start_new_session=True,
            stdin=theirs, stdout=output, stderr=theirs,
        )  # fmt: skip
    os.close(theirs)
    shown, answered = b"", False
    while b"dev" not in shown:
        shown += os.read(ours, 65536)
        if CURSOR_ASKED in shown and not answered:
            os.write(ours, CURSOR_TOLD)
            answered = True
    os.close(ours)
    try:
        assert process.wait(timeout=scaled(30)) == 129
    finally:
        process.kill()


LATE = """\
import os, time
from mfa_tui import main
from mfa_tui.ui.app import MfaTuiApp

mount = MfaTuiApp.on_mount

def late(app):
    os.write(1, b"mounting\\n")
    time.sleep(0.5)
    mount(app)

MfaTuiApp.on_mount = late
main()
"""


def hung_up(home: Home, command: list[str], said: bytes) -> int:
    """The exit status of *command*, whose terminal is closed once it has said a line on standard output."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        command,
        env=home.env, cwd=home.path, start_new_session=True, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    assert process.stdout
    with process.stdout as told:
        assert told.readline() == said
        os.close(ours)
        try:
            return process.wait(timeout=scaled(30))
        finally:
            process.kill()


def test_it_exits_when_its_terminal_is_gone_before_it_looks(home: Home, person: AddPerson) -> None:
    person("dev")
    ignoring = ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]
    assert hung_up(home, [*ignoring, sys.executable, "-c", LATE], b"mounting\n") == 129


CONTINUED = """\
import os, signal, threading
from mfa_tui import main
from mfa_tui.ui.app import MfaTuiApp

screen = MfaTuiApp.get_default_screen

def continued(app):
    for _ in range(5):
        signal.raise_signal(signal.SIGCONT)
    os.write(1, b"%d\\n" % sum(thread.name == "textual-output" for thread in threading.enumerate()))
    return screen(app)

MfaTuiApp.get_default_screen = continued
main()
"""


def test_continued_while_it_starts_it_takes_the_terminal_once(home: Home, person: AddPerson) -> None:
    """Shells send SIGCONT with SIGHUP: a second writer would leave what waits for the first waiting for ever."""
    person("dev")
    assert hung_up(home, [sys.executable, "-c", CONTINUED], b"1\n") == 129


@quick_cases(1)
@pytest.mark.parametrize("arguments", ["", " use"], ids=["interface", "picker"])
def test_a_signal_that_stops_it_restores_the_terminal_until_fg(home: Home, person: AddPerson, arguments: str) -> None:
    person("dev")
    shell = pexpect.spawn(
        "/bin/sh", ["-i"], env={**home.env, "PS1": "ready> "}, cwd=str(home.path), encoding="utf-8", timeout=scaled(30),
        dimensions=(24, 80),
    )  # fmt: skip
    shell.delaybeforesend = None
    try:
        shell.expect("ready> ")
        shell.sendline(f"{sys.executable} -m mfa_tui{arguments} >/dev/null")
        if arguments:
            shell.expect_exact(CURSOR_ASKED.decode())
            shell.send(CURSOR_TOLD.decode())
        shell.expect("dev ")
        assert not shell.getecho()
        job = int(Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text())
        for by_key in (False, not arguments):
            if by_key:
                shell.send("\x1a")
            else:
                os.kill(job, signal.SIGTSTP)
            shell.expect("ready> ")
            assert shell.getecho()
            shell.sendline("fg")
            shell.expect("dev ")
        shell.send("\x11")
        shell.expect("ready> ")
        assert shell.getecho()
    finally:
        shell.close(force=True)
