"""Fixtures of the services' tests of MFA devices."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # Imported on use: it brings boto3.
    from mfa_tui.services.devices.iam_user import IamUser
    from tests.support.frozen_clock import Desk, NewDesk

LoadUser = Callable[["Desk"], "IamUser"]


@pytest.fixture
def desk(new_desk: "NewDesk") -> "Desk":
    """The machine of a user with one device, whose secret is stored."""
    return new_desk()


@pytest.fixture
def load() -> LoadUser:
    """Loads the user behind the profile ``dev``."""
    from mfa_tui.services.devices.iam_user import IamUser
    from mfa_tui.services.operation import Operation

    def loaded(desk: "Desk") -> IamUser:
        user = IamUser(Operation(desk.context, desk.control, desk.report), "dev")
        user.load()
        return user

    return loaded
