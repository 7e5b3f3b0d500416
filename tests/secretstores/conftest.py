"""A home whose profile has a stored seed, as the index says; the keyring behind it is for each test to choose."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    # Imported on use: it brings moto.
    from mfa_tui.demo.aws.server import Device, StrictAws
    from tests.support.homes.home import Home


@pytest.fixture
def device(aws: "StrictAws", home: "Home") -> "Device":
    """The device of profile ``dev``, its seed stored in the throw-away file keyring."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.store_seed(device)
    return device


@pytest.fixture
def device_in_vault(aws: "StrictAws", home: "Home") -> "Device":
    """The device of profile ``dev``; the settings put its secret into the vault."""
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    (home.path / ".config/mfa-tui").mkdir(parents=True)
    (home.path / ".config/mfa-tui/config.toml").write_text('seed_store = "vault"\n')
    return device


@pytest.fixture
def keyring_home(home: "Home", device: "Device") -> "Callable[[str], Home]":
    """The home of ``device`` with another keyring backend; empty: the best that keyring finds."""
    assert device.seed in (home.path / "keyring.json").read_text()

    def choose(backend: str) -> "Home":
        if backend:
            home.env["PYTHON_KEYRING_BACKEND"] = backend
        else:
            del home.env["PYTHON_KEYRING_BACKEND"]
        return home

    return choose
