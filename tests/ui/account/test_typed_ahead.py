"""Keys that are typed before a screen has loaded, or before a dialog opens, are no commands of what is there."""

import threading
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws import faults
from mfa_tui.ui.account import examination, user_flows
from mfa_tui.ui.account.screen import AccountScreen
from mfa_tui.ui.account.table import AccountTable
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.account.test_flows import on_row

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


def held(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> threading.Event:
    """Let a function of a module, which runs in a thread, wait for the event that this returns."""
    go_on, function = threading.Event(), getattr(module, name)

    def wait(*arguments: object) -> object:
        assert go_on.wait(60)
        return function(*arguments)

    monkeypatch.setattr(module, name, wait)
    return go_on


@long
@pytest.mark.usefixtures("account")
async def test_before_the_first_table(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = held(monkeypatch, examination, "examine")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("w", *"rndxsv/rndx", "enter")
        assert len(driver.app.screen_stack) == 2
        go_on.set()
        await driver.sees("FINDINGS")
        await driver.until(lambda: not driver.app_state.action_log.running(), "the end of the audit")
        assert isinstance(driver.app.screen, AccountScreen)
        assert isinstance(driver.app.focused, AccountTable)
        # In the order of the start, and unfiltered.
        await driver.sees("FINDINGS↓")


@long
@pytest.mark.usefixtures("account")
async def test_before_the_dialog_for_a_user_opens(
    home: Home, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch
) -> None:
    async with interface(home, size=(80, 24)) as driver:
        await on_row(driver, "tom")
        go_on = held(monkeypatch, user_flows, "list_keys")
        await driver.press("d", *"ysx/", "enter")
        assert isinstance(driver.app.screen, AccountScreen)
        assert isinstance(driver.app.focused, AccountTable)
        await driver.until(lambda: any("what you asked for is being prepared" in toast for toast in driver.toasts))
        go_on.set()
        await driver.sees("Which key of tom?")
        # The dialog has its keys.
        await driver.press("enter")
        await driver.sees("stops working")
        await driver.press("n")
        await driver.until(lambda: isinstance(driver.app.screen, AccountScreen))
        # And then the table has them again.
        await driver.idle("dev")
        await driver.press("s")
        await driver.sees("USER↓")
    assert aws.count("UpdateAccessKey") == 0


@long
@pytest.mark.usefixtures("account")
async def test_escape_cancels_before_the_dialog_opens(home: Home, aws: "StrictAws") -> None:
    async with interface(home, size=(80, 24)) as driver:
        await on_row(driver, "tom")
        aws.fault(faults.delay(30), action="ListMFADevices")
        await driver.press("r", "escape")
        await driver.idle("dev")
        assert isinstance(driver.app.screen, AccountScreen)
        await driver.press("s")
        await driver.sees("USER↓")
