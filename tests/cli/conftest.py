"""Fixtures of the command line's tests."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # Imported on use: it brings boto3.
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.home import Home


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
