"""The day below the list: the valid sessions, and what was done last."""

from mfa_tui.ui.profiles.day_widget import Day
from tests.support.homes.home import Home
from tests.support.interface.interface import interface


async def test_the_day_fits_a_terminal_that_has_become_narrow(home: Home) -> None:
    home.config.write_text("[profile dev]\nregion = eu-central-1\n")
    async with interface(home, size=(120, 36)) as driver:
        day = driver.main.query_one(Day)
        assert day._shown[-2] == day._timeline.content_size
        # Narrow, it is shown in place of the details.
        driver.main.add_class("-timeline")
        await driver.pilot.resize_terminal(80, 24)
        await driver.until(lambda: day._timeline.content_size.width > 60, "the new layout")
        await driver.pilot.pause()
        assert day._shown[-2] == day._timeline.content_size
