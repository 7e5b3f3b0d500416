"""Commands on several profiles at a time."""

from typing import TYPE_CHECKING

from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


async def test_marked_profiles_are_logged_in_kept_alive_and_logged_out_together(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    for name in ("dev", "ops", "new"):
        person(name, seed=True)
    before = home.config.read_bytes(), home.credentials.read_bytes()
    async with interface(home) as driver:
        await driver.press("space", "space")
        await driver.sees("2 marked", "◆ dev")
        assert driver.current == "new"
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("ops-mfa") != "" != driver.key_in_file("dev-mfa"))
        await driver.until(lambda: any("2 of 2 marked profiles have a session" in toast for toast in driver.toasts))
        assert aws.count("GetSessionToken") == 2
        assert driver.app_state.marked == ()
        await driver.press("home", "space", "space", "a")
        await driver.until(lambda: driver.app_state.keep_alive.kept == {"dev", "ops"})
        # The third has no session, and none is removed of it.
        await driver.press("home", "space", "space", "space", "o")
        await driver.sees("Log out of 2 profiles?", "dev and ops")
        await driver.press("y")
        await driver.until(lambda: (home.config.read_bytes(), home.credentials.read_bytes()) == before)
        await driver.idle("ops")
        await driver.press("home", "space", "space", "o")
        await driver.until(lambda: any("not possible for dev and ops" in toast for toast in driver.toasts))


@long
async def test_one_that_fails_does_not_stop_the_others(home: Home, person: AddPerson) -> None:
    gone = person("gone", seed=True)
    person("dev", seed=True)
    gone.user.delete_key()
    async with interface(home) as driver:
        await driver.press("space", "space", "enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.until(lambda: any("1 of 2 marked profiles have a session" in toast for toast in driver.toasts))
        assert "✗ AWS does not recognize" in driver.line_of("gone")


@long
async def test_escape_in_a_dialog_ends_it_and_on_the_list_unmarks(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    for name in ("dev", "ops"):
        person(name)
    async with interface(home) as driver:
        await driver.press("space", "space")
        await driver.sees("2 marked")
        await driver.press("escape")
        await driver.sees("2 profiles")
        assert driver.app_state.marked == ()
        await driver.press("home", "space", "space", "enter")
        await driver.sees("Code for dev")
        await driver.press("escape")
        await driver.idle("dev")
        await driver.until(lambda: driver.app.screen is driver.main)
        assert "Code for" not in driver.screen
    assert aws.count("GetSessionToken") == 0
