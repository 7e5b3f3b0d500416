"""Fixtures for tests of the files: homes whose AWS does not answer, because the sessions are at hand."""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.homes.home import Home
from tests.support.processes.launcher import Launcher

NO_AWS = "http://127.0.0.1:9"
"""Where nobody answers: these tests have their sessions in hand."""


@pytest.fixture(scope="session")
def launcher() -> Launcher:
    """Runs mfa-tui under limits, as another user, or killed at a system call."""
    return Launcher()


@pytest.fixture
def new_home() -> Iterator[Callable[[], Home]]:
    """Makes throw-away homes without an AWS; tests that need one ask for ``aws``.

    They lie in memory where that can be had: these tests write thousands of files to the disk, and wait for it.
    """
    memory = "/dev/shm"  # noqa: S108 - a directory of its own is made there
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as directory:
        numbers = itertools.count()
        yield lambda: Home(Path(directory) / str(next(numbers)), NO_AWS)


@pytest.fixture
def home(new_home: Callable[[], Home]) -> Home:
    """A throw-away home without an AWS."""
    return new_home()


@pytest.fixture
def shared_home() -> Iterator[Home]:
    """A throw-away home on the disk, which other users can reach.

    It is not pytest's directory for this: whenever pytest is started, that is shut to others again.
    """
    with tempfile.TemporaryDirectory(prefix="mfa-tui-shared-") as directory:
        path = Path(directory)
        path.chmod(0o755)
        home = Home(path / "home", NO_AWS)
        home.path.chmod(0o755)
        yield home
