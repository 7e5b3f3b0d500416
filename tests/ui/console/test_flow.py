"""The console's key: a role arrives in the browser, a user sees the sign-in page's data and a code that counts down."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.core.seeds.totp import PERIOD
from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.ui.console import flow
from mfa_tui.ui.console.sign_in_dialog import SignInDialog
from tests.console.conftest import StandIn
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, ShiftedClock, interface
from tests.support.runner.thoroughness import long
from tests.ui.account.test_typed_ahead import held
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from pathlib import Path

    from mfa_tui.demo.aws.server import StrictAws


@pytest.fixture
def browser(tmp_path: "Path", home: Home, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The browser of the home, and of this process."""
    stand_in = StandIn(tmp_path)
    for name, value in {"AWS_ENDPOINT_URL_SIGNIN": aws.url, "BROWSER": stand_in.command}.items():
        monkeypatch.setenv(name, value)
        home.env[name] = value
    return stand_in


async def test_a_role_arrives_and_the_link_is_never_shown(
    home: Home, person: AddPerson, aws: "StrictAws", browser: StandIn
) -> None:
    dev = person("dev", seed=True)
    role = aws.add_role(f"admin-{dev.user.name}", trust(dev.user.arn, mfa=True))
    home.add_role_profile("admin", role)
    async with interface(home, profile="admin") as driver:
        await driver.press("b")
        await driver.until(lambda: bool(driver.toasts), "the toast")
        assert driver.toasts[0].startswith("Console opened for admin Signed in until ")
        await driver.sees("CloudTrail will show this sign-in as one without MFA")
        token = aws.sign_ins[-1].token
        assert token[:20] not in driver.screen
        # Nothing was written to the AWS files.
        assert driver.key_in_file("admin-mfa") == ""
    assert f"admin-{dev.user.name}" in browser.visit().page


@long
async def test_a_role_asks_for_a_code_if_it_must(
    home: Home, person: AddPerson, aws: "StrictAws", browser: StandIn
) -> None:
    dev = person("dev")
    home.add_role_profile("admin", aws.add_role(f"admin-{dev.user.name}", trust(dev.user.arn, mfa=True)))
    async with interface(home, profile="admin") as driver:
        await driver.press("b")
        await driver.sees("Code for admin")
        assert not browser.started
        await driver.type(dev.device.code())
        await driver.press("enter")
        await driver.until(lambda: bool(driver.toasts), "the toast")
    assert "Signed in as" in browser.visit().page


def dialog(driver: Driver) -> SignInDialog:
    screen = driver.app.screen
    assert isinstance(screen, SignInDialog)
    return screen


async def test_a_user_sees_what_to_type_and_the_code_counts_down(
    home: Home, person: AddPerson, browser: StandIn
) -> None:
    dev = person("dev", seed=True)
    clock = ShiftedClock()
    async with interface(home, profile="dev", clock=clock) as driver:
        await driver.press("b")
        await driver.sees("Sign in to the console as dev", "1111-2222-3333", dev.user.name, "recorded as used")
        assert "Account: 111122223333" in browser.visit().page
        first = driver.app.clipboard
        assert first in (dev.device.code(-1), dev.device.code(), dev.device.code(1))
        assert " ".join(first[:3]) in driver.words
        assert len(driver.context.used_codes.used_steps(dev.device.serial)) == 1
        dialog(driver).mask(masked=True)
        await driver.until(lambda: " ".join(first[:3]) not in driver.words, "a hidden code")
        dialog(driver).mask(masked=False)
        place = dialog(driver).query_one(".dialog").region
        clock.shift += PERIOD
        await driver.sees("The code has expired. Press c for the next one.")
        assert dialog(driver).query_one(".dialog").region == place
        await driver.press("c")
        await driver.sees("recorded as used")
        assert driver.app.clipboard != first
        assert len(driver.context.used_codes.used_steps(dev.device.serial)) == 2
        await driver.press("u")
        assert driver.app.clipboard == dev.user.name
        await driver.press("escape")
        assert driver.app.screen is driver.main


async def test_without_a_browser_a_user_gets_the_address(
    home: Home, person: AddPerson, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = person("dev", seed=True)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SIGNIN", aws.url)
    home.env["AWS_ENDPOINT_URL_SIGNIN"] = aws.url
    async with interface(home, profile="dev", size=(60, 20), BROWSER="no-such-browser") as driver:
        await driver.press("b")
        await driver.sees("is not installed.", dev.user.name, "Press c for a code.", "a Copy address")
        assert driver.app.clipboard == ""
        await driver.press("a")
        assert driver.app.clipboard == f"{aws.url}/console?account=111122223333"
        assert "/console?account=111122223333" in driver.screen
        await driver.press("c")
        await driver.sees("recorded as used")
        assert driver.app.clipboard in (dev.device.code(), dev.device.code(1))


@long
async def test_keys_typed_before_the_dialog_opens_are_no_commands_of_the_list(
    home: Home, person: AddPerson, browser: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = person("dev", seed=True)
    async with interface(home, profile="dev") as driver:
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        go_on = held(monkeypatch, flow, "find_user_page")
        await driver.press("b", *"ocuy", "enter")
        assert driver.app.screen is driver.main
        assert driver.app.clipboard == ""
        go_on.set()
        await driver.sees("Sign in to the console as dev", dev.user.name)
        assert driver.key_in_file("dev-mfa") != ""
        await driver.press("u")
        assert driver.app.clipboard == dev.user.name
        await driver.press("escape")
        assert driver.app.screen is driver.main
    assert browser.started


@long
async def test_without_a_stored_secret_only_the_page_opens(home: Home, person: AddPerson, browser: StandIn) -> None:
    dev = person("dev")
    async with interface(home, profile="dev", size=(80, 24)) as driver:
        await driver.press("b")
        await driver.sees("No secret is stored for dev. Type the code that the MFA device shows.", dev.user.name)
        assert driver.app.clipboard == ""
        assert driver.context.used_codes.used_steps(dev.device.serial) == set()
        await driver.press("enter")
        assert driver.app.screen is driver.main
    assert "Account:" in browser.visit().page


@pytest.mark.usefixtures("browser")
async def test_a_role_without_a_browser_is_told_the_command(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev", seed=True)
    home.add_role_profile("admin", "arn:aws:iam::111122223333:role/admin")
    async with interface(home, profile="admin", BROWSER="no-such-browser") as driver:
        await driver.press("b")
        await driver.sees("The browser 'no-such-browser' is not installed.", "mfa-tui console admin --print")
    # A thread of the test before may still be asking.
    assert not [request for request in aws.requests if request.access_key_id == dev.user.access_key_id]


async def test_the_wait_for_the_browser_can_be_cancelled(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev", seed=True)
    home.add_role_profile("admin", aws.add_role(f"admin-{dev.user.name}", trust(dev.user.arn, mfa=True)))
    async with interface(home, profile="admin", BROWSER="true", AWS_ENDPOINT_URL_SIGNIN=aws.url) as driver:
        await driver.press("b")
        await driver.until(lambda: aws.count("getSigninToken") == 1, "the request")
        await driver.press("escape")
        await driver.idle("admin")
        assert driver.app_state.action_log.entry("admin").problem is None


async def test_broken_profiles_say_why_not(home: Home, person: AddPerson) -> None:
    person("dev")
    home.add_role_profile("old", "arn:aws:iam::111122223333:role/old", "gone")
    async with interface(home, profile="old") as driver:
        await driver.press("b")
        await driver.until(lambda: "Console: source 'gone' is missing" in driver.app_state.action_log.entry("old").hint)


async def test_a_code_that_comes_while_the_dialog_is_taken_apart_is_drawn_nowhere(
    home: Home, person: AddPerson, browser: StandIn
) -> None:
    person("dev", seed=True)
    async with interface(home, profile="dev") as driver:
        await driver.press("b")
        await driver.sees("Sign in to the console as dev")
        dialog = driver.app.screen
        assert isinstance(dialog, SignInDialog)
        # A dialog's lines go before the dialog itself.
        driver.app.pop_screen()
        await dialog.query_one("#code").remove()
        dialog.mask(masked=True)
        assert not dialog.is_open
    assert browser.started
