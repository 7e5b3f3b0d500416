"""Fixtures of the tests of scopes: a user who may do everything, and the services to try that on."""

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.demo.aws.server import Device, StrictAws, User
from tests.support.homes.home import Home


@pytest.fixture
def user(aws: StrictAws) -> User:
    """A user who may do everything."""
    return aws.add_user(policy=ADMINISTRATOR)


@pytest.fixture
def device(user: User, home: Home, aws: StrictAws) -> Device:
    """The user's device with a stored secret, and the profile ``dev`` that names it."""
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    home.env["AWS_ENDPOINT_URL"] = aws.url
    return device
