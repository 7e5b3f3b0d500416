"""What belongs to the whole program: logging out, keys, themes, palette, help, pictures, and the way out."""

import asyncio
import json
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual import events

from mfa_tui.adapters.awsfiles.files import AwsFiles
from mfa_tui.cli.terminal.output import warn
from mfa_tui.demo.aws.faults import delay
from mfa_tui.services.listing.preferences import load_preferences
from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.runtime.threads import Threads
from mfa_tui.ui.text.big_digits import big_code
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long, quick_cases
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


def picture(driver: Driver) -> str:
    """The text of a screenshot, without spaces and frames."""
    return bare(driver.app.export_screenshot())


def bare(svg: str) -> str:
    """The text of a picture, without spaces and frames."""
    return re.sub(r"\s|&#160;", "", re.sub(r"<style>.*?</style>|<[^>]+>", "", svg, flags=re.DOTALL))


def background(driver: Driver) -> str:
    """What the screen is painted with."""
    return driver.main.styles.background.css


@long
async def test_login_then_logout_restores_every_byte(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    before = home.config.read_bytes(), home.credentials.read_bytes()
    async with interface(home) as driver:
        await driver.press("o")
        await driver.sees("– Log out: it has no session.")
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m")
        await driver.press("o")
        await driver.sees("Log out of dev?", "Copies keep working at AWS until")
        await driver.press("n")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.press("o")
        await driver.sees("Log out of dev?")
        await driver.press("right", "left", "enter")
        await driver.until(lambda: (home.config.read_bytes(), home.credentials.read_bytes()) == before)
        await driver.sees("no session yet")


@long
async def test_a_user_s_keys(home: Home, person: AddPerson) -> None:
    person("ops")
    settings = home.path / "settings.toml"
    settings.write_text('[keymap]\nlogin = "z"\nroles = "q"\ncode = "ctrl+"\nfilter = "f"\ntrouble = "k"\nfly = "x"\n')
    async with interface(home, MFA_TUI_CONFIG=str(settings)) as driver:
        assert "z Log in" in driver.screen
        assert "f filter" in driver.screen
        await driver.sees("! 3 settings are wrong: code = 'ctrl+' is not a key; the default stays. , opens them")
        await driver.press("enter")
        assert driver.app.screen is driver.main
        await driver.press("question_mark")
        await driver.sees("k Troubleshoot esc Close")
        await driver.press("h")
        await driver.press("k")
        await driver.sees("What's wrong?")
        await driver.press("escape", "z")
        await driver.sees("Code for ops")


@long
async def test_a_chosen_theme_is_remembered_and_the_settings_outrank_it(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        assert (driver.app.theme, background(driver)) == ("mfa-tui-dark", "rgb(18,21,27)")
        assert load_preferences(driver.context.paths).theme == ""
        # Each theme is shown at once, however one comes to it; Escape brings the first one back.
        first = driver.app.theme
        await driver.press("t", "down")
        assert driver.app.theme != first
        await driver.sees("Theme", "◉ mfa-tui-light")
        await driver.press("end", *"nor")
        assert driver.app.theme == "nord"
        await driver.press("escape")
        assert driver.app.theme == first
        assert load_preferences(driver.context.paths).theme == ""
        await driver.press("t")
        await driver.type("mfa-tui-light")
        assert load_preferences(driver.context.paths).theme == ""
        await driver.press("enter")
        assert driver.app.theme == "mfa-tui-light"
    assert load_preferences(driver.context.paths).theme == "mfa-tui-light"
    async with interface(home) as driver:
        assert (driver.app.theme, background(driver)) == ("mfa-tui-light", "rgb(250,249,246)")
        assert driver.app.has_class("-light-mode")
    settings = home.path / "settings.toml"
    settings.write_text('theme = "ansi-dark"\n')
    async with interface(home, MFA_TUI_CONFIG=str(settings)) as driver:
        assert (driver.app.theme, background(driver)) == ("ansi-dark", "ansi_default")
        await driver.sees("dev")
    settings.write_text('theme = "plaid"\n')
    async with interface(home, MFA_TUI_CONFIG=str(settings)) as driver:
        # Unlike a notification, it stays until the setting is corrected, and names the key that leads there.
        await driver.sees("! Settings: there is no theme 'plaid'. , opens them")
        assert not driver.toasts
        await driver.press("down", "comma")
        await driver.sees("theme ✗ wrong plaid")
        settings.write_text('theme = "nord"\n[keymap]\nlogin = "nonsense"\n')
        await driver.press("u", "escape")
        driver.app.apply_settings()
        await driver.sees("! Settings: login = 'nonsense' is not a key; the default stays. , opens them")
        settings.write_text('theme = "nord"\n')
        driver.app.apply_settings()
        await driver.until(lambda: "Settings:" not in driver.screen)


async def test_without_color_the_screen_says_the_same(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev", seed=True)
    monkeypatch.setenv("NO_COLOR", "1")
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m", "› dev")


async def test_the_palette_offers_what_can_be_done(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home) as driver:
        offered = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert {"Log in", "Code", "Filter", "Theme", "Quit", "Screenshot"} <= offered
        assert not {"Renew", "Log out", "Cancel"} & offered
        await driver.press("ctrl+p")
        await driver.type("log in")
        await driver.pilot.pause(0.3)
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")


async def test_help_shows_every_key_and_why_some_do_nothing(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(160, 100)) as driver:
        await driver.press("question_mark")
        await driver.sees("not now: it has no session yet")
        for command in COMMANDS:
            assert f"{driver.app_state.keys[command.id]} {command.label}" in driver.words
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


async def test_screenshots_show_no_codes(home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.path)
    dev, ops = person("dev", seed=True), person("ops")
    told = home.path / "demo.json"
    entry = {"label": "ops phone", "uri": f"otpauth://totp/ops?secret={ops.device.seed}"}
    told.write_text(json.dumps({"banner": "a demo banner", "phone": [entry]}))
    async with interface(home, MFA_TUI_DEMO=str(told)) as driver:
        codes = {device.code(steps) for device in (dev.device, ops.device) for steps in (0, 1)}

        def on_screen() -> bool:
            return any(driver.shows_code(code) for code in codes)

        await driver.sees("a demo banner", "ops phone")
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.until(lambda: driver.shows_code(dev.device.code()))
        shown = picture(driver)
        assert "ademobanner" in shown
        assert not [code for code in codes if code in shown or bare(big_code(code)[1]) in shown]
        assert on_screen()
        commands = driver.app.get_system_commands(driver.app.screen)
        next(command.callback for command in commands if command.title == "Screenshot")()
        await driver.until(lambda: any("Screenshot saved" in toast for toast in driver.toasts))
        (saved,) = home.path.glob("mfa-tui-*.svg")
        assert f"Screenshot saved {saved}" in driver.toasts
        assert "ademobanner" in bare(saved.read_text())
        drawn = bare(saved.read_text())
        assert not [code for code in codes if code in drawn or bare(big_code(code)[1]) in drawn]
        await driver.press("down", "enter")
        await driver.sees("Code for ops")
        await driver.type("135790")
        assert "135790" not in picture(driver)
        assert "135790" in driver.screen.replace(" ", "")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.press("i")
        await driver.sees("Secret for ops")
        driver.app.screen.focused.post_message(events.Paste(ops.device.seed))  # type: ignore[union-attr]
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        shown = picture(driver)
        assert not [code for code in codes if code in shown]
        assert ops.device.seed not in shown


async def test_leaving_waits_for_a_write_that_has_begun(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev", seed=True)
    writing, go_on = threading.Event(), threading.Event()
    edit = AwsFiles.edit

    def slow(self: AwsFiles, *arguments: object, **more: object) -> bool:
        writing.set()
        assert go_on.wait(30)
        return edit(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(AwsFiles, "edit", slow)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.until(writing.is_set)
        leaving = asyncio.ensure_future(driver.app.action_quit())
        await driver.pilot.pause(0.1)
        assert not leaving.done()
        go_on.set()
        await leaving
    assert "mfa_tui_source" in home.credentials.read_text()


async def test_threads_hand_over_results_and_failures_and_settle() -> None:
    threads = Threads()
    assert await threads.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 // 0)
    gate = threading.Event()
    running = asyncio.ensure_future(threads.run(gate.wait, commits=True))
    await asyncio.sleep(0)
    await threads.wait_for_writes(0.01)
    assert not running.done()
    running.cancel()
    gate.set()
    await threads.wait_for_writes(30)


CRASH = """
import sys
from mfa_tui.models import Secret
from mfa_tui.services.context import Context
from mfa_tui.ui.profiles.actions import Actions
from mfa_tui.ui.app import MfaTuiApp
import os

def breaks(*_):
    code = Secret("canary-in-a-secret")
    plain = "canary-in-a-" + "string"
    raise LookupError(plain)

async def later():
    breaks()

def in_worker(self, _):
    self._host.run_worker(later())

Actions._open_help = breaks if sys.argv[1] == "handler" else in_worker

async def press(pilot):
    await pilot.pause(0.3)
    await pilot.press("question_mark")
    await pilot.pause(0.3)

app = MfaTuiApp(Context(os.environ, warn=print))
app.run(headless=True, auto_pilot=press)
sys.exit(app.return_code)
"""


@quick_cases(1)
@pytest.mark.parametrize("where", ["handler", "worker"])
def test_a_crash_report_says_where_and_shows_no_values(
    home: Home, person: AddPerson, where: str, tmp_path: Path
) -> None:
    person("dev")
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    result = home.run_python(str(script), where)
    told = " ".join((result.stdout + result.stderr).split())
    assert result.returncode == 1
    assert "crashed: LookupError" in told
    assert re.search(r"crash\.py:\d+ in breaks", told)
    assert "Please report these lines" in told
    assert "canary" not in told


def test_the_interface_imports_neither_aws_nor_keyring_nor_the_demo(home: Home) -> None:
    script = "import sys, mfa_tui.ui.app; print(*sys.modules)"
    loaded = home.run_python("-c", script).stdout.split()
    packages = {name.partition(".")[0] for name in loaded}
    assert "textual" in packages
    assert not packages & {"boto3", "botocore", "keyring", "pyotp", "moto"}
    assert not [name for name in loaded if name.startswith("mfa_tui.demo")]
    # What a key leads to is imported when that is pressed.
    assert [name for name in loaded if name.startswith("mfa_tui.ui.") and name.endswith("screen")] == [
        f"mfa_tui.ui.{name}" for name in ("flows.host_screen", "profiles.screen")
    ]
    assert not packages & {"qrcode", "PIL", "zxingcpp", "pyrage"}


async def test_dialogs_wait_for_their_turn(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("found", named=False)
    person("ops")
    async with interface(home) as driver:
        aws.fault(delay(0.7), action="ListMFADevices")
        await driver.press("enter", "down", "enter")
        await driver.sees("Code for ops")
        await driver.until(lambda: driver.app_state.action_log.entry("found").progress is None)
        await driver.until(lambda: aws.count("ListMFADevices") == 1)
        assert "Code for ops" in driver.words
        await driver.press("escape")
        await driver.sees("Code for found")
        await driver.press("escape")
        await driver.idle("found")


async def test_warnings_of_the_services_are_shown(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        warn("the keyring is strange – very")
        print("anything else may hold a secret", file=sys.stderr)  # noqa: T201
        await driver.until(lambda: any("the keyring is strange" in toast for toast in driver.toasts))
        assert not any("secret" in toast for toast in driver.toasts)


async def test_a_small_terminal_cuts_no_words_and_a_larger_one_is_used(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home, size=(60, 20)) as driver:
        assert driver.screen.splitlines()[-1] == " ⏎ Log in  c Code  y Export  d Devices  ? Help  q Quit"
        await driver.press("question_mark")
        await driver.sees("Keys")
        # Of what takes two lines, the second begins below the first.
        assert "│                        profile, unless it has a" in driver.screen
        await driver.pilot.resize_terminal(100, 30)
        await driver.until(lambda: "Get a session for the profile, unless it has" in driver.screen)
