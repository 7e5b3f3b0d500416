"""The picker of ``mfa-tui use``: what it answers, and how it is drawn."""

import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.services.listing.preferences import count_use, load_preferences, update_preferences
from mfa_tui.services.login.login import log_in
from mfa_tui.ui.sessions import login_flow
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson, Spawn
from tests.ui.profiles.test_list import write_profiles

if TYPE_CHECKING:
    import pexpect

    from mfa_tui.demo.aws.server import StrictAws

OTHERS = """\
[profile sso]
sso_account_id = 111122223333
sso_role_name = reader
sso_start_url = https://example.com
[profile process]
credential_process = /bin/true
[profile lost]
role_arn = arn:aws:iam::444455556666:role/admin
source_profile = gone
[profile empty]
region = us-east-1
"""
PICK = """\
import os, sys
from mfa_tui.services.context import Context
from mfa_tui.ui.app import pick

print("picked", pick(Context(os.environ, warn=print), sys.argv[1]))
"""


def at(driver: Driver, name: str) -> bool:
    """Whether the cursor is on a profile."""
    return driver.current == name


async def over(driver: Driver) -> str | None:
    """Waits for the picker's end; its answer."""
    await driver.until(lambda: driver.app._exit, "the end of the picker")
    return driver.app.return_value


async def test_enter_logs_in_and_answers_with_the_profile(home: Home, person: AddPerson) -> None:
    person("dev")
    person("ops", seed=True)
    async with interface(home, picks=True, profile="ops", AWS_ACCESS_KEY_ID="AKIAX") as driver:
        assert "⏎ Use" in driver.screen
        # Switching takes them away.
        assert "AWS_ACCESS_KEY_ID" not in driver.screen
        await driver.press("enter")
        assert await over(driver) == "ops"
        assert driver.key_in_file("ops-mfa").startswith("ASIA")
    assert load_preferences(driver.context.paths).last == "ops"


@long
async def test_only_keys_that_work_there_are_named(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev", seed=True)
    user = aws.add_user()
    user.add_fido_device(f"key-{user.name}")
    home.add_profile("fido", user)
    async with interface(home, picks=True, profile="dev", size=(80, 36)) as driver:
        await driver.until(lambda: driver.shows_code(dev.device.code()))
        assert not any(line.endswith("s  c") for line in driver.screen.splitlines())
        await driver.press("end", "enter")
        await driver.sees("✗ The user of fido", "mfa-tui device import fido")
        assert "import the secret" not in driver.words
        assert "see what to do" not in driver.words
        await driver.press("f1")
        await driver.sees("a-z Filter: some letters of a name", "h Troubleshoot")
        assert "0-9" not in driver.words
        assert "k, j" not in driver.words
        await driver.press("h")
        await driver.sees("FIDO keys or passkeys only", "mfa-tui device import fido")
        assert "here, or:" not in driver.words
        # Logging in is what the picker does, too.
        await driver.press("escape", "1")
        await driver.sees("⏎ here, or:")
        assert driver.words.count("here, or:") == 1


async def test_an_empty_picker_says_that_it_reloads(home: Home) -> None:
    async with interface(home, picks=True) as driver:
        await driver.sees("No AWS profiles yet", "Changes to the files are noticed automatically.")


async def test_a_valid_session_is_used_as_it_is(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("dev", seed=True)
    for _ in range(2):
        async with interface(home, picks=True) as driver:
            await driver.press("enter")
            assert await over(driver) == "dev"
    assert aws.count("GetSessionToken") == 1


async def test_a_code_is_asked_for_in_its_dialog(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    async with interface(home, picks=True) as driver:
        await driver.sees("⏎ asks for your 6-digit code")
        await driver.press("enter")
        await driver.sees("Code for ops")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.idle("ops")
        # Digits are for the filter.
        await driver.type("123")
        await driver.sees('No profile matches "123"')
        await driver.press("escape", "enter")
        await driver.sees("Code for ops")
        await driver.type(ops.device.code())
        await driver.press("enter")
        assert await over(driver) == "ops"


@pytest.mark.parametrize("name", ["sso", "process"])
async def test_profiles_that_sdks_can_use_are_picked_without_a_login(
    home: Home, person: AddPerson, aws: "StrictAws", name: str
) -> None:
    person("dev")
    with home.config.open("a") as file:
        file.write(OTHERS)
    async with interface(home, picks=True, profile=name) as driver:
        await driver.press("enter")
        assert await over(driver) == name
    assert not aws.requests


async def test_an_unusable_profile_says_why(home: Home, person: AddPerson) -> None:
    person("dev")
    with home.config.open("a") as file:
        file.write(OTHERS)
    async with interface(home, picks=True, profile="lost") as driver:
        await driver.press("enter")
        await driver.sees("Source 'gone' is missing.", "→ Add a profile 'gone', or correct source_profile in 'lost'.")
        await driver.press("down", "enter")
        await driver.sees("It has no credentials.", "→ Add access keys: aws configure --profile")
        assert not driver.app._exit


async def test_a_failed_login_keeps_the_picker_open(home: Home, person: AddPerson) -> None:
    gone = person("gone", seed=True)
    gone.user.delete_key()
    async with interface(home, picks=True) as driver:
        await driver.press("enter")
        await driver.sees("✗ AWS does not recognize the access key")
        assert not driver.app._exit


async def test_renewing_picks_nothing(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home, picks=True) as driver:
        await driver.press("ctrl+r")
        await driver.sees("– Renew: it has no session yet.")
        await driver.press("enter")
        await over(driver)


async def test_every_character_goes_into_the_filter_and_does_nothing_else(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    assert home.run("login", "dev").returncode == 0
    before = home.credentials.read_bytes()
    characters = "".join(map(chr, range(33, 127)))
    async with interface(home, picks=True) as driver:
        await driver.sees("a-z Filter", "⏎ Use", "↑↓ Move", "F1 Help", "esc Leave")
        await driver.type(characters)
        await driver.press("tab", "delete")
        await driver.until(lambda: driver.main._filter.wanted == characters)
        assert driver.app.screen is driver.main
        assert not driver.app._exit
        assert not driver.toasts
        await driver.press("escape")
        await driver.until(lambda: driver.current == "dev")
    assert home.credentials.read_bytes() == before


@pytest.mark.parametrize("key", ["login", "renew", "help", "cancel", "quit"])
async def test_a_letter_that_a_keymap_gives_to_a_command_goes_into_the_filter(
    home: Home, person: AddPerson, key: str
) -> None:
    person("dev")
    settings = home.path / "config.toml"
    settings.write_text(f'[keymap]\n{key} = "z"\n')
    async with interface(home, picks=True, MFA_TUI_CONFIG=str(settings)) as driver:
        await driver.type("z")
        await driver.sees('No profile matches "z"', "a-z Filter F1 Help esc Leave")
        assert not driver.app._exit


@pytest.mark.parametrize("key", ["escape", "ctrl+q", "ctrl+c"])
async def test_leaving_the_picker_returns_nothing(home: Home, person: AddPerson, key: str) -> None:
    person("dev")
    async with interface(home, picks=True) as driver:
        await driver.press(key)
        assert await over(driver) is None


async def test_escape_goes_back_step_by_step(home: Home, person: AddPerson) -> None:
    person("dev")
    person("ops")
    async with interface(home, picks=True) as driver:
        await driver.type("ops")
        await driver.sees("1 of 2")
        await driver.press("escape")
        await driver.sees("2 profiles")
        await driver.until(lambda: not driver.main.filtered)  # type: ignore[attr-defined]
        assert not driver.app._exit
        await driver.press("escape")
        assert await over(driver) is None


async def test_the_list_is_moved_in_by_keys_that_do_not_type(home: Home) -> None:
    write_profiles(home, 60)
    async with interface(home, picks=True, profile="team-00007") as driver:
        assert driver.current == "team-00007"
        for key, number in [("down", 8), ("up", 7), ("end", 59), ("home", 0)]:
            await driver.press(key)
            await driver.until(partial(at, driver, f"team-{number:05}"))
        await driver.press("pagedown")
        await driver.until(lambda: driver.current > "team-00008")
        await driver.press("pageup")
        await driver.until(lambda: driver.current == "team-00000")
        await driver.pilot.click("#list", offset=(8, 4))
        await driver.type("42")
        # A click does not take the focus from the filter.
        await driver.until(lambda: driver.current == "team-00042")


async def test_what_is_used_most_is_on_top_and_comes_first_among_matches(home: Home) -> None:
    write_profiles(home, 60)
    paths = Paths(home.env)
    now = time.time()
    for name in ("team-00041", "team-00052", "team-00041"):
        count_use(paths, name, now)
    update_preferences(paths, lambda before: before.with_pinned("team-00033", pinned=True)._replace(order="name"))
    async with interface(home, picks=True) as driver:
        await driver.sees("60 profiles, most used first")
        names = [f"team-000{number}" for number in (33, 41, 52, "00")]
        places = [driver.screen.index(f" {name} ") for name in names]
        assert places == sorted(places)
        # The cursor is on the profile last used.
        assert driver.current == "team-00041"
        await driver.type("52")
        assert driver.current == "team-00052"


async def test_a_login_counts_as_one_use(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    with home.config.open("a") as file:
        file.write(OTHERS)
    for name in ("dev", "sso"):
        async with interface(home, picks=True, profile=name) as driver:
            await driver.press("enter")
            assert await over(driver) == name
        uses = load_preferences(driver.context.paths).uses
        assert (uses[0].name, uses[0].score) == (name, 1)


async def test_what_is_typed_while_the_choice_is_carried_out_changes_nothing(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev", seed=True)
    person("ops", seed=True)
    go_on = threading.Event()

    def slowly(*arguments: Any) -> object:
        assert go_on.wait(20)
        return log_in(*arguments)

    monkeypatch.setattr(login_flow, "log_in", slowly)
    async with interface(home, picks=True, profile="dev") as driver:
        await driver.press("enter")
        await driver.until(lambda: driver.app_state.action_log.entry("dev").running)
        await driver.type("ops")
        await driver.press("enter")
        assert not driver.main.filtered  # type: ignore[attr-defined]
        await driver.press("down", "enter")
        assert not driver.app_state.action_log.entry("ops").running
        go_on.set()
        assert await over(driver) == "dev"


@pytest.mark.skipif(sys.platform == "win32", reason="Textual draws below the prompt on POSIX only")
class TestOnATerminal:
    def picker(self, home: Home, spawn: Spawn, profile: str = "") -> "pexpect.spawn[str]":
        (home.path / "pick.py").write_text(PICK)
        # As in $(mfa-tui use): standard output is a pipe.
        return spawn(f"{sys.executable} pick.py '{profile}' | cat > answer; echo finished")

    def answer(self, home: Home) -> str:
        return (home.path / "answer").read_text()

    def test_it_is_drawn_below_the_prompt_and_standard_output_is_free(
        self, home: Home, person: AddPerson, spawn: Spawn
    ) -> None:
        person("dev-main", seed=True)
        person("ops")
        child = self.picker(home, spawn)
        child.expect("⏎.*Use")
        child.send("main")
        child.expect("1 of 2")
        child.send("\r")
        child.expect("finished")
        drawn = str(child.before)
        assert "\x1b[?1049h" not in drawn
        assert self.answer(home) == "picked dev-main\n"
        # All that was drawn is gone.
        assert "\x1b[J" in drawn
        assert "mfa_tui_source = dev-main" in home.credentials.read_text()

    @long
    def test_the_picker_is_as_wide_as_the_terminal_even_if_standard_output_is_not_one(
        self, home: Home, person: AddPerson, spawn: Spawn
    ) -> None:
        person("dev")
        child = self.picker(home, spawn, "dev")
        child.setwinsize(24, 120)
        # A second column is there from 100 columns on.
        child.expect("ACCOUNT")
        child.send("\x1b")
        child.expect("finished")
        assert self.answer(home) == "picked None\n"

    @long
    def test_text_typed_before_the_list_is_shown_filters_and_enter_does_nothing(
        self, home: Home, person: AddPerson, spawn: Spawn
    ) -> None:
        person("dev", seed=True)
        person("ops", seed=True)
        child = self.picker(home, spawn)
        # While the program starts, and the terminal still echoes. What follows Enter was meant for the shell.
        child.send("ops\rqdr\r")
        child.expect("1 of 2")
        child.expect("⏎.*Use")
        child.send("\r")
        child.expect("finished")
        assert self.answer(home) == "picked ops\n"
        assert "dev-mfa" not in home.credentials.read_text()

    def test_keys_of_a_burst_take_effect_in_their_order(self, home: Home, person: AddPerson, spawn: Spawn) -> None:
        for name in ("dev", "ops", "ops-admin"):
            person(name, seed=True)
        child = self.picker(home, spawn)
        child.expect("⏎.*Use")
        child.send("oad\rdev\r")
        child.expect("finished")
        assert self.answer(home) == "picked ops-admin\n"
