"""An administrator enrolls a device for another user in the interface."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR, HELP_DESK, SELF_SERVICE
from mfa_tui.ui.enrollment.screen import enroll_for
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.interface.qrcodes import read_one
from tests.support.runner.thoroughness import long
from tests.ui.enrollment.enrolling import SIZES, phone, serial_of

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import Device, StrictAws, User


@pytest.fixture
def admin(aws: "StrictAws", home: Home) -> "Device":
    """The device of the administrator, whose profile is ``ops``; its secret is stored here."""
    user = aws.add_user(policy=HELP_DESK)
    device = user.add_device(user.name)
    home.add_profile("ops", user, device)
    home.store_seed(device)
    return device


@pytest.fixture
def colleague(aws: "StrictAws") -> "User":
    """The other user, whose keys are not here."""
    return aws.add_user()


def begin(driver: Driver, name: str) -> None:
    """As a row of the account screen does it."""
    driver.main.run_worker(enroll_for(driver.main, "ops", name))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_device_on_the_phone_of_the_other_user(
    home: Home, admin: "Device", colleague: "User", aws: "StrictAws", size: tuple[int, int]
) -> None:
    before = home.config.read_bytes()
    async with interface(home, size=size) as driver:
        begin(driver, colleague.name)
        await driver.sees("1 of 3 · Name and storage", colleague.name, "◉ On the phone only", "no MFA device yet")
        await driver.press("enter")
        await driver.sees("2 of 3 · QR code", f"Scan this with {colleague.name}'s authenticator app.")
        address = await read_one(driver)
        assert aws.seed_of(serial_of(colleague)) in address
        await driver.press("enter")
        await driver.sees("3 of 3 · Two codes")
        for code in phone(colleague).codes():
            await driver.type(code)
        await driver.press("enter")
        await driver.sees(f"is enabled for {colleague.name}.", "on the phone of the user only", "A text to send to")
        assert colleague.devices() == [serial_of(colleague)]
        assert driver.context.seeds.serials() == {admin.serial}
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
    assert home.config.read_bytes() == before
    assert aws.count("GetSessionToken") == 1
    (enabled,) = [request for request in aws.requests if request.action == "EnableMFADevice"]
    assert enabled.user == admin.serial.rsplit("/")[-1]


@long
@pytest.mark.usefixtures("admin")
async def test_leaving_deletes_what_was_begun(home: Home, colleague: "User", aws: "StrictAws") -> None:
    async with interface(home) as driver:
        begin(driver, colleague.name)
        await driver.sees("1 of 3")
        await driver.press("enter")
        await driver.sees("2 of 3")
        await driver.press("escape")
        await driver.sees("unfinished?")
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
    assert serial_of(colleague) not in dict(aws.virtual_devices())


@long
async def test_without_the_right_it_says_which_is_missing(home: Home, colleague: "User", aws: "StrictAws") -> None:
    user = aws.add_user(policy=SELF_SERVICE)
    device = user.add_device(user.name)
    home.add_profile("ops", user, device)
    home.store_seed(device)
    async with interface(home, size=(120, 36)) as driver:
        begin(driver, colleague.name)
        await driver.sees("1 of 3")
        await driver.press("enter")
        await driver.sees(f"The policies of {user.name} must allow iam:CreateVirtualMFADevice")


@long
async def test_an_administrator_without_mfa_signs_with_the_keys(
    home: Home, colleague: "User", aws: "StrictAws"
) -> None:
    home.add_profile("ops", aws.add_user(policy=ADMINISTRATOR))
    async with interface(home) as driver:
        begin(driver, colleague.name)
        await driver.sees("1 of 3 · Name and storage", colleague.name)
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
