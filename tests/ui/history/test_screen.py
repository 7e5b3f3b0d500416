"""The history screen: what it shows, what it finds, and the texts that it copies."""

import sqlite3

import pytest

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.history.log import HistoryLog
from mfa_tui.core.aws.api_call import ApiCall
from mfa_tui.core.history.entry import Entry
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

DEVICE = "arn:aws:iam::111122223333:mfa/ana"
NOW = 1_795_521_342
LOGIN = ApiCall("sts", "GetSessionToken", {"SerialNumber": DEVICE}, "id-of-login", key_id="AKIAANA")
RESYNC = ApiCall("iam", "ResyncMFADevice", {"SerialNumber": DEVICE}, "id-of-resync", "AccessDenied", "Not allowed.")


def entry(text: str, result: str = "done", *calls: ApiCall, **more: str) -> Entry:
    return Entry(NOW, more.pop("profile", "dev"), more.pop("action", "login"), result, text, calls=calls, **more)


def record(home: Home, *entries: Entry) -> HistoryLog:
    """Put *entries* into the history of the home, the first one as the oldest."""
    log = HistoryLog(Paths(home.env))
    for number, each in enumerate(entries):
        log.add(each._replace(at=NOW + number), 3650, NOW)
    return log


@pytest.fixture(autouse=True)
def _kept_for_years(home: Home) -> None:
    home.write_settings("history_days = 3650\n")


def copied(driver: Driver) -> str:
    return driver.app.clipboard


async def test_what_was_done_is_shown(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("H")
        await driver.sees("History", "0 entries", "Nothing was done yet", "Entries are kept for 3650 days.")
        await driver.press("escape")
        await driver.press("enter")
        await driver.sees("left until")
        await driver.press("H")
        await driver.sees("1 entry", "✓ Logged in for 12 h; saved as dev-mfa.", "sts:GetSessionToken", "request ID")
        await driver.press("question_mark")
        await driver.sees("Copy all that is known of the entry for a support ticket.")
        await driver.press("escape", "escape")
        assert driver.app.screen is driver.main


async def test_the_request_id_is_in_sight_on_small_terminals(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    refusal = entry(
        "AWS does not let ana resync.", "refused", RESYNC, error="device-denied", why="No policy allows it."
    )
    record(home, refusal._replace(arn=f"arn:aws:iam::111122223333:user/{'a' * 60}"))
    for size in ((80, 24), (60, 20)):
        async with interface(home, size=size) as driver:
            await driver.press("H")
            await driver.sees("refused: AccessDenied; request ID id-of-resync", "Not allowed.")


@long
async def test_finding_an_entry(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    log = record(
        home,
        entry("Logged in.", "done", LOGIN),
        entry("AWS does not let ana resync.", "refused", RESYNC, action="device-resync", error="device-denied"),
        entry("Logged out.", action="logout", profile="ops"),
    )
    async with interface(home, size=(120, 36)) as driver:
        await driver.press("H")
        await driver.sees("3 entries", "TIME", "PROFILE", "ACTION", "RESULT", "device resync", "✓ Logged out.")
        await driver.press("f")
        await driver.sees("History: failures", "1 of 3", "✗ AWS does not let ana resync.", "Not allowed.")
        await driver.press("f")
        await driver.sees("3 entries", "Not allowed.")
        await driver.press("slash", *"id-of-login")
        await driver.sees("1 of 3", "id-of-login")
        await driver.press("enter", "y")
        await driver.sees("All that is known of the entry")
        assert copied(driver).startswith("Login: done\n")
        assert "request ID id-of-login" in copied(driver)
        await driver.press("escape")
        await driver.sees("3 entries")
        await driver.press("slash", *"nowhere")
        await driver.sees('No entry matches "nowhere"', "esc shows all 3")
        await driver.press("escape")
        log.add(entry("Another.", profile="new")._replace(at=NOW + 9), 3650, NOW)
        await driver.press("u")
        await driver.sees("4 entries", "Another.")
        await driver.press("escape")
        assert driver.app.screen is driver.main


async def test_a_text_for_an_administrator(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    refused = entry("AWS does not let ana resync.", "refused", RESYNC, action="device-resync", error="device-denied")
    record(home, refused._replace(signer=dev.user.access_key_id), entry("Logged in.", "done", LOGIN))
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("H")
        await driver.sees("2 entries")
        await driver.press("a")
        await driver.sees("Copy for an administrator: AWS has not refused this.")
        await driver.press("down", "a")
        await driver.sees("A text for an administrator")
        # Who it is was not in the history: AWS was asked.
        assert f"ARN: {dev.user.arn}" in copied(driver)
        assert f"User: {dev.user.name}" in copied(driver)
        assert f"Call: aws iam resync-mfa-device --serial-number {DEVICE}" in copied(driver)
        assert f"--user-name {dev.user.name} --serial-number {DEVICE}" in copied(driver)


async def test_without_an_answer_of_aws_the_key_says_who_it_is(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    record(home, entry("No.", "refused", RESYNC, error="device-denied", signer="AKIAGONE", profile="gone"))
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("H")
        await driver.sees("1 entry")
        await driver.press("a")
        await driver.sees("A text for an administrator")
        assert "aws iam get-access-key-last-used --access-key-id AKIAGONE" in copied(driver)


@pytest.mark.parametrize("size", [(60, 20), (200, 60)])
async def test_any_size(home: Home, person: AddPerson, size: tuple[int, int]) -> None:
    person("dev", seed=True)
    record(home, entry("Logged in.", "done", LOGIN), entry("Failed.", "failed", error="keyring-locked", why="Locked."))
    async with interface(home, size=size) as driver:
        await driver.press("H")
        await driver.sees("2 entries", "✗ Failed.", "Locked.", "failed (keyring-locked)", "esc")


async def test_a_history_that_cannot_be_read(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    log = record(home, entry("Logged in."))
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("H")
        await driver.sees("1 entry")
        with sqlite3.connect(log.path) as database:
            database.execute("DROP TABLE entries")
        await driver.press("u")
        await driver.sees("Nothing was done yet")
        home.settings.write_text("history_days = 3650\n")
        assert log.was_damaged()
