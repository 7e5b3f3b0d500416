"""Codes that are refused."""

from typing import TYPE_CHECKING

from textual import events

from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson
from tests.ui.sessions.test_login_flow import WRONG, logged_in

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


async def test_a_wrong_code_is_reported_in_the_dialog_which_takes_another(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    ops = person("ops")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await driver.sees("Code for ops")
        await driver.type("12")
        await driver.press("enter")
        await driver.sees("An MFA code has six digits.", "It has 2 digits.")
        assert aws.count("GetSessionToken") == 0
        await driver.press("backspace", "backspace")
        await driver.type(WRONG[:1])
        await driver.until(lambda: "six digits" not in driver.screen, "no word of what is typed no more")
        await driver.type(WRONG[1:])
        await driver.press("enter")
        await driver.sees("AWS did not accept the code for ops.", "_ _ _ _ _ _")
        await driver.press("1", "enter")
        await driver.sees("It has 1 digit.")
        await driver.press("2")
        # What AWS has said still counts.
        await driver.sees("AWS did not accept the code for ops.")
        await driver.press("escape")
        await driver.idle("ops")
        # Escape closes the dialog; what AWS said of the last attempt stays.
        await driver.until(lambda: driver.app.screen is driver.main)
        assert "✗ AWS did not accept the code" in driver.line_of("ops")
        await driver.press("enter")
        await driver.sees("Code for ops")
        code = ops.device.code()
        driver.app.screen.post_message(events.Paste(f" {code[:3]} {code[3:]}\n"))
        await driver.sees(" ".join(code))
        await driver.press("enter")
        await logged_in(driver, "ops")
        await driver.until(lambda: driver.app.screen is driver.main)
