"""Keys that come in one burst, as on a slow line."""

import threading
import time
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.app import App, ComposeResult

from mfa_tui.adapters.system.path_completion import complete_path
from mfa_tui.errors import UsageError
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.dialogs import path_dialog
from mfa_tui.ui.sessions import command_line_dialog
from mfa_tui.ui.widgets.ordered_input import OrderedInput
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.ui.conftest import AddPerson
from tests.ui.setup.test_obstacles import give_key

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

KEYS = {"\t": "tab", "\x7f": "backspace", "<": "home", "~": "shift+tab"}


class Form(App[None]):
    """Two fields."""

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield OrderedInput(id="first", select_on_focus=False)
        yield OrderedInput(id="second", select_on_focus=False)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("ab\tcd", "ab", "cd"),
        ("9x\x7fh", "9h", ""),
        ("bc<a", "abc", ""),
        ("a\tb\x7fc~d", "ad", "c"),
    ],
)
async def test_each_takes_effect_before_the_next(typed: str, first: str, second: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        for key in typed:
            app.post_message(events.Key(KEYS.get(key, key), None if key in KEYS else key))
        await pilot.pause()
        await pilot.pause()
        assert [field.value for field in app.query(OrderedInput)] == [first, second]


async def burst(driver: Driver, *keys: str) -> None:
    """Send keys to the program faster than it handles them."""
    for key in keys:
        driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await driver.pilot.pause()
    await driver.pilot.pause()


async def test_a_path_is_completed_and_sent_as_it_was_typed_before_the_key(home: Home, person: AddPerson) -> None:
    person("dev")
    (home.path / "downloads-of-ana").mkdir()
    async with interface(home) as driver:
        await driver.press("n")
        await driver.sees("1 of 3")
        await driver.press("ctrl+o")
        await driver.sees("Read a file")
        await burst(driver, *f"{home.path}/down", "tab")
        await driver.until(lambda: "downloads-of-ana/" in driver.screen, "the completed path")


@pytest.mark.parametrize("slow", [0.0, 0.3])
async def test_what_follows_tab_waits_for_the_completion(
    home: Home, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch, slow: float
) -> None:
    user = aws.add_user()
    (home.path / "downloads-of-ana").mkdir()
    key = f"Access key ID,Secret access key\n{user.access_key_id},{user.secret_access_key}\n"
    (home.path / "downloads-of-ana" / "key.csv").write_text(key)

    def complete(typed: str) -> str:
        time.sleep(slow)
        return complete_path(typed)

    monkeypatch.setattr(path_dialog, "complete_path", complete)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("1 of 3")
        await driver.press("ctrl+o")
        await driver.sees("tab Complete")
        await burst(driver, *f"{home.path}/down", "tab", *"ke", "tab", "enter")
        await driver.sees("✓ Found the key", "downloads-of-ana/key.csv")


async def test_a_directory_that_does_not_answer_stops_nobody(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()
    monkeypatch.setattr(path_dialog, "complete_path", lambda typed: f"{typed}{answer.wait(60)}")
    monkeypatch.setattr(path_dialog, "PATIENCE", 0.2)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("1 of 3")
        await driver.press("ctrl+o")
        await driver.sees("tab Complete")
        await burst(driver, *"/net/a", "tab", *"bc")
        await driver.sees("/net/abc")
        answer.set()
        await driver.press("escape")
        await driver.sees("1 of 3", "esc Leave")


async def test_a_line_ends_with_enter(home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    person("dev", seed=True)
    monkeypatch.setattr(MfaTuiApp, "can_lend_terminal", lambda _: True)
    asked: list[str] = []

    def refuse(line: str) -> None:
        asked.append(line)
        raise UsageError("usage", "Not this one.", "", "")

    monkeypatch.setattr(command_line_dialog, "_check", refuse)
    async with interface(home) as driver:
        await driver.press("exclamation_mark")
        await driver.sees("Run with dev")
        await burst(driver, *"env", "enter", *"xyz")
        assert asked == ["env"]


async def test_a_region_is_completed_in_one_burst(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await give_key(driver, user)
        await driver.sees("2 of 3")
        await burst(driver, *"eu-ce", "tab", "enter")
        await driver.sees("3 of 3", "region eu-central-1")
