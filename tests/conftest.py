"""Fixtures for all tests: the strict embedded AWS, and homes that have nothing of the developer's own."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.runner import thoroughness

if TYPE_CHECKING:
    # Imported on use below: they bring moto, which takes seconds.
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.aws.audits import AuditBench
    from tests.support.clocks.frozen_clock import NewLoginSetup
    from tests.support.clocks.moved_time import MovedTime
    from tests.support.homes.bench import Bench
    from tests.support.homes.home import Home

_FOREIGN = ("AWS_", "MFA_TUI_", "XDG_", "PYTHON_KEYRING_")
_FOREIGN_NAMES = {
    "NO_COLOR",
    "BROWSER",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "DBUS_SESSION_BUS_ADDRESS",
}


_in_memory = pytest.StashKey[bool]()
"""Whether temporary directories are in memory."""


def _workers(text: str) -> int:
    """How many workers: for ``auto``, two a processor, as tests wait for what they start about as long as they work."""
    return 2 * min(os.cpu_count() or 1, 8) if text == "auto" else int(text)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fire", action="store_true", help="run the trials in tests/fire at full length")
    parser.addoption("--workers", type=_workers, default=0, help="processes that run the tests, or auto")
    parser.addoption("--long", action="store_true", help="run the long forms of the tests too")


def pytest_configure(config: pytest.Config) -> None:
    # By default, seven hundred new objects start a collection.
    gc.set_threshold(20_000, 20, 50)
    thoroughness.choose(long=bool(config.getoption("--long")))
    if not (config.getoption("--long") or config.getoption("--fire")):
        from tests.support.quick import quick_directory

        config.stash[_in_memory] = quick_directory.choose()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the directories of a run without failures; those of others are looked at."""
    made = session.config._tmp_path_factory._basetemp  # type: ignore[attr-defined]
    if session.config.stash.get(_in_memory, False) and made is not None and exitstatus == pytest.ExitCode.OK:
        from tests.support.quick import quick_directory

        quick_directory.remove(made)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the long form runs, unless asked for: what is marked so, and most cases with processes."""
    if config.getoption("--long"):
        return
    left_out = thoroughness.left_out(items, trials=bool(config.getoption("--fire")))
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: the collector need not look through it each time."""
    if session.config.option.collectonly:
        # This is the set-up: the first run finds what hypothesis keeps.
        from tests.support.runner import workers

        workers.learn_constants()
    gc.collect()
    gc.freeze()


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests in ``--workers``; without them, as pytest does."""
    options, number = session.config.option, session.config.getoption("--workers")
    if number < 2 or len(session.items) < 2 or options.collectonly or options.usepdb or session.testsfailed:
        return None
    from tests.support.runner import workers

    return workers.run(session, number)


@pytest.fixture(scope="session", autouse=True)
def _no_foreign_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests meet neither the developer's AWS files, nor their keyring, settings, proxies or terminal."""
    empty = tmp_path_factory.mktemp("nobodys-home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_FOREIGN) or name.upper() in _FOREIGN_NAMES:
                patch.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(empty))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_scrypt() -> Iterator[None]:
    from tests.support.quick import quick_scrypt

    with quick_scrypt.chosen(quick_scrypt.LOW):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_disk() -> None:
    from tests.support.quick import quick_disk

    quick_disk.choose()


@pytest.fixture(autouse=True)
def _leaves_no_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001 - undone only after this
    """The work that a test began ends with it: later, it would find another test's environment, and call its AWS."""
    yield
    from tests.support.runner.left_work import wait_for_work

    wait_for_work()


@pytest.fixture(scope="session")
def aws_data_read_once() -> None:
    """The botocore sessions of this process share what they read of AWS's services: it takes longer than a request."""
    from tests.support.quick.quick_botocore import read_data_once

    read_data_once()


@pytest.fixture(scope="session")
def aws_server(aws_data_read_once: None) -> Iterator["StrictAws"]:  # noqa: ARG001 - needed, and without a value
    """The embedded AWS of this test process; tests take ``aws``."""
    from mfa_tui.demo.aws.server import StrictAws
    from tests.support.clocks.moved_time import FollowingClock

    server = StrictAws.start(FollowingClock())
    yield server
    server.stop()


@pytest.fixture
def aws(aws_server: "StrictAws") -> Iterator["StrictAws"]:
    """The embedded AWS with a right clock, no faults and an empty request log.

    Users stay from test to test, so give each test users of its own: ``aws.add_user()``.
    """
    aws_server.reset()
    yield aws_server
    aws_server.clock.follow(None)  # type: ignore[attr-defined]
    aws_server.reset()


@pytest.fixture
def moved_time(home: "Home", aws: "StrictAws") -> "MovedTime":
    """The time of the home's processes and of AWS, in which nobody waits; see ``support.moved_time``."""
    from tests.support.clocks.moved_time import MovedTime

    return MovedTime(home, aws)


@pytest.fixture
def sts_way(request: pytest.FixtureRequest) -> str:
    """How homes call STS: ``direct``, or with ``botocore``, which the long form of tests marked both_ways does too."""
    return str(getattr(request, "param", "direct"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked both_ways in both, in the long form."""
    marked = metafunc.definition.get_closest_marker("both_ways") and "sts_way" in metafunc.fixturenames
    if marked and thoroughness.is_long():
        metafunc.parametrize("sts_way", ["direct", "botocore"], indirect=True)


@pytest.fixture
def new_home(tmp_path_factory: pytest.TempPathFactory, aws: "StrictAws", sts_way: str) -> Callable[[], "Home"]:
    """Makes throw-away homes, for tests that need several."""
    from tests.support.aws.two_ways import FOR_BOTOCORE
    from tests.support.homes.home import Home

    def new() -> Home:
        made = Home(tmp_path_factory.mktemp("home"), aws.url)
        made.env |= FOR_BOTOCORE if sts_way == "botocore" else {}
        return made

    return new


@pytest.fixture
def home(new_home: Callable[[], "Home"]) -> "Home":
    """A throw-away home whose AWS is the embedded one: ``home.add_profile(…)``, ``home.run("login", "dev")``."""
    return new_home()


@pytest.fixture
def user(aws: "StrictAws") -> "User":
    """A user of this test's own."""
    return aws.add_user()


@pytest.fixture
def device(user: "User", home: "Home") -> "Device":
    """That user's MFA device, and the profile ``dev`` that names it."""
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    return device


@pytest.fixture
def bench(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    aws_data_read_once: None,  # noqa: ARG001 - needed, and without a value
) -> "Bench":
    """A home with the profile ``dev``, and neither AWS nor a keyring; see :class:`tests.support.homes.bench.Bench`."""
    from keyring.backends.fail import Keyring

    from tests.support.homes.bench import Bench

    # The keyring library asks the environment only once in a process.
    monkeypatch.setattr("keyring.get_keyring", Keyring)
    return Bench(tmp_path)


@pytest.fixture
def new_setup(home: "Home", aws: "StrictAws", monkeypatch: pytest.MonkeyPatch) -> "NewLoginSetup":
    """Makes a machine with a frozen clock: ``new_setup(ahead=240)``; see ``support.frozen_clock``."""
    from tests.support.clocks.frozen_clock import LoginSetup

    def new(*, ahead: float = 0.0, seed: bool = True) -> "LoginSetup":
        setup = LoginSetup(home, aws, monkeypatch, ahead=ahead)
        if seed:
            home.store_seed(setup.device)
        return setup

    return new


@pytest.fixture
def audit_bench(home: "Home", aws: "StrictAws", monkeypatch: pytest.MonkeyPatch) -> "AuditBench":
    """An account of its own with an auditor; see :class:`tests.support.aws.audits.AuditBench`."""
    from tests.support.aws.audits import AuditBench

    return AuditBench(home, aws, monkeypatch)
