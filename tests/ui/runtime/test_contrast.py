"""All text can be read: what is really drawn, in each theme and on each kind of terminal."""

from collections.abc import Sequence

import pytest

from tests.support.homes.home import Home
from tests.support.interface.contrast import CONSOLE, XTERM, poor_texts
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

DARK, LIGHT, ANSI = "mfa-tui-dark", "mfa-tui-light", "mfa-tui-ansi"
OTHERS = """
[profile role]
role_arn = arn:aws:iam::444455556666:role/deploy
source_profile = ana
region = eu-central-1
[profile lost]
role_arn = arn:aws:iam::444455556666:role/deploy
source_profile = gone
[profile fido]
mfa_serial = arn:aws:iam::111122223333:u2f/user/ana/key-1
"""


@pytest.fixture
def _on_a_terminal(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without one has no colors at all."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", "truecolor" if term == "xterm-direct" else "")


@pytest.mark.parametrize(
    ("term", "themes", "palette"),
    [
        ("xterm-256color", (DARK, LIGHT), XTERM),
        pytest.param("linux", (ANSI,), CONSOLE, marks=long),
        pytest.param("xterm", (ANSI,), XTERM, marks=long),
        pytest.param("xterm-direct", (DARK, LIGHT), XTERM, marks=long),
    ],
)
@pytest.mark.usefixtures("_on_a_terminal")
async def test_all_that_is_drawn_can_be_read(
    home: Home, person: AddPerson, term: str, themes: Sequence[str], palette: Sequence[str]
) -> None:
    person("ana", seed=True)
    home.config.write_text(home.config.read_text() + OTHERS)
    async with interface(home, TERM=term) as driver:
        await driver.press("enter")
        await driver.idle("ana")
        for theme in themes:
            driver.app.theme = theme
            for name in ("ana", "role", "lost"):
                await go_to(driver, name)
                check(driver, palette)
            await driver.press("slash", "a")
            check(driver, palette)
            await driver.press("escape", "escape")
            for key in ("question_mark", "o", "ctrl+p", "comma", "H"):
                await driver.press("home", key)
                await driver.pilot.pause()
                check(driver, palette)
                await driver.press("escape")


async def go_to(driver: Driver, name: str) -> None:
    """Put the cursor on a profile."""
    await driver.press("home")
    for _ in range(9):
        if driver.current == name:
            return
        await driver.press("down")


def check(driver: Driver, palette: Sequence[str]) -> None:
    """Check the top screen; of a dialog, what is in it: below it all is dimmed on purpose."""
    screen = driver.app.screen
    inner = next(iter(screen.query(".dialog, #--container")), None)
    assert type(screen).__name__ != "CommandPalette" or has_cursor(driver)
    poor = poor_texts(screen, palette, None if inner is None else inner.region)
    assert not poor, (driver.app.theme, type(screen).__name__)


def has_cursor(driver: Driver) -> bool:
    """Whether the first command of the palette looks different from the second."""
    rows = [list(strip) for strip in driver.app.screen._compositor.render_strips()]
    first, second = (
        next(segment.style for row in rows for segment in row if segment.text.strip() == name)
        for name in ("Account", "All roles")
    )
    return str(first) != str(second)
