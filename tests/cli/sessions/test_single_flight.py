"""Single flight: of all processes that need one session at the same time, only one gets it, or asks for its code."""

import json
import os
import re
import shlex
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.faults import delay
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.cli.commands.test_credential_process import answer
from tests.support.homes.home import Home
from tests.support.processes.terminals import Terminal, terminal
from tests.support.runner.thoroughness import long, quick_cases

pytestmark = pytest.mark.both_ways

MFA_TUI = f"{shlex.quote(sys.executable)} -m mfa_tui"
"""For ``exec``, so that the terminal's child is mfa-tui itself."""
PROMPT = r"MFA code for (\S+) \(device "
WAITING = r"Waiting for process \d+ on \S+, which is getting this session …"


def asks(home: Home, stack: ExitStack, command: str) -> Terminal:
    """The command on a terminal, once it asks for a code."""
    tty = stack.enter_context(terminal(home, f"exec {MFA_TUI} {command}"))
    tty.wait_for(PROMPT)
    return tty


def waits(home: Home, stack: ExitStack, command: str) -> Terminal:
    """The command on a terminal, once it says that it waits for another process."""
    tty = stack.enter_context(terminal(home, f"exec {MFA_TUI} {command}"))
    tty.wait_for(WAITING)
    return tty


class TestOnePrompt:
    @long
    def test_for_several_logins(self, home: Home, aws: StrictAws, device: Device) -> None:
        with ExitStack() as stack:
            first = asks(home, stack, "login dev")
            others = [waits(home, stack, "login dev") for _ in range(3)]
            first.type(f"{device.code()}\r")
            assert [tty.status() for tty in (first, *others)] == [0] * 4
        # Any of them may be the first to save it.
        assert all("saved as dev-mfa, valid until" in tty.screen for tty in others)
        assert not any(re.search(PROMPT, tty.screen) for tty in others)
        assert aws.count("GetSessionToken") == 1

    @long
    def test_for_a_user_and_roles(self, home: Home, aws: StrictAws, user: User, device: Device) -> None:
        """A process that asks because of a role does not wait for one that waits for the same code."""
        for name in ("one", "two"):
            home.add_role_profile(name, aws.add_role(f"{name}-{user.name}", trust(user.arn, mfa=True)))
        with ExitStack() as stack:
            first = asks(home, stack, "login one")
            others = [waits(home, stack, f"login {name}") for name in ("one", "two", "dev")]
            first.type(f"{device.code()}\r")
            assert [tty.status() for tty in (first, *others)] == [0] * 4
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 2)

    def test_for_credential_processes(self, home: Home, aws: StrictAws, device: Device) -> None:
        """The prompt is on the terminal; standard output has only the JSON."""
        with ExitStack() as stack:
            first = asks(home, stack, "credential-process dev >first </dev/null")
            second = stack.enter_context(terminal(home, f"{MFA_TUI} credential-process dev >second </dev/null"))
            # It waits in silence. Nothing hangs on its being there before the code is typed, but then it is a test.
            time.sleep(1)
            first.type(f"{device.code()}\r")
            assert (first.status(), second.status()) == (0, 0)
        assert not re.search(PROMPT, second.screen)
        answers = [json.loads((home.path / name).read_text()) for name in ("first", "second")]
        assert answers[0] == answers[1]
        assert aws.count("GetSessionToken") == 1

    @long
    def test_when_the_asking_process_is_killed_the_next_one_asks(
        self, home: Home, aws: StrictAws, device: Device
    ) -> None:
        with ExitStack() as stack:
            first = asks(home, stack, "login dev")
            second = waits(home, stack, "login dev")
            assert first.child.pid
            os.kill(first.child.pid, signal.SIGKILL)
            second.wait_for(PROMPT)
            third = waits(home, stack, "login dev")
            second.type(f"{device.code()}\r")
            assert (second.status(), third.status()) == (0, 0)
        assert aws.count("GetSessionToken") == 1

    @quick_cases(1)
    @pytest.mark.parametrize("key", ["\x03", "\x04"])
    def test_when_the_asking_process_is_cancelled_the_next_one_asks(self, home: Home, device: Device, key: str) -> None:
        with ExitStack() as stack:
            first = asks(home, stack, "login dev")
            second = waits(home, stack, "login dev")
            first.type(key)
            assert first.status() == 130
            second.wait_for(PROMPT)
            second.type(f"{device.code()}\r")
            assert second.status() == 0

    @long
    def test_a_given_code_does_not_wait_forever(self, home: Home, aws: StrictAws, device: Device) -> None:
        with ExitStack() as stack:
            first = asks(home, stack, "login dev")
            given = home.run("login", "dev", "--code", device.code(1))
            assert given.returncode == 0, given.stderr
            assert "Waiting for process" in given.stderr
            # It uses the session that the other process has got in the meantime.
            first.type(f"{device.code()}\r")
            assert first.status() == 0
        assert aws.count("GetSessionToken") == 1


@long
def test_ctrl_c_ends_the_wait_for_another_process(home: Home, device: Device) -> None:
    with ExitStack() as stack:
        asks(home, stack, "login dev")
        second = waits(home, stack, "login dev")
        second.type("\x03")
        assert second.status() == 130
        assert second.screen.splitlines()[-1].endswith("mfa-tui: Interrupted.")
    assert home.run("login", "dev", "--code", device.code()).returncode == 0


def test_a_credential_process_does_not_ask_in_the_background(home: Home, aws: StrictAws, device: Device) -> None:
    """Reading the terminal there would stop the process, and the SDK that waits for it."""
    with terminal(home, f"set -m; {MFA_TUI} credential-process dev & wait $!; echo status $?") as tty:
        tty.wait_for(r"status \d+")
        assert "dev needs an MFA code: run mfa-tui login dev" in tty.screen
        assert tty.screen.endswith("status 3")
    assert aws.count() == 0
    assert device.seed


def test_a_credential_process_that_nobody_answers_gives_up(
    home: Home, aws: StrictAws, device: Device, tmp_path: Path
) -> None:
    """It gives up before the SDK does, which would not say why. The terminal is restored, and the next process asks."""
    assert device.seed
    program = tmp_path / "hasty.py"
    program.write_text(
        "import sys\n"
        "from mfa_tui.cli.sessions import credential_process_slow\n"
        "credential_process_slow._LONGEST = 1\n"
        "sys.argv = ['mfa-tui', 'credential-process', 'dev']\n"
        "from mfa_tui import main\n"
        "sys.exit(main())\n"
    )
    with terminal(home, f"{sys.executable} {program} >out; echo status $?; stty -a; {MFA_TUI} login dev") as tty:
        tty.wait_for(PROMPT)
        tty.wait_for("There were no credentials for dev within 1 s.")
        tty.wait_for("status 1")
        tty.wait_for(" echo ")
        tty.wait_for(PROMPT)
    assert (home.path / "out").read_text() == ""
    assert aws.count() == 0


class TestManyRoles:
    @long
    def test_fifty_processes_for_ten_roles(self, home: Home, aws: StrictAws, user: User, device: Device) -> None:
        """One code, and each role once."""
        home.store_seed(device)
        roles = [f"role-{number}" for number in range(10)]
        for role in roles:
            home.add_role_profile(role, aws.add_role(f"{role}-{user.name}", trust(user.arn, mfa=True)))
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda number: answer(home, roles[number % 10]), range(50)))
        assert [len({str(found) for found in answers[number::10]}) for number in range(10)] == [1] * 10
        assert len({str(found) for found in answers}) == 10
        assert (aws.count("GetSessionToken"), aws.count("AssumeRole")) == (1, 10)

    @long
    def test_processes_that_need_another_session_do_not_wait(
        self, home: Home, aws: StrictAws, user: User, device: Device
    ) -> None:
        """While AWS keeps one process waiting, another role of the same user, the user and another user are served."""
        for name in ("slow", "quick"):
            home.add_role_profile(name, aws.add_role(f"{name}-{user.name}", trust(user.arn, mfa=True)))
        assert home.run("login", "dev", "--code", device.code()).returncode == 0
        other = aws.add_user()
        phone = other.add_device(other.name)
        home.add_profile("other", other, phone)
        aws.fault(delay(60), action="AssumeRole")
        slow = home.start("login", "slow")
        try:
            while aws.count("AssumeRole") == 0:
                assert slow.poll() is None
                time.sleep(0.02)
            assert home.run("login", "quick", "dev").returncode == 0
            assert home.run("login", "other", "--code", phone.code()).returncode == 0
            assert slow.poll() is None
        finally:
            slow.kill()
            slow.communicate()
        # What it held is free.
        assert home.run("login", "slow").returncode == 0
