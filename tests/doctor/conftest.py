"""Fixtures of doctor's tests."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.doctor.scenes import Scene

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws
    from tests.support.homes.home import Home


@pytest.fixture
def scene(home: "Home", aws: "StrictAws") -> Scene:
    """A home whose files a test will damage."""
    return Scene(home, aws)


@pytest.fixture
def new_scene(new_home: Callable[[], "Home"], aws: "StrictAws") -> Callable[[], Scene]:
    """Makes such homes, for tests that need several."""
    return lambda: Scene(new_home(), aws)
