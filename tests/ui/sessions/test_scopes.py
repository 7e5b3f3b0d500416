"""Sessions that are limited to a scope, on the main screen."""

from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson


async def test_a_limited_session_belongs_to_its_profile_and_goes_with_it(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    before = home.config.read_bytes(), home.credentials.read_bytes()
    assert home.run("login", "dev", "--scope", "read-only").returncode == 0
    async with interface(home) as driver:
        await driver.sees("dev-read-only: limited to read-only, until ", "no session yet")
        # It is no row of its own, and it does not count as the profile's session.
        assert driver.app_state.overview is not None
        assert driver.app_state.overview.names == ("dev",)
        await driver.press("o")
        await driver.sees("Removes dev-read-only and all cached sessions.")
        await driver.press("right", "left", "enter")
        await driver.until(lambda: (home.config.read_bytes(), home.credentials.read_bytes()) == before)
