"""The account screen: its table and pictures, sorting and filtering, and what happens when AWS denies a part."""

import csv
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from textual.widget import Widget

from mfa_tui.core.account.audit import CHECKS
from mfa_tui.demo.aws import faults
from mfa_tui.demo.aws.accounts.policy_documents import ADMINISTRATOR
from mfa_tui.ui.account import examination
from mfa_tui.ui.account.rows import AuditView, audit_view
from mfa_tui.ui.account.screen import AccountScreen
from mfa_tui.ui.account.table import AccountTable
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long, quick_cases
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.account_setup import AccountSetup
    from mfa_tui.demo.aws.server import StrictAws

SIZES = [(80, 24), (120, 36)]


async def opened(driver: Driver) -> None:
    """The account screen, when the audit is over."""
    await driver.press("w")
    await driver.sees("FINDINGS")
    await driver.until(lambda: not driver.app_state.action_log.running(), "the end of the audit")


def rows(driver: Driver) -> list[str]:
    """The names in the table, from top to bottom."""
    lines = driver.screen.splitlines()
    first = next(index for index, line in enumerate(lines) if "CONSOLE" in line and "ADMIN" in line)
    end = next(index for index, line in enumerate(lines) if line.startswith("────"))
    return [line[3:18].strip() for line in lines[first + 1 : end] if line[3:18].strip()]


def line_of(driver: Driver, name: str) -> list[str]:
    """The words of the table's line of a row, without the cursor."""
    return next(line[3:].split() for line in driver.screen.splitlines() if line[3:].startswith(f"{name} "))


@quick_cases(1)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.usefixtures("account")
async def test_the_table_says_who_is_protected_and_what_is_wrong(home: Home, size: tuple[int, int]) -> None:
    async with interface(home, size=size) as driver:
        await opened(driver)
        assert rows(driver) == ["mia", "password policy", "role deploy", "tom", "boss", "root user"]
        assert " ".join(line_of(driver, "mia")).startswith("mia yes – ✗ none – 2 d ▲ high 2")
        assert " ".join(line_of(driver, "tom")).startswith("tom yes – ✓")
        assert "! 412 d" in " ".join(line_of(driver, "tom"))
        assert "admin ✓ 2 apps 3 d today ✓" in " ".join(line_of(driver, "boss"))
        await driver.sees(
            "66 %", "2 of 3 users who can log in", "▲ 2 high", "2 sign-ins, ! 1 without MFA", "credential report is"
        )
        # The details of the row under the cursor, with remedies.
        await driver.sees("mia has a password, and no MFA device.", "→ Enroll an MFA device for the user.")
        assert driver.screen.splitlines()[0].startswith(" Account ")


@pytest.mark.usefixtures("account")
async def test_no_row_touches_the_scroll_bar(home: Home) -> None:
    async with interface(home, size=(60, 16)) as driver:
        await opened(driver)
        table = driver.app.screen.query_one("#table")
        assert table.max_scroll_y
        lines = driver.screen.splitlines()[table.region.y : table.region.bottom]
        assert {line.ljust(60)[58] for line in lines} == {" "}
        # Its other cells are empty, and leave it their room.
        await driver.pilot.resize_terminal(40, 16)
        await driver.sees("password policy ◆ medium 1")


@pytest.mark.usefixtures("account")
async def test_below_a_dialog_it_fits_a_terminal_that_has_become_small(home: Home) -> None:
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver)
        screen = driver.app.screen
        await driver.press("x")
        await driver.sees("Export what was found")
        await driver.pilot.resize_terminal(44, 20)
        await driver.until(lambda: not screen.query_one("#pictures").region.right > 44, "the new layout")
        assert not screen.show_vertical_scrollbar


@pytest.mark.usefixtures("account")
async def test_it_sorts_by_key_and_by_click_and_filters(home: Home) -> None:
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver)
        await driver.press("s")
        await driver.sees("USER↓")
        assert rows(driver) == ["boss", "mia", "password policy", "role deploy", "root user", "tom"]
        # The cursor stays on its row.
        assert " › mia" in driver.screen
        await driver.press("v")
        await driver.sees("USER↑")
        assert rows(driver)[0] == "tom"
        title = next(line for line in driver.screen.splitlines() if "CONSOLE" in line)
        await driver.pilot.click("#table", offset=(title.index("KEYS") + 1, 0))
        await driver.sees("KEYS↓")
        assert rows(driver)[:2] == ["tom", "boss"]
        await driver.press("slash", *"people")
        await driver.sees("1 of 6")
        assert rows(driver) == ["mia"]
        await driver.press("escape")
        await driver.until(lambda: len(rows(driver)) == 6)
        await driver.press("slash", *"nobody")
        await driver.sees('No row matches "nobody"', "esc shows all 6")
        await driver.press("escape")
        await driver.until(lambda: len(rows(driver)) == 6)
        await driver.press("slash", *"key-old", "enter")
        await driver.sees(
            "Access key 1 of tom is 412 days old.", "Long-term keys at AWS, now", "MFA devices at AWS, now"
        )
        await driver.press("escape")
        await driver.sees("1 of 6")
        await driver.press("tab", "escape")
        await driver.until(lambda: len(rows(driver)) == 6)
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


@long
@pytest.mark.usefixtures("account")
async def test_details_of_a_user_and_of_a_role(home: Home) -> None:
    async with interface(home, size=(100, 30)) as driver:
        await opened(driver)
        await driver.press("enter")
        await driver.sees("signed in to the console without MFA once", "groups people", "none. Press n to enroll one.")
        # There is nothing to reset or to disable.
        await driver.sees("n Enroll ? Help esc Back")
        await driver.press("r")
        await driver.sees("– Reset MFA: the user has no MFA device.")
        await driver.press("question_mark")
        await driver.sees("Deactivate and delete a device that the user has lost.")
        await driver.press("escape", "escape")
        await driver.press("down", "down", "enter")
        await driver.sees("The role deploy can be assumed without MFA", "aws:MultiFactorAuthPresent")
        await driver.press("n")
        await driver.sees("– Enroll: only IAM users have MFA devices and keys here.")


@long
@pytest.mark.usefixtures("account")
async def test_what_has_not_changed_is_not_laid_out_again_each_second(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[bool] = []

    def refresh(*_: object, layout: bool = False, **__: object) -> None:
        laid_out.append(layout)

    async with interface(home, size=(80, 24)) as driver:
        await opened(driver)
        screen = driver.app.screen
        assert isinstance(screen, AccountScreen)
        with monkeypatch.context() as patched:
            patched.setattr(Widget, "refresh", refresh)
            screen.redraw()
    assert not any(laid_out)


@long
async def test_a_denied_part_is_named_and_the_rest_is_shown(
    home: Home, aws: "StrictAws", account: "AccountSetup"
) -> None:
    denied = {"Effect": "Deny", "Action": ["iam:ListRoles", "cloudtrail:LookupEvents"], "Resource": "*"}
    account.allow("boss", {**ADMINISTRATOR, "Statement": [denied]}, name="deny")
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver)
        await driver.sees("? 2 denied", "cloudtrail:LookupEvents was denied")
        assert [name[:9] for name in rows(driver)][3:5] == ["Console s", "Role trus"]
        await driver.press("slash", *"trust")
        await driver.sees("? denied", "iam:ListRoles was denied", "The rest of the account was examined")
    assert aws.count("ListRoles") == 1


@long
@pytest.mark.usefixtures("account")
async def test_escape_stops_the_audit_and_keeps_what_is_known(home: Home, aws: "StrictAws") -> None:
    aws.fault(faults.delay(30), action="LookupEvents")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("w")
        await driver.sees("Reading console sign-ins", "FINDINGS")
        assert rows(driver)[0] == "mia"
        await driver.press("escape")
        await driver.until(lambda: not driver.app_state.action_log.running())
        await driver.sees("interrupted: only what was seen until then counts")
        assert rows(driver)[0] == "mia"
        assert isinstance(driver.app.screen, AccountScreen)


@long
@pytest.mark.usefixtures("account")
async def test_what_was_found_is_written_to_a_file(home: Home) -> None:
    async with interface(home, size=(80, 24)) as driver:
        await opened(driver)
        for name in ("found.csv", "found.json", "found.html", "found.md"):
            await driver.press("x")
            await driver.sees("Export what was found")
            await driver.press("ctrl+a", "backspace")
            field = driver.app.focused
            assert field is not None
            field.value = ""  # type: ignore[attr-defined]
            await driver.paste(str(home.path / name))
            await driver.press("enter")
            await driver.until(lambda: any(f"Exported {home.path / name}" in toast for toast in driver.toasts))  # noqa: B023
        await driver.press("x")
        await driver.sees("Export what was found")
        driver.app.focused.value = ""  # type: ignore[union-attr]
        await driver.paste(str(home.path / "found.txt"))
        await driver.press("enter")
        await driver.sees("does not end in .html, .csv, .md or .json.")
    findings = json.loads((home.path / "found.json").read_text())["findings"]
    with (home.path / "found.csv").open() as file:
        assert [row["id"] for row in csv.DictReader(file)] == [one["id"] for one in findings]
    assert (home.path / "found.html").stat().st_mode & 0o777 == 0o600


@long
@pytest.mark.parametrize("count", [200, pytest.param(5_000, marks=long)])
async def test_many_users_draw_only_what_is_seen(
    home: Home, account: "AccountSetup", monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    made: list[threading.Thread] = []

    def recorded(*arguments: Any) -> AuditView:
        made.append(threading.current_thread())
        return audit_view(*arguments)

    monkeypatch.setattr(examination, "audit_view", recorded)
    for number in range(count):
        account.add_user(f"user{number:04d}", password=True)
    async with interface(home, size=(120, 36)) as driver:
        await driver.press("w")
        await driver.sees("FINDINGS", f"2 of {count + 3:,} users")
        await driver.press("escape")
        await driver.until(lambda: not driver.app_state.action_log.running())
        # Rows are made for each state of the audit, in the thread that asks AWS, and for no key.
        assert threading.main_thread() not in made
        states = len(made)
        table = driver.app.screen.query_one(AccountTable)
        before = table.drawn
        for key in ("end", "pageup", "s", "s", "v", "home"):
            await driver.press(key)
        await driver.pilot.pause()
        # A line of the table is drawn at most a few times for each key.
        assert table.drawn - before < 6 * 5 * table.size.height
        await driver.press("slash", *f"user{count - 1:04d}")
        await driver.until(lambda: rows(driver) == [f"user{count - 1:04d}"])
        assert len(made) == states <= len(CHECKS) + 1


@long
async def test_without_a_session_it_says_how_to_begin_again(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("w")
        await driver.sees("Code for ops")
        await driver.press("escape")
        await driver.sees("u logs in, and examines the account. Nothing in it is changed.", "u Log in")
        await driver.press("n")
        await driver.sees("– Enroll: there is no row here.")
        await driver.press("question_mark")
        await driver.sees("not now: there is no row here")
        await driver.press("end")
        await driver.sees("■ critical", "? denied, or not complete")
        await driver.press("escape", "u")
        await driver.sees("Code for ops")
        await driver.type(ops.device.code())
        await driver.press("enter")
        # The user may not ask: each part names the action.
        await driver.sees("iam:GetCredentialReport were denied", "nothing in what was checked")
