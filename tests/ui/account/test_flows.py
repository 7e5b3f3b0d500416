"""What an administrator does for a user from the account screen: enroll, reset, disable a key."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws import faults
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.enrollment.enrolling import phone, serial_of

if TYPE_CHECKING:
    from mfa_tui.demo.aws.account_setup import AccountSetup
    from mfa_tui.demo.aws.server import StrictAws, User

pytestmark = pytest.mark.usefixtures("waits_pass")


@pytest.fixture
def kim(aws: "StrictAws", account: "AccountSetup") -> "User":
    """A user of the account with an access key, whose keys are not here."""
    user = aws.add_user("kim", account=account.state.account)
    account.set_password("kim")
    return user


async def on_row(driver: Driver, name: str) -> None:
    """The account screen with the cursor on a user, when the audit is over."""
    await driver.press("w")
    await driver.sees("FINDINGS")
    await driver.until(lambda: not driver.app_state.action_log.running(), "the end of the audit")
    await driver.press("slash", *name, "tab")
    await driver.sees(f"› {name}")


@long
@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 36), marks=long)], ids=str)
async def test_enrolling_for_a_user(home: Home, aws: "StrictAws", kim: "User", size: tuple[int, int]) -> None:
    async with interface(home, size=size) as driver:
        await on_row(driver, "kim")
        await driver.sees("kim has a password, and no MFA device.")
        await driver.press("n")
        await driver.sees("1 of 3", "Creates and enables a virtual MFA device for kim", "The secret is not kept here")
        assert aws.count("CreateVirtualMFADevice") == 0
        await driver.press("enter")
        await driver.sees("2 of 3")
        await driver.press("enter")
        await driver.sees("3 of 3")
        for code in phone(kim).codes():
            await driver.type(code)
        await driver.press("enter")
        await driver.sees("is enabled for kim.", "y Copy text")
        await driver.press("y")
        assert "mfa_serial = " in driver.app.clipboard
        await driver.press("pagedown", "pagedown")
        await driver.sees("iam:EnableMFADevice", "request ID")
        await driver.press("enter")
        # The row is as AWS has it now, though the credential report is older.
        await driver.sees("› kim", "✓ app", "kim has one MFA device and no spare.")
        assert kim.devices() == [serial_of(kim)]


async def test_resetting_a_lost_device(home: Home, aws: "StrictAws", kim: "User") -> None:
    lost, kept = kim.add_device("kim-phone"), kim.add_device("kim-tablet")
    async with interface(home, size=(100, 40)) as driver:
        await on_row(driver, "kim")
        await driver.press("r")
        await driver.sees("Which device of kim?", "kim-phone", "kim-tablet", "All 2")
        await driver.press("1")
        await driver.sees("Deactivates and deletes the MFA device kim-phone of kim", "kim keeps kim-tablet.")
        # Enter alone changes nothing.
        await driver.press("enter")
        await driver.sees("FINDINGS")
        assert aws.count("DeactivateMFADevice") == 0
        await driver.press("r")
        await driver.sees("Which device of kim?")
        await driver.press("1")
        await driver.sees("Deactivates and deletes the MFA device kim-phone")
        await driver.press("y")
        await driver.sees(
            "Deactivated and deleted the MFA device kim-phone.", "Hello kim,", "iam:DeactivateMFADevice", "iam:Delete"
        )
        await driver.press("y")
        assert driver.app.clipboard.startswith("Hello kim,")
        await driver.press("n")
        await driver.sees("1 of 3", "has kim-tablet")
        await driver.press("escape")
        await driver.sees("› kim", "kim has one MFA device and no spare.")
        assert kim.devices() == [kept.serial]
    assert lost.serial not in [serial for serial, _ in aws.virtual_devices()]


@long
async def test_disabling_a_key_and_enabling_it_again(home: Home, aws: "StrictAws", kim: "User") -> None:
    key = kim.access_key_id
    async with interface(home, size=(100, 40)) as driver:
        await on_row(driver, "kim")
        for verb, status, done in (("Disable", "active", "is disabled"), ("Enable", "disabled", "is enabled again")):
            await driver.press("d")
            await driver.sees("Which key of kim?", f"{verb} {key}", status)
            await driver.press("enter")
            await driver.sees(f"{verb} {key}?", "signed as boss")
            await driver.press("y")
            await driver.sees(f"The key {key} of kim {done}.", "iam:UpdateAccessKey", "request ID")
            await driver.press("enter")
            await driver.sees("› kim")
            # Without the key there is only the password.
            await driver.sees("off" if verb == "Disable" else "key 1 active")
    assert aws.count("UpdateAccessKey") == 2


@long
async def test_a_refusal_is_shown_with_the_requests(home: Home, aws: "StrictAws", kim: "User") -> None:
    kim.add_device("kim-phone")
    async with interface(home, size=(100, 40)) as driver:
        await on_row(driver, "kim")
        aws.fault(faults.server_error(), action="DeleteVirtualMFADevice", times=9)
        await driver.press("r")
        await driver.sees("Deactivates and deletes the MFA device kim-phone")
        await driver.press("y")
        await driver.sees("The reset of kim failed", "iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice")
        await driver.press("enter")
        # The device is deactivated, and the row says so.
        await driver.sees("› kim", "✗ none")


@long
@pytest.mark.usefixtures("account")
async def test_the_administrator_s_own_row_leads_to_its_own_screen(home: Home) -> None:
    async with interface(home, size=(100, 40)) as driver:
        await on_row(driver, "boss")
        await driver.press("r")
        await driver.sees("! boss is the user of dev itself. Press d on the list of profiles for its devices.")
