"""Dialogs with more choices than there is room for: these scroll, and the box ends below its keys."""

import pytest

from mfa_tui.core.settings.interface import THEMES
from mfa_tui.ui.dialogs.choose import Answer, Choose
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.ui.conftest import AddPerson

SIZES = [(60, 20), (80, 24), (120, 36), (200, 60)]


def ends_below(driver: Driver, keys: str) -> bool:
    """Whether an empty line and the frame follow the box's keys."""
    lines = driver.screen.splitlines()
    at = next((index for index, line in enumerate(lines) if keys in line), -3)
    return "╯" in "".join(lines[at + 2 : at + 3])


async def test_the_box_of_the_themes_ends_below_its_keys(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("t")
        await driver.sees(*THEMES)
        for size in SIZES:
            await driver.pilot.resize_terminal(*size)
            await driver.until(lambda: ends_below(driver, "esc Cancel"), f"the end of the box in {size}")
        await driver.sees(*THEMES)


@pytest.mark.parametrize("asked", [[], ["For ops:"], ["A question.", "And more of it. " * 12]], ids=len)
async def test_the_box_of_a_question_ends_below_its_keys(home: Home, person: AddPerson, asked: list[str]) -> None:
    person("dev")
    async with interface(home) as driver:
        answers = [Answer(f"account {number}", "about it") for number in range(40)]
        driver.app.push_screen(Choose("Which account?", asked, answers, leave="Back"))
        for size in SIZES:
            await driver.pilot.resize_terminal(*size)
            await driver.until(lambda: ends_below(driver, "esc Back"), f"the end of the box in {size}")
        await driver.press("up")
        await driver.sees("account 39")
