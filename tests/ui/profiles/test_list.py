"""The list: what it shows, how it is filtered, and that size does not matter."""

from typing import TYPE_CHECKING

import pytest

from mfa_tui.demo.aws.faults import captive_portal
from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.sessions import heartbeat
from mfa_tui.ui.text.spans import Span, Tone
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

MANY = 10_000


def write_profiles(home: Home, count: int) -> None:
    """Profiles ``team-00000`` and on, with access keys and a device each."""
    numbers = range(count)
    home.config.write_text(
        "".join(
            f"[profile team-{n:05}]\nregion = eu-central-1\nmfa_serial = arn:aws:iam::{n:012}:mfa/phone-{n}\n"
            for n in numbers
        )
    )
    home.credentials.write_text(
        "".join(f"[team-{n:05}]\naws_access_key_id = AKIA{n:016}\naws_secret_access_key = s\n" for n in numbers)
    )


async def test_rows_are_made_only_as_they_are_seen(home: Home) -> None:
    write_profiles(home, MANY)
    async with interface(home) as driver:
        made = driver.app_state.overview._rows if driver.app_state.overview else {}
        assert "10 000 profiles" in driver.words
        assert "team-00000" in driver.screen
        await driver.press("end")
        assert driver.current == f"team-{MANY - 1:05}"
        assert driver.current in driver.screen
        await driver.press("home", "pagedown")
        assert 0 < len(made) < 200
        await driver.press("slash")
        await driver.type("phone-777")
        await driver.sees("11 of 10000")
        assert driver.current == "team-00777"
        assert len(made) < 250


async def test_no_row_is_scrolled_away_without_need(home: Home) -> None:
    write_profiles(home, 12)
    # Ten rows: the last two are below them.
    async with interface(home, size=(80, 20), profile="team-00005") as driver:
        assert "team-00000" in driver.screen
        assert driver.current in driver.screen
        assert "team-00011" not in driver.screen


async def test_a_session_with_all_its_signs_does_not_touch_the_scroll_bar(home: Home) -> None:
    write_profiles(home, 30)
    async with interface(home, size=(60, 20)) as driver:
        listed = driver.main.query_one(ProfileList)
        # As long as a session's cell can be.
        cells = listed._cells
        listed._cells = lambda name: cells(name)._replace(session=Span("✓ 35 h 59 m ⇄↻", Tone.GOOD))
        listed.refresh()
        await driver.sees("✓ 35 h 59 m ⇄↻")
        assert listed.max_scroll_y
        rows = driver.screen.splitlines()[listed.region.y : listed.region.bottom]
        assert {row.ljust(60)[58] for row in rows} == {" "}


async def test_the_columns_stay_where_they_are_while_the_list_is_filtered(home: Home) -> None:
    write_profiles(home, 3)
    home.config.write_text(
        f"{home.config.read_text()}[profile deploy-production]\nrole_arn = arn:aws:iam::111122223333:role/r\n"
        "source_profile = team-00000\nmfa_serial = arn:aws:iam::000000000000:mfa/phone-0\n"
    )
    async with interface(home) as driver:
        titles = next(line for line in driver.screen.splitlines() if "PROFILE" in line)
        assert "└ deploy-production" in driver.screen
        await driver.press("slash", *"00001")
        await driver.sees("1 of 4")
        assert titles[: titles.index("│")] in driver.screen


async def test_home_shows_the_title_of_the_first_group(home: Home) -> None:
    write_profiles(home, 30)
    home.config.write_text(
        home.config.read_text() + "[profile old]\nsource_profile = gone\nrole_arn = arn:aws:iam::1:role/r\n"
    )
    async with interface(home, size=(80, 20), profile="team-00000") as driver:
        assert "Users and their roles" in driver.screen
        for last, first in (("end", "home"), ("pagedown", "pageup")):
            await driver.press(*[last] * 3)
            assert "Users and their roles" not in driver.screen
            await driver.press(*[first] * 9)
            assert driver.current == "team-00000"
            assert "Users and their roles" in driver.screen
        # A title right above the cursor is in sight, too, when the cursor comes from below.
        await driver.press("end", "up", "down", "home")
        assert driver.screen.index("Users and their roles") < driver.screen.index("team-00000")


async def test_the_filter_ranks_moves_by_arrows_and_is_cleared_by_escape(home: Home, person: AddPerson) -> None:
    for name in ("preprod", "zeta-prod", "dev", "alpha-prod"):
        person(name)
    async with interface(home, profile="alpha-prod") as driver:
        await driver.press("slash")
        await driver.type("prod")
        await driver.until(lambda: " dev " not in driver.screen)
        # The cursor is on the best match, not where it was.
        assert driver.current == "zeta-prod"
        assert driver.screen.index("zeta-prod") < driver.screen.index("alpha-prod") < driver.screen.index("preprod")
        assert "3 of 4" in driver.words
        await driver.press("down")
        assert driver.current == "alpha-prod"
        await driver.press("enter")
        await driver.sees("Code for alpha-prod")
        await driver.press("escape")
        await driver.idle("alpha-prod")
        await driver.press("escape")
        await driver.sees("4 profiles")
        assert (driver.current, "3 of 4" in driver.words) == ("alpha-prod", False)
        assert driver.main.focused is driver.main.query_one("#list")


@long
async def test_what_is_used_most_comes_first_among_equal_matches(home: Home, person: AddPerson) -> None:
    for name in ("adm", "dev-admin", "stage-admin"):
        person(name, seed=True)
    async with interface(home, profile="stage-admin") as driver:
        await driver.press("slash")
        await driver.type("ad")
        assert driver.current == "adm"
        await driver.press("escape", "end", "enter")
        await driver.until(lambda: driver.key_in_file("stage-admin-mfa") != "")
        await driver.idle("stage-admin")
        await driver.press("slash")
        await driver.type("ad")
        assert driver.current == "stage-admin"
        await driver.type("m")
        # It was typed out.
        assert driver.current == "adm"


async def test_a_filter_without_a_match_shows_the_next_step(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("slash")
        await driver.type("xyz")
        await driver.sees('No profile matches "xyz"', "esc shows all 1")
        await driver.press("enter")
        assert driver.app.screen is driver.main
        await driver.press("escape")
        await driver.sees("› dev")


async def test_the_cursor_starts_on_the_requested_profile(home: Home, person: AddPerson) -> None:
    for name in ("one", "two", "three"):
        person(name, seed=name == "three")
    async with interface(home) as driver:
        assert driver.current == "one"
    async with interface(home, AWS_PROFILE="two-mfa") as driver:
        assert driver.current == "two"
        assert "›● two" in driver.screen
        assert "shell two-mfa" in driver.screen
    async with interface(home, profile="three") as driver:
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("three-mfa") != "")
        await driver.idle("three")
    async with interface(home) as driver:
        assert driver.current == "three"
        assert "three-mfa" not in driver.line_of("three")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 48)])
async def test_every_size_shows_the_profile_its_session_and_the_commands(
    home: Home, person: AddPerson, size: tuple[int, int]
) -> None:
    dev = person("dev", seed=True)
    async with interface(home, size=size) as driver:
        await driver.sees("no session yet", "saves as dev-mfa")
        assert f"secret  {dev.device.serial.rsplit('/')[-1]} " in driver.line_of("dev")
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.sees("✓ 11 h 59 m left", "export AWS_PROFILE=dev-mfa", "⏎ Log in", "q Quit")
        assert ("ACCOUNT" in driver.screen) == (size[0] >= 100)
        assert all(len(line) <= size[0] for line in driver.screen.splitlines())


async def test_details_that_were_hidden_are_shown_whole(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home) as driver:
        await driver.sees("let AWS tools renew it")
        await driver.press("v")
        await driver.pilot.resize_terminal(80, 24)
        await driver.sees("TODAY")
        await driver.pilot.resize_terminal(120, 36)
        await driver.sees("let AWS tools renew it")


async def test_a_broken_profile_leads_to_the_doctor(home: Home) -> None:
    home.config.write_text("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = gone\n")
    async with interface(home) as driver:
        await driver.sees("source 'gone' is missing", "D Doctor")


async def test_a_shells_profile_that_does_not_exist_is_reported(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, AWS_PROFILE="gone") as driver:
        await driver.sees("shell gone not in the AWS files")
    async with interface(home, AWS_PROFILE="dev-mfa") as driver:
        await driver.sees("shell dev-mfa no session")


async def test_keys_in_the_environment_are_reported(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, AWS_ACCESS_KEY_ID="AKIAX") as driver:
        await driver.sees("! AWS_ACCESS_KEY_ID is set in this shell and overrides AWS_PROFILE: unset AWS_ACCESS_KEY_ID")
        await driver.sees("shell its own access keys")
    home.env |= {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "s"}
    async with interface(home, AWS_PROFILE="dev-mfa") as driver:
        await driver.sees("in this shell and overrides dev-mfa: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
        assert "›○ dev" in driver.screen
        await driver.sees("○ this shell names it, but AWS_ACCESS_KEY_ID overrides it")
    del home.env["AWS_ACCESS_KEY_ID"]
    async with interface(home, AWS_PROFILE="dev-mfa") as driver:
        assert "›● dev" in driver.screen
        await driver.sees("● this shell uses it")


async def test_exported_keys_of_a_profile_are_that_profile(home: Home, person: AddPerson) -> None:
    person("one")
    person("two")
    env = {"AWS_ACCESS_KEY_ID": "ASIAX", "AWS_SECRET_ACCESS_KEY": "s", "MFA_TUI_EXPORTED": "AWS_REGION two"}
    home.env |= env
    async with interface(home) as driver:
        await driver.sees("shell keys of two")
        assert "›● two" in driver.screen
        assert "overrides" not in driver.screen


async def test_the_code_of_a_secret_that_is_new_is_shown_without_a_move(home: Home, person: AddPerson) -> None:
    dev = person("dev")
    async with interface(home) as driver:
        await driver.sees("type your 6-digit code")
        home.store_seed(dev.device)
        await driver.press("u")
        await driver.until(lambda: driver.shows_code(dev.device.code()), "the code")


async def test_a_shell_without_a_profile_uses_the_default_one(home: Home, person: AddPerson) -> None:
    person("dev")
    person("default")
    async with interface(home) as driver:
        await driver.sees("shell default")
        assert " ● default " in driver.screen
        assert driver.current == "dev"


async def test_what_another_program_writes_is_seen_and_the_cursor_stays(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "TICK", 0.05)
    person("one")
    person("two")
    async with interface(home, profile="two") as driver:
        text = home.config.read_text()
        home.config.write_text("[profile zero]\nregion = us-east-1\n" + text)
        await driver.sees("3 profiles")
        assert driver.current == "two"
        assert "– has no access keys" in driver.line_of("zero")


async def test_without_files_the_next_step_is_shown(home: Home) -> None:
    async with interface(home, size=(80, 24)) as driver:
        await driver.sees("No AWS profiles yet", "⏎ sets up your first one", "u reads the files again")
        assert "shell uses no profile" in driver.screen
        home.config.write_text("[profile new]\nregion = us-east-1\n")
        await driver.press("u")
        await driver.sees("1 profile")
        assert driver.current == "new"


async def test_keys_still_work_once_all_profiles_are_gone(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, size=(80, 24)) as driver:
        home.config.unlink()
        home.credentials.unlink()
        await driver.press("u")
        await driver.sees("No AWS profiles yet")
        await driver.press("enter")
        await driver.sees("1 of 3 · Access key")


async def test_what_is_shown_without_files_scrolls_on_small_terminals(home: Home) -> None:
    async with interface(home, size=(40, 10)) as driver:
        await driver.sees("No AWS profiles yet")
        assert "noticed automatically" not in driver.words
        await driver.press(*["down"] * 20)
        await driver.sees("noticed automatically, too.")
        await driver.press("pageup", "home")
        await driver.sees("No AWS profiles yet")
        await driver.press("ctrl+down")
        await driver.until(lambda: "No AWS profiles yet" not in driver.words)


async def test_the_first_login_shows_the_column_of_last_use(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home, size=(200, 40)) as driver:
        assert "USED" not in driver.screen
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        await driver.sees("USED")
        assert driver.line_of("dev").split("│")[0].rstrip().endswith("now")


async def test_a_file_that_cannot_be_read_is_named_with_line_and_remedy(home: Home) -> None:
    home.config.write_text("[profile a]\nregion = x\n[profile a]\n")
    async with interface(home, size=(80, 24)) as driver:
        await driver.sees("line 3: no AWS tool can read this file.", "u reads the files again")
        home.config.write_text("[profile a]\nregion = x\n")
        await driver.press("f5")
        await driver.sees("1 profile")


async def test_names_cannot_steer_the_terminal(home: Home) -> None:
    home.credentials.write_text("[evil\x1b[31m]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n")
    async with interface(home) as driver:
        await driver.sees("evil�[31m")
        assert "\x1b" not in driver.screen


async def test_the_mouse_moves_the_cursor_and_a_double_click_logs_in(home: Home, person: AddPerson) -> None:
    person("one")
    person("two")
    async with interface(home) as driver:
        await driver.pilot.click("#list", offset=(6, 2))
        assert driver.current == "two"
        await driver.pilot.double_click("#list", offset=(6, 1))
        await driver.sees("Code for one")
        # Below a dialog there are no commands: it has the keys.
        await driver.until(lambda: "? Help" not in driver.screen)
        await driver.press("escape")
        await driver.idle("one")
        await driver.sees("? Help")
        await driver.pilot.click("CommandBar", offset=(2, 0))
        await driver.sees("Code for one")


async def test_the_bottom_line_has_only_what_the_keys_do_now(home: Home, person: AddPerson) -> None:
    person("one")
    async with interface(home) as driver:
        assert "y Export" in driver.words
        await driver.press("slash")
        await driver.sees("a-z Filter ⏎ Log in ↑↓ Move tab To the list esc Clear")
        await driver.type("on")
        await driver.press("enter")
        await driver.sees("Code for one")
        assert "Export" not in driver.words
        assert "a-z" not in driver.words
        await driver.press("escape")
        await driver.idle("one")
        await driver.sees("a-z Filter")
        await driver.pilot.click("CommandBar", offset=(52, 0))
        await driver.sees("y Export", "/ filter")


@pytest.mark.parametrize("asked", ["", "ops", "ops-mfa"])
async def test_the_cursor_starts_on_what_was_asked_for(home: Home, person: AddPerson, asked: str) -> None:
    person("dev")
    person("ops")
    async with interface(home, profile=asked) as driver:
        assert driver.current == ("ops" if asked else "dev")
        assert not driver.toasts


async def test_a_long_error_fits_at_80x24(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("dev", seed=True)
    async with interface(home, size=(80, 24)) as driver:
        aws.fault(captive_portal(), action="GetSessionToken")
        await driver.press("enter")
        await driver.sees("✗ Something other than AWS answered", "→ Open a browser", "with a new code.", "⏎ Log in")
