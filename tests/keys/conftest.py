"""A profile ``dev`` with the long-term keys of a user, whose device has its secret stored."""

from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    # Imported on use: it brings moto.
    from mfa_tui.demo.aws.server import Device, StrictAws, User
    from tests.support.homes.home import Home


class Ana(NamedTuple):
    """The user behind ``dev``."""

    user: "User"
    device: "Device"


@pytest.fixture
def ana(aws: "StrictAws", home: "Home") -> Ana:
    """The user behind ``dev``; the secret of the device is stored."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return Ana(user, device)
