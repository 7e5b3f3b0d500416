"""A user without MFA, and the page on which an enrollment begins."""

import re
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.support.homes.home import Home
from tests.support.interface.interface import Driver
from tests.support.runner.thoroughness import long

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws, User

SIZES = ((80, 24), pytest.param((100, 50), marks=long))
"""The smallest size, and one at which all of a page is seen. One flow goes through its pages at both."""


@pytest.fixture
def newcomer(home: Home, aws: "StrictAws") -> "User":
    """The user of profile ``new``, who has no MFA device yet."""
    user = aws.add_user()
    home.add_profile("new", user)
    return user


async def begin(driver: Driver, name: str = "new") -> None:
    """From the list to the enrollment's first page."""
    await driver.press("d")
    await driver.sees(f"MFA devices of {name}")
    await driver.until(lambda: not driver.app_state.action_log.entry(name).running)
    await driver.press("n")
    await driver.sees("1 of ", "Name and storage")
    await driver.until(lambda: isinstance(driver.app.focused, Input))


def serial_of(user: "User", name: str = "") -> str:
    return f"arn:aws:iam::{user.account}:mfa/{name or user.name}"


def phone(user: "User") -> "Device":
    """The device that has the user's name, as a phone that has scanned its QR code shows it."""
    return user.device(serial_of(user))


def unspaced(driver: Driver) -> str:
    """The screen's letters and digits, as they follow each other."""
    return re.sub(r"[^A-Z0-9]", "", driver.screen)
