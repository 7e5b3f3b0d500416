"""The order of the list: as chosen, pinned first, and never changing under the cursor."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.keys.key_dates import KeyDates
from mfa_tui.services.listing.order import ORDERS, Order, next_order, sorted_names
from mfa_tui.services.listing.preferences import Preferences, load_preferences, update_preferences
from mfa_tui.ui.profiles.list_widget import ProfileList
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.ui.conftest import AddPerson
from tests.ui.profiles.test_list import MANY, write_profiles

FILES = ("zeta", "Dev", "alpha", "ops")


@pytest.mark.parametrize(
    ("order", "pinned", "result"),
    [
        (Order.FILES, (), FILES),
        (Order.NAME, (), ("alpha", "Dev", "ops", "zeta")),
        (Order.RECENT, (), ("ops", "alpha", "zeta", "Dev")),
        # What came after the profiles were looked at is last.
        (Order.SESSION, (), ("ops", "zeta", "alpha", "Dev")),
        (Order.FILES, ("ops", "alpha"), ("alpha", "ops", "zeta", "Dev")),
        (Order.NAME, ("zeta",), ("zeta", "alpha", "Dev", "ops")),
        ("strange", ("nobody",), FILES),
    ],
)
def test_orders(order: str, pinned: tuple[str, ...], result: tuple[str, ...]) -> None:
    ranks = {"ops": 0, "gone": 1, "zeta": 2, "alpha": 3}
    assert sorted_names(FILES, order, recent=("ops", "gone", "alpha"), pinned=pinned, ranks=ranks) == result


@given(st.lists(st.text(max_size=3), unique=True), st.sampled_from(ORDERS), st.lists(st.text(max_size=3)))
def test_an_order_loses_nothing(names: list[str], order: str, pinned: list[str]) -> None:
    result = sorted_names(names, order, recent=pinned, pinned=pinned, ranks={})
    assert sorted(result) == sorted(names)
    assert [name in pinned for name in result] == sorted((name in pinned for name in names), reverse=True)


def test_the_last_order_is_followed_by_the_first() -> None:
    assert [next_order(order) for order in ORDERS] == [*ORDERS[1:], ORDERS[0]]
    assert next_order("strange") == Order.GROUPS


@pytest.mark.parametrize(
    "damage", ["", "no json", "[]", '{"pinned": "dev"}', '{"recent": 3}', '{"theme": ["x"]}', '{"order": null}']
)
def test_damaged_preferences_count_as_empty(home: Home, damage: str) -> None:
    paths = Paths(home.env)
    os.makedirs(paths.state)
    with open(os.path.join(paths.state, "interface.json"), "w", encoding="utf-8") as file:
        file.write(damage)
    assert load_preferences(paths) == Preferences()
    update_preferences(paths, lambda now: now.with_last_used("dev", 1.0))
    assert load_preferences(paths).last == "dev"


def test_preferences_are_remembered(home: Home) -> None:
    paths = Paths(home.env)
    for name in ("dev", "ops", "dev", *map(str, range(200))):
        update_preferences(paths, lambda now, name=name: now.with_last_used(name, 1.0))  # type: ignore[misc]
    remembered = update_preferences(
        paths, lambda now: now.with_pinned("dev", pinned=True).with_kept_alive("ops", kept=True)
    )
    assert remembered == load_preferences(paths)
    assert (remembered.last, len(remembered.recent), remembered.recent.count("199")) == ("199", 100, 1)
    assert (remembered.pinned, remembered.kept) == (("dev",), ("ops",))
    assert update_preferences(paths, lambda now: now.with_pinned("dev", pinned=False)).pinned == ()
    # What a later version keeps beside it does no harm.
    path = os.path.join(paths.state, "interface.json")
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**values, "unheard of": 1}, file)
    assert load_preferences(paths).kept == ("ops",)


def shown(driver: Driver, *names: str) -> list[str]:
    """*names* as the list has them from top to bottom."""
    return sorted(names, key=lambda name: driver.screen.index(f" {name} "))


async def test_the_order_is_chosen_and_remembered(home: Home, person: AddPerson) -> None:
    names = ("zeta", "dev", "alpha")
    for name in names:
        person(name)
    async with interface(home, profile="dev") as driver:
        assert shown(driver, *names) == ["zeta", "dev", "alpha"]
        await driver.press("s")
        await driver.sees("3 profiles, as in the files")
        await driver.press("s")
        assert shown(driver, *names) == ["alpha", "dev", "zeta"]
        await driver.sees("3 profiles, by name")
        assert driver.current == "dev"
    async with interface(home, profile="dev") as driver:
        assert shown(driver, *names) == ["alpha", "dev", "zeta"]
        await driver.press("s")
        await driver.sees("3 profiles, most recent first")
        await driver.press("s")
        assert shown(driver, *names) == ["zeta", "dev", "alpha"]


async def test_a_pinned_profile_comes_first_with_a_mark(home: Home, person: AddPerson) -> None:
    names = ("zeta", "dev", "alpha")
    for name in names:
        person(name)
    async with interface(home, profile="dev") as driver:
        await driver.press("p")
        assert shown(driver, *names) == ["dev", "zeta", "alpha"]
        assert driver.line_of("dev").startswith("★›")
        assert driver.current == "dev"
        await driver.press("slash", "a")
        # The best match first; dev has no a.
        assert shown(driver, "zeta", "alpha") == ["alpha", "zeta"]
        await driver.press("escape")
    async with interface(home, profile="alpha") as driver:
        assert shown(driver, *names) == ["dev", "zeta", "alpha"]
        await driver.press("p", "s", "s")
        assert shown(driver, *names) == ["alpha", "dev", "zeta"]
        await driver.press("p")
        assert shown(driver, *names) == ["dev", "alpha", "zeta"]
        assert "★" not in driver.line_of("alpha")


async def test_recent_profiles_move_up_only_when_the_list_is_reloaded_by_its_key(home: Home, person: AddPerson) -> None:
    names = ("zeta", "dev", "alpha")
    for name in names:
        person(name, seed=True)
    async with interface(home) as driver:
        await driver.press("s", "s", "s", "end", "enter")
        await driver.until(lambda: driver.key_in_file("alpha-mfa") != "")
        await driver.idle("alpha")
        assert shown(driver, *names) == ["zeta", "dev", "alpha"]
        await driver.press("u")
        await driver.until(lambda: shown(driver, *names) == ["alpha", "zeta", "dev"])
        assert driver.current == "alpha"
    async with interface(home) as driver:
        assert shown(driver, *names) == ["alpha", "zeta", "dev"]


async def test_sorting_ten_thousand_reads_only_the_visible_profiles(home: Home) -> None:
    write_profiles(home, MANY)
    async with interface(home) as driver:
        made = driver.app_state.overview._rows if driver.app_state.overview else {}
        await driver.press("end", "p", "s", "s")
        assert driver.current == f"team-{MANY - 1:05}"
        await driver.press("home")
        assert driver.current == f"team-{MANY - 1:05}"
        assert len(made) < 200


async def test_groups_close_and_open_and_the_timeline_follows_the_cursor(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    with home.config.open("a") as file:
        file.write("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n")
    async with interface(home, size=(140, 36)) as driver:
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.sees("1 live", "TODAY", "dev")
        await driver.press("left")
        assert (driver.current, "▸ Users and their roles 1" in driver.words) == ("", True)
        await driver.press("down")
        # The title of an open group is stepped over.
        assert driver.current == "lost"
        await driver.press("up", "enter")
        assert (driver.current, "▾ Users and their roles 1" in driver.words) == ("dev", True)
        await driver.press("left", "right")
        assert driver.current == "dev"
        for sign in ("▸", "▾"):
            await driver.pilot.click("#list", offset=(6, 1))
            await driver.sees(f"{sign} Users and their roles 1")
        await driver.sees("RECENT", "dev Logged in for 12 h")
        await driver.press("v")
        await driver.until(lambda: "TODAY" not in driver.screen)
        await driver.press("left")
    # A closed group stays so.
    async with interface(home, size=(80, 24)) as driver:
        assert "▸ Users and their roles 1" in driver.words
        assert "RECENT" not in driver.screen
        await driver.press("enter")
        await driver.press("v")
        await driver.sees("TODAY")
        assert "export AWS_PROFILE" not in driver.screen


async def test_a_click_on_a_hint_or_the_top_line_does_what_it_says(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    person("ops", seed=True)
    with home.config.open("a") as file:
        file.write("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n")
    async with interface(home, profile="ops", AWS_PROFILE="dev") as driver:
        await driver.press("up")
        await driver.press("left")
        assert driver.current == ""
        await driver.press("down")
        # The profile that the shell uses is in a group that is closed.
        await driver.pilot.click("#header", offset=(17, 0))
        await driver.until(lambda: driver.current == "dev")
        await driver.press("slash", *"ops", "enter")
        await driver.until(lambda: driver.key_in_file("ops-mfa") != "")
        await driver.pilot.click("#header", offset=(17, 0))
        await driver.until(lambda: driver.current == "dev")
        await driver.sees("3 profiles")
        await driver.press("down")
        assert driver.current == "ops"
        await driver.until(lambda: "export AWS_PROFILE=ops-mfa" in driver.screen)
        lines = driver.screen.splitlines()
        at = next(index for index, each in enumerate(lines) if "export AWS_PROFILE" in each)
        await driver.pilot.click(offset=(lines[at].index("export") + 3, at))
        assert driver.app.clipboard == "export AWS_PROFILE=ops-mfa"
        # A click on what is no hint does nothing.
        before = len(driver.toasts)
        await driver.pilot.click("#header", offset=(2, 0))
        await driver.pilot.click("#header", offset=(60, 0))
        assert (driver.current, len(driver.toasts)) == ("ops", before)


async def test_a_click_on_any_title_sorts_by_it(home: Home, person: AddPerson) -> None:
    for name in ("zeta", "alpha", "mid"):
        person(name)
    update_preferences(Paths(home.env), lambda now: now.with_last_used("mid", 1.0))
    with home.config.open("a") as file:
        file.write(
            "[profile role]\nrole_arn = arn:aws:iam::000011112222:role/a\nsource_profile = mid\nregion = af-south-1\n"
        )
    async with interface(home, size=(260, 40), profile="zeta") as driver:
        KeyDates(Paths(home.env)).remember({driver.key_in_file("mid"): 1})
        await driver.press("u")
        await driver.until(lambda: "KEY" in driver.screen)
        for title, order, first in (
            ("PROFILE", Order.NAME, "alpha"), ("USED", Order.RECENT, "mid"), ("USED", Order.GROUPS, "zeta"),
        ):  # fmt: skip
            await click(driver, title)
            assert driver.app_state.list_order.order == order
            assert driver.main.query_one(ProfileList).lines[0].name == first
            assert (f"{title}↓" in driver.screen) == (order != Order.GROUPS)
            assert driver.current == "zeta"
        for title, first in (
            ("ACCOUNT", "role"), ("MFA", "alpha"), ("KEY", "mid"), ("REGION", "role"), ("ROLE", "role"),
        ):  # fmt: skip
            await click(driver, title)
            assert (f"{title}↓" in driver.screen, driver.current) == (True, "zeta")
            assert driver.main.query_one(ProfileList).lines[0].name == first, title
    assert load_preferences(Paths(home.env)).order == Order.ROLE


async def test_sorted_by_session_rows_stay_until_they_are_sorted_again(home: Home, person: AddPerson) -> None:
    names = ("alpha", "mid", "zeta")
    for name in names:
        person(name, seed=True)
    async with interface(home, profile="mid") as driver:
        await click(driver, "SESSION")
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("mid-mfa") != "")
        await driver.idle("mid")
        # A login moves no row under the cursor.
        assert shown(driver, *names) == list(names)
        await driver.press("u")
        await driver.until(lambda: shown(driver, *names) == ["mid", "alpha", "zeta"])
        await driver.sees("3 profiles, by session")


async def test_too_many_profiles_are_not_sorted_by_a_column(home: Home) -> None:
    write_profiles(home, 501)
    async with interface(home) as driver:
        await click(driver, "SESSION")
        assert any(
            "A list of more than 500 profiles is sorted by PROFILE or USED only" in each for each in driver.toasts
        )
        await driver.sees("501 profiles, as in the files")
        assert "SESSION↓" not in driver.screen
        await driver.press("s")
        assert driver.app_state.order == Order.GROUPS


async def click(driver: Driver, title: str) -> None:
    """Click on the title of a column."""
    row, titles = next((y, line) for y, line in enumerate(driver.screen.splitlines()) if "PROFILE" in line)
    await driver.pilot.click(offset=(titles.index(title) + 1, row))
    await driver.pilot.pause()
