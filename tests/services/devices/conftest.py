"""Fixtures of the services' tests of MFA devices."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # ImportResult on use: it brings boto3.
    from mfa_tui.services.devices.iam_user import IamUser
    from tests.support.clocks.frozen_clock import LoginSetup, NewLoginSetup

LoadUser = Callable[["LoginSetup"], "IamUser"]


@pytest.fixture
def setup(new_setup: "NewLoginSetup") -> "LoginSetup":
    """The machine of a user with one device, whose secret is stored."""
    return new_setup()


@pytest.fixture
def load() -> LoadUser:
    """Loads the user behind the profile ``dev``."""
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.operation import Operation

    def loaded(setup: "LoginSetup") -> IamUser:
        user = IamUser(Operation(setup.context, setup.scope, setup.report), "dev")
        user.load()
        return user

    return loaded
