"""The settings screen: every key, changed in place, checked as it is typed, and applied at once."""

import tomllib

import pytest

from mfa_tui.core.settings.interface import THEMES
from mfa_tui.core.settings.table import SETTINGS
from mfa_tui.services.listing.preferences import load_preferences
from mfa_tui.ui.settings.screen import SettingsScreen
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

FILE = '# Mine.\nmargin = 60  # short\n\n[scopes.ci]\nservices = ["s3"]\n'


async def to(driver: Driver, name: str) -> None:
    """Put the cursor on a setting."""
    await driver.press("home")
    for _ in range(100):
        if f" › {name} " in driver.screen:
            return
        await driver.press("down")
    pytest.fail(f"there is no {name}:\n{driver.screen}")


def saved(home: Home) -> dict[str, object]:
    return tomllib.loads(home.settings.read_text())


@long
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_it_shows_every_setting(home: Home, person: AddPerson, size: tuple[int, int]) -> None:
    person("dev")
    home.write_settings(FILE)
    async with interface(home, size=size) as driver:
        await driver.press("comma")
        await driver.sees("Settings", "config.toml", "target_pattern", "{profile}-mfa")
        for name, setting in SETTINGS.items():
            await to(driver, name)
            assert setting.meaning in driver.words
        await to(driver, "margin")
        assert "A session with fewer seconds left is renewed." in driver.words
        assert "a number of seconds from 0 to 3600" in driver.words
        assert "Default 900" in driver.words
        await driver.press("question_mark")
        await driver.sees("Remove the setting from the file")
        await driver.press("escape", "escape")
        await driver.sees("1 profile")


async def test_a_value_is_checked_as_it_is_typed_and_applies_at_once(home: Home, person: AddPerson) -> None:
    person("dev")
    home.write_settings(FILE)
    async with interface(home) as driver:
        await driver.press("comma")
        await to(driver, "margin")
        await driver.press("enter")
        assert "⏎ Save" in driver.screen
        # Digits and letters belong to the field: q would quit, 9 would open the code dialog.
        await driver.type("9999q")
        await driver.sees("margin cannot be '9999q'.", "It must be a number of seconds from 0 to 3600.")
        await driver.press("enter")
        assert saved(home)["margin"] == 60
        await driver.press("escape")
        await driver.press("enter")
        await driver.type("120")
        await driver.press("enter")
        await driver.until(lambda: driver.context.settings.margin == 120)
        assert home.settings.read_text() == FILE.replace("60", "120")
        await to(driver, "notify")
        await driver.press("enter")
        await driver.until(lambda: not driver.context.settings.notify)
        await driver.press("delete")
        await driver.until(lambda: driver.context.settings.notify)
        await to(driver, "target_pattern")
        await driver.press("enter")
        await driver.type("x.{profile}")
        await driver.press("enter")
        await driver.until(lambda: (row := driver.app_state.row("dev")) is not None and row.target == "x.dev")
        await to(driver, "scopes.ci.services")
        await driver.press("enter")
        await driver.type("s3,ec2")
        await driver.press("enter")
        await driver.until(lambda: '["s3", "ec2"]' in home.settings.read_text())


@long
async def test_a_theme_is_previewed_and_put_back(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        first = driver.app.theme
        await driver.press("comma")
        await to(driver, "theme")
        await driver.press("enter", "down", "down")
        assert driver.app.theme == THEMES[2]
        await driver.press("escape")
        assert driver.app.theme == first
        assert load_preferences(driver.context.paths).theme == ""
        assert not home.settings.exists()
        await driver.press("enter", "down", "enter")
        await driver.until(home.settings.exists)
        assert saved(home) == {"theme": "mfa-tui-light"}
        assert not driver.toasts
        await driver.sees("theme set mfa-tui-light")
        assert driver.app.theme == "mfa-tui-light"
        # A theme that is chosen elsewhere does not outlast the one that the settings name.
        driver.app.choose_theme("nord")
        await driver.until(lambda: any("The next start is in mfa-tui-light again" in toast for toast in driver.toasts))


async def test_a_file_that_is_not_toml_is_shown_and_left(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        home.write_settings("margin = \n")
        await driver.press("comma")
        await driver.sees("is not valid TOML", "line 1")
        await driver.press("enter", "delete")
        assert home.settings.read_text() == "margin = \n"
        home.write_settings("margin = 5\n")
        await driver.press("u")
        await driver.sees("margin set 5")


async def test_settings_and_keys_are_found_by_words(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("comma")
        await driver.sees("target_pattern", "/ Filter")
        await driver.press("slash")
        await driver.type("clip")
        await driver.sees("1 of ", "› clipboard_clear", "a-z Filter ⏎ Change")
        await driver.press("enter", "9", "enter")
        await driver.until(home.settings.exists)
        assert saved(home) == {"clipboard_clear": 9}
        # The filter stays until Escape clears it; the cursor stays on its row.
        await driver.sees("› clipboard_clear set 9", "1 of ")
        await driver.press("escape")
        await driver.sees("› clipboard_clear", "target_pattern", "SETTING FROM")
        await driver.press("slash")
        await driver.type("xyz")
        await driver.sees('No setting matches "xyz"', "esc shows all ")
        await driver.press("enter", "escape")
        await driver.sees("› ", "target_pattern")
        await driver.press("slash")
        await driver.type("keymap")
        await driver.press("enter")
        await driver.sees("Keys of commands")
        await driver.press("slash")
        await driver.type("history filter")
        await driver.sees("2 of ", "› history-filter")
        await driver.press("enter", "f2")
        await driver.sees("› history-filter F2 set")
        await driver.press("escape", "escape")
        await driver.sees("› keymap")


async def test_a_column_of_cut_sentences_makes_room_for_another(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(60, 20)) as driver:
        await driver.press("comma")
        await to(driver, "keymap")
        await driver.press("enter")
        await driver.sees("COMMAND KEYS FROM SCREEN", "login ⏎ default profiles", "Get a session for the profile")
        assert "DOES" not in driver.words


async def test_scroll_bars_stand_in_the_last_column(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(30, 20)) as driver:
        await driver.press("comma")
        await driver.sees("target_pattern")
        scrolled = [one for one in driver.app.screen.query("*") if one.show_vertical_scrollbar]
        assert {one.id: one.vertical_scrollbar.region.right for one in scrolled} == {"table": 30, "details": 30}


@long
async def test_new_keys_for_commands(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("comma")
        await to(driver, "keymap")
        await driver.press("enter")
        await driver.sees("Keys of commands", "login", "profiles")
        await to(driver, "code")
        await driver.press("enter")
        await driver.sees("Press the new key for Code.")
        for key, said in {
            "r": "code = 'r' is already the key for renew.",
            "5": "the key for typing a code",
            "down": "moving in the list",
        }.items():
            await driver.press(key)
            await driver.sees(said, "Press another key.")
        assert not home.settings.exists()
        await driver.press("z")
        await driver.until(home.settings.exists)
        assert saved(home) == {"keymap": {"code": "z"}}
        await driver.press("a")
        await driver.press("f2")
        await driver.until(lambda: saved(home) == {"keymap": {"code": "z,f2"}})
        await to(driver, "keymap-back")
        await driver.press("enter", "b")
        await driver.until(lambda: "keymap-back" in home.settings.read_text())
        await driver.press("b")
        await driver.sees("2 commands changed")
        await driver.press("escape")
        await driver.sees("1 profile")
        assert driver.app_state.keys["code"] == "z"
        await driver.press("z")
        await driver.sees("Code: no secret is stored for it.")


async def test_other_keys_for_filter_and_log_in_are_named_where_they_work(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        assert "/ filter" in driver.words
        home.write_settings('[keymap]\nfilter = "f"\nlogin = "L"\n')
        driver.app.apply_settings()
        driver.main.redraw()
        await driver.sees("f filter", "L Log in")
        await driver.press("f")
        await driver.sees("a-z Filter ⏎ Log in ↑↓ Move")
        await driver.press("enter")
        await driver.sees("Code for dev")


async def test_commands_with_passwords_are_hidden_in_pictures(home: Home, person: AddPerson) -> None:
    person("dev")
    home.write_settings('browser = "open --password hunter2"\n')
    async with interface(home) as driver:
        await driver.press("comma")
        await driver.sees("hunter2")
        assert "hunter2" not in driver.app.export_screenshot()
        await driver.sees("hunter2")


async def test_a_picture_changes_neither_what_the_filter_finds_nor_what_is_typed(home: Home, person: AddPerson) -> None:
    person("dev")
    home.write_settings('browser = "open --password hunter2"\n')
    async with interface(home) as driver:
        await driver.press("comma", "slash")
        await driver.type("hunter")
        await driver.sees("1 of ", "› browser set open")
        await driver.press("enter", "end", "3")
        picture = driver.app.export_screenshot()
        assert "hunter2" not in picture
        assert "browser" in picture
        await driver.press("enter")
        await driver.until(lambda: saved(home) == {"browser": "open --password hunter23"})


async def test_an_answer_is_saved_for_its_own_setting_wherever_that_has_moved(home: Home, person: AddPerson) -> None:
    person("dev")
    scope = '[scopes.{}]\nservices = ["{}"]\n'
    home.write_settings(scope.format("ci", "s3"))
    async with interface(home) as driver:
        await driver.press("comma")
        await to(driver, "scopes.ci.services")
        await driver.press("enter")
        home.write_settings(scope.format("admin", "iam") + scope.format("ci", "s3"))
        screen = driver.app.screen
        assert isinstance(screen, SettingsScreen)
        await screen.load()
        await driver.type("ec2")
        await driver.press("enter")
        await driver.until(lambda: '["ec2"]' in home.settings.read_text())
        assert home.settings.read_text() == scope.format("admin", "iam") + scope.format("ci", "ec2")


async def test_a_click_into_the_filter_leaves_an_answer(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("comma")
        await to(driver, "margin")
        await driver.press("enter")
        await driver.pilot.click("#filter FilterLine")
        await driver.type("clip")
        await driver.sees("1 of ", "› clipboard_clear", "a-z Filter ⏎ Change")
        await driver.press("enter", "9", "enter")
        await driver.until(lambda: home.settings.exists() and saved(home) == {"clipboard_clear": 9})


@long
async def test_scopes_and_devices_are_added_and_taken_away(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("comma")
        await to(driver, "scopes")
        await driver.press("enter")
        await driver.sees("type NAME.KEY = VALUE, such as ci.services = s3,ec2")
        await driver.type("ci.services")
        await driver.sees("That is no key and value.")
        await driver.type(" = s3,S3")
        await driver.sees("services cannot have 'S3'")
        await driver.press("backspace", "backspace")
        await driver.type("sqs")
        await driver.press("enter")
        await driver.until(home.settings.exists)
        await driver.sees("scopes.ci.services", "1 scope")
        assert saved(home) == {"scopes": {"ci": {"services": ["s3", "sqs"]}}}
        assert "ci" in driver.context.settings.scopes
        # The keys that it does not have yet are offered, too.
        await to(driver, "scopes.ci.read_only")
        await driver.press("enter")
        await driver.until(lambda: "read_only = true" in home.settings.read_text())
        await to(driver, "scopes")
        await driver.press("delete")
        await driver.sees("Default: it is a table; remove its keys one by one.")
        await to(driver, "scopes.ci.read_only")
        await driver.press("delete")
        await driver.until(lambda: "read_only" not in home.settings.read_text())
        await to(driver, "scopes.ci.services")
        await driver.press("delete")
        await driver.until(lambda: home.settings.read_text() == "")


async def test_the_mouse(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("comma")
        await driver.sees("target_pattern")
        table = driver.app.screen.query_one("#table")
        await driver.pilot.click(table, offset=(10, 3), times=2)
        await driver.sees("⏎ Save", "A session with fewer seconds left is renewed.")
        await driver.type("60")
        # A click on another setting leaves this one as it is.
        await driver.pilot.click(table, offset=(10, 2))
        await driver.sees("How long new sessions are valid.", "⏎ Change")
        assert not home.settings.exists()
