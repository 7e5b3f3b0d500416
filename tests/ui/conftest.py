"""Fixtures for the interface: this process lives in the test's home."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pexpect
import pytest

from mfa_tui.adapters.programs import desktop_notification
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.demo.home.keyring_file import FileKeyring
from tests.support.homes.home import Home
from tests.support.processes.reference_terminal import ReferenceTerminal
from tests.support.runner.timeouts import scaled

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws, User


ROWS_AND_COLUMNS = (24, 80)


class Person(NamedTuple):
    """A profile of a user with an MFA device."""

    name: str
    user: "User"
    device: "Device"


AddPerson = Callable[..., Person]


class Spawn:
    """Starts commands in the home, on a terminal."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def __call__(self, command: str, size: tuple[int, int] = ROWS_AND_COLUMNS) -> "pexpect.spawn[str]":
        environment = {**self._home.env, "COLORTERM": "truecolor"}
        child = pexpect.spawn(
            "/bin/sh", ["-c", command], env=environment, cwd=str(self._home.path),
            dimensions=size, encoding="utf-8", codec_errors="replace", timeout=scaled(30),
        )  # fmt: skip
        child.delaybeforesend = None
        child.logfile_read = ReferenceTerminal()
        return child


@pytest.fixture(autouse=True)
def _lives_in_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore and keyring ask the process's own environment; keyring asks it once only."""
    for name, value in home.env.items():
        monkeypatch.setenv(name, value)
    # Whatever terminal runs the tests, theirs has all colors; those of another kind say so.
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("keyring.get_keyring", lambda: FileKeyring(str(home.path)))
    # Nobody's desktop is told of what happens in tests.
    monkeypatch.setattr(desktop_notification, "_run", lambda _: None)


@pytest.fixture(autouse=True)
def _time_step_begins(request: pytest.FixtureRequest, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch) -> None:
    """A test begins with a time step, by this process's clock and AWS's: its codes stay current for 30 seconds.

    What runs in a process of its own has the machine's time, and so have both clocks then.
    """
    if "spawn" not in request.fixturenames:
        ahead = -time.time() % PERIOD
        monkeypatch.setattr(Clock, "now", lambda _: time.time() + ahead)
        aws.clock.offset = ahead


@pytest.fixture
def waits_pass(aws: "StrictAws", monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a time step or for AWS to know a key: the clocks of AWS and of this process jump instead."""
    passed, lock = [0.0], threading.Lock()

    def sleep(scope: CancelScope, seconds: float) -> None:
        scope.check()
        with lock:
            passed[0] += max(0.0, seconds)
            aws.clock.offset += max(0.0, seconds)

    now, monotonic = Clock.now, Clock.monotonic
    monkeypatch.setattr(CancelScope, "sleep", sleep)
    monkeypatch.setattr(Clock, "now", lambda clock: now(clock) + passed[0])
    monkeypatch.setattr(Clock, "monotonic", lambda clock: monotonic(clock) + passed[0])


@pytest.fixture
def person(home: Home, aws: "StrictAws") -> AddPerson:
    """Adds a profile with a user and a device of its own; ``seed``: its seed is stored; ``named``: in mfa_serial."""

    def add(name: str, *, seed: bool = False, named: bool = True) -> Person:
        user = aws.add_user()
        device = user.add_device(f"{name}-{user.name}")
        home.add_profile(name, user, device if named else None)
        if seed:
            home.store_seed(device)
        return Person(name, user, device)

    return add


@pytest.fixture
def spawn(home: Home) -> Spawn:
    """Starts commands in the home, on a terminal."""
    return Spawn(home)
