"""Logins in this process, with a clock that stands still until somebody waits."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.server import Device, StrictAws
from mfa_tui.demo.home.keyring_file import FileKeyring
from mfa_tui.services.context import Context
from mfa_tui.services.login.login import log_in
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Notice, Progress
from mfa_tui.services.sessions.outcomes import LoginRequest, LoginResult, Outcome
from tests.support.awsfiles.saved_sessions import age
from tests.support.homes.home import Home


class FrozenClock(Clock):
    """A clock at *time* (seconds since the epoch), moved by hand or by :class:`Waits`; ``shift`` sets it wrong."""

    def __init__(self, time: float) -> None:
        super().__init__()
        self.time = time
        self.shift = 0.0

    def now(self) -> float:
        return self.time + self.shift

    def monotonic(self) -> float:
        return self.time


class PassingWaits(CancelScope):
    """A scope whose waits pass at once: the clock is put forward instead."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self._clock = clock
        self.waited: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.check()
        self.waited.append(seconds)
        self._clock.time += seconds


class Waits(PassingWaits):
    """The same with AWS's clock, which is put forward too."""

    def __init__(self, clock: FrozenClock, aws: StrictAws) -> None:
        super().__init__(clock)
        self._aws = aws

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._aws.clock.offset += seconds


class LoginSetup:
    """A user's machine: a home, a frozen clock, a stored seed if wanted; AWS's clock is *ahead* by so many seconds."""

    def __init__(self, home: Home, aws: StrictAws, monkeypatch: pytest.MonkeyPatch, *, ahead: float = 0.0) -> None:
        self.aws = aws
        self.home = home
        self.user = aws.add_user()
        self.device: Device = self.user.add_device(self.user.name)
        home.add_profile("dev", self.user, self.device)
        # A file that was written at the moment where this clock stands would count as half written for ever.
        age(home)
        for name, value in home.env.items():
            monkeypatch.setenv(name, value)
        # The keyring library asks the environment only once in a process.
        monkeypatch.setattr("keyring.get_keyring", lambda: FileKeyring(str(home.path)))
        # Early in a step, so that the few real milliseconds of a test never cross into the next.
        self.start = time.time() // 30 * 30 + 5
        aws.clock.offset = self.start + ahead - time.time()
        self.clock = FrozenClock(self.start)
        self.scope = Waits(self.clock, aws)
        self.warnings: list[str] = []
        self.notices: list[str] = []
        self.context = self.new_process()

    def new_process(self) -> Context:
        """The context that another mfa-tui process of the user would have: it knows nothing of AWS's clock."""
        self.clock.offset = None
        self.context = Context(self.home.env, warn=self.warnings.append, clock=self.clock)
        return self.context

    def login(self, request: LoginRequest | None = None) -> LoginResult:
        outcome = self.outcome(request)
        assert isinstance(outcome, LoginResult)
        return outcome

    def outcome(self, request: LoginRequest | None = None) -> Outcome:
        operation = Operation(self.context, self.scope, self.report)
        return log_in(operation, request or LoginRequest("dev"))

    def report(self, event: Progress | Notice) -> None:
        if isinstance(event, Notice):
            self.notices.append(event.text)

    def step(self) -> int:
        """The current step at AWS."""
        return int(self.aws.clock.now()) // 30

    @property
    def accepted(self) -> list[int]:
        """The steps that AWS took."""
        return self.aws.steps(self.device.serial).accepted

    @property
    def attempted(self) -> list[int | None]:
        """The steps of all codes that AWS saw."""
        return self.aws.steps(self.device.serial).attempted

    def files(self) -> dict[Path, bytes]:
        """Both AWS files."""
        return {path: path.read_bytes() for path in (self.home.config, self.home.credentials) if path.exists()}


NewLoginSetup = Callable[..., LoginSetup]
