"""Fixtures of the tests of MFA devices and their life at AWS."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # Imported on use: it brings boto3.
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.homes.home import Home


@pytest.fixture
def user(aws: "StrictAws", home: "Home") -> "User":
    """A user of this test's own, without MFA, and the profile ``dev`` with its keys."""
    user = aws.add_user()
    home.add_profile("dev", user)
    return user


@pytest.fixture
def device(aws: "StrictAws", home: "Home") -> "Device":
    """The MFA device of another user, whose profile ``ops`` names it, and whose seed is stored."""
    owner = aws.add_user()
    device = owner.add_device(owner.name)
    home.add_profile("ops", owner, device)
    home.store_seed(device)
    return device
