"""The program on a real pseudo-terminal, as its users meet it."""

import os
import signal
import sys
from typing import TYPE_CHECKING

import boto3
import pexpect
import pytest

from tests.home import Home
from tests.ui.conftest import AddPerson, Spawn

if TYPE_CHECKING:
    from mfa_tui.demo.server import StrictAws


def test_filter_enter_session_quit(person: AddPerson, spawn: Spawn) -> None:
    person("ops")
    dev = person("dev-main", seed=True)
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    child.expect("dev-main")
    # In one burst, as a terminal over a slow line may send it.
    child.send("/main")
    child.expect("1 of 2")
    child.send("\r")
    child.expect("✓ 11 h 59 m")
    child.send("\x1b")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    identity = boto3.Session(profile_name="dev-main-mfa").client("sts").get_caller_identity()
    assert identity["Arn"] == dev.user.arn


def test_standard_output_stays_empty(home: Home, person: AddPerson, spawn: Spawn) -> None:
    person("dev")
    output = home.path / "output"
    child = spawn(f"exec {sys.executable} -m mfa_tui > '{output}'")
    child.expect("Log in")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert os.path.getsize(output) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_ended_from_outside_it_gives_the_terminal_back(person: AddPerson, spawn: Spawn, number: signal.Signals) -> None:
    person("dev")
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    child.expect("Log in")
    child.kill(number)
    # The alternate screen is left.
    child.expect_exact("\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 128 + number


def enrolling(spawn: Spawn) -> "pexpect.spawn[str]":
    """The program, from the start to the enrolment's first page for the profile ``new``."""
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    child.expect("Log in")
    child.send("\r")
    child.expect("Enrol an MFA device for new")
    child.send("y")
    return child


def test_from_no_mfa_to_a_written_session(home: Home, aws: "StrictAws", spawn: Spawn) -> None:
    user = aws.add_user()
    home.add_profile("new", user)
    child = enrolling(spawn)
    child.expect("1 of 4")
    child.expect("Where")
    child.send("\r")
    child.expect("2 of 4")
    child.expect("The phone has it")
    child.send("\r")
    child.expect("a login has proved it")
    child.send("\r")
    child.expect("✓ 11 h 59 m")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    identity = boto3.Session(profile_name="new-mfa").client("sts").get_caller_identity()
    assert identity["Arn"] == user.arn
    assert user.devices() == [f"arn:aws:iam::{user.account}:mfa/{user.name}"]


def test_who_leaves_an_enrolment_is_told_what_lies_at_aws(home: Home, aws: "StrictAws", spawn: Spawn) -> None:
    user = aws.add_user()
    home.add_profile("new", user)
    child = enrolling(spawn)
    child.expect("Where")
    child.send("\r")
    child.expect("The phone has it")
    child.send("\x11")
    child.expect_exact("\x1b[?1049l")
    child.expect(f"{user.name} is made and not enabled yet; mfa-tui device enroll new goes")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
