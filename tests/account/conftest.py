"""Fixtures of the tests of the account: an administrator and a colleague."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts import policy_documents

if TYPE_CHECKING:
    # Imported on use: it brings boto3.
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.homes.home import Home


@pytest.fixture
def admin(aws: "StrictAws", home: "Home") -> "Device":
    """The device of an administrator of MFA devices, whose profile ``ops`` names it; its secret is stored here."""
    user = aws.add_user(policy=policy_documents.HELP_DESK)
    device = user.add_device(user.name)
    home.add_profile("ops", user, device)
    home.store_seed(device)
    return device


@pytest.fixture
def colleague(aws: "StrictAws") -> "User":
    """Another user of the account, whose keys are not here."""
    return aws.add_user()
