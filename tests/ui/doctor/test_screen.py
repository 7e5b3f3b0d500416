"""The doctor in the interface: its findings, and the fix of each one key away."""

import stat

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal, JournalEntry, Phase
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.core.doctor.fixes import FixKind
from mfa_tui.core.doctor.other_tools import OtherTool
from mfa_tui.core.problems.finding import Finding, Severity
from mfa_tui.services.doctor.examine import Diagnosis
from mfa_tui.ui.doctor.rows import about, index_of, rows_of, summary
from mfa_tui.ui.text.spans import plain_text
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

KEYS = {"doctor-fix": "⏎", "doctor-copy": "y"}
OPEN = Finding("credentials-open", Severity.WARNING, "/home/ana/x can be read.", "Why.", "chmod 600 /x")
THEME = Finding("settings-theme", Severity.ERROR, "No theme.", "", "Choose one.")
UNSET = Finding("env-keys", Severity.WARNING, "Keys are set.", "", "unset AWS_ACCESS_KEY_ID")
VALUE = Finding("value-empty", Severity.HINT, "'dev': region is empty.", "", "Set it to a region.", "dev")
TOOL = OtherTool("aws-vault", ("a profile",), "Nothing changes.")
FOUND = Diagnosis(3, (THEME, OPEN, UNSET, VALUE), (TOOL,))


def text_of(index: int) -> str:
    return "\n".join(map(plain_text, about(rows_of(FOUND)[index], KEYS, 80)))


def test_each_finding_says_how_it_is_fixed() -> None:
    rows = rows_of(FOUND)
    kinds = [row.fix.kind if row.fix is not None else "" for row in rows]
    assert kinds == [FixKind.SCREEN, FixKind.REPAIR, FixKind.COMMAND, "", ""]
    cells = [{title: cell.text for title, cell in row.cells("/home/ana").items()} for row in rows]
    assert [cell["FIX"] for cell in cells] == ["Settings", "Fix", "command", "", ""]
    assert [cell["FINDING"] for cell in cells] == ["✗ error", "! warning", "! warning", "· hint", "  tool"]
    assert [cell["WHAT"] for cell in cells[1:]] == [
        "~/x can be read.",
        "Keys are set.",
        "'dev': region is empty.",
        "aws-vault",
    ]
    assert text_of(0) == "✗ No theme.\n⏎ does that here: Settings.\n→ Choose one."
    assert text_of(1) == "! /home/ana/x can be read.\n⏎ fixes it now.\n  Why.\n→ chmod 600 /x"
    assert text_of(2) == "! Keys are set.\ny copies the command.\n→ unset AWS_ACCESS_KEY_ID"
    assert text_of(3).endswith("→ Set it to a region.")
    assert text_of(4) == "aws-vault  mfa-tui does not change its files\n- a profile\n  Nothing changes."


def test_what_is_copied_can_be_run_if_there_is_something_to_run() -> None:
    copied = [row.copied for row in rows_of(FOUND)]
    assert copied == [
        "No theme.\nChoose one.",
        "chmod 600 /x",
        "unset AWS_ACCESS_KEY_ID",
        "'dev': region is empty.\nSet it to a region.",
        "aws-vault\na profile\nNothing changes.",
    ]


def test_the_cursor_stays_on_its_finding_or_goes_to_the_next() -> None:
    rows = rows_of(FOUND)
    assert index_of(rows, rows[2], 2) == 2
    assert index_of(rows[1:], rows[2], 2) == 1
    assert index_of([*rows[:2], *rows[3:]], rows[2], 2) == 2
    assert index_of(rows[:1], rows[2], 2) == 0
    assert index_of([], rows[2], 2) == 0
    assert index_of(rows, None, 0) == 0
    assert index_of(rows[1:], rows[4], 4) == 3


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (None, ""),
        (FOUND, "1 error, 2 warnings, 1 hint · 3 profiles"),
        (Diagnosis(1, (), ()), "nothing found · 1 profile"),
    ],
)
def test_the_title_counts(found: Diagnosis | None, text: str) -> None:
    assert summary(found) == text


async def test_a_session_is_no_profile_of_its_own(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    with home.config.open("a") as file:
        file.write("[profile lost]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n")
    async with interface(home, size=(60, 20)) as driver:
        await driver.press("home", "enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        await driver.sees("2 profiles")
        await driver.press("D")
        # As many as in the list.
        await driver.sees("Doctor", "1 error", "2 profiles")


async def test_a_finding_is_fixed_at_once_and_is_gone(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    home.write_settings('theme = "no-such-theme"\n')
    home.credentials.chmod(0o644)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("D")
        await driver.sees("Doctor", "2 warnings", "can be read by other users", "unknown theme")
        await driver.sees("⏎ fixes it now.")
        await driver.press("y")
        assert driver.app.clipboard.startswith("chmod 600 ")
        await driver.press("enter")
        await driver.sees("1 warning")
        assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o600
        assert any(toast.startswith("Fixed") for toast in driver.toasts)
        await driver.sees("does that here: Settings.")
        await driver.sees("⏎ Settings")
        await driver.press("enter")
        await driver.sees("SETTING", "target_pattern")
        home.write_settings("")
        await driver.press("escape")
        await driver.sees("Doctor", "nothing found")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


@long
async def test_what_was_not_finished_at_aws_is_finished_from_there(home: Home, person: AddPerson) -> None:
    dev, ops = person("dev", seed=True), person("ops", seed=True)
    gone = f"arn:aws:iam::{ops.user.account}:mfa/gone-{ops.user.name}"
    journal = EnrollmentJournal(Paths(home.env))
    journal.put(JournalEntry(gone, ops.user.account, ops.user.name, "here", Phase.REMOVING))
    journal.put(JournalEntry(dev.device.serial, dev.user.account, dev.user.name, "here", Phase.ENABLED))
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("D")
        await driver.sees("2 warnings", "The removal of the MFA device gone", "⏎ does that here: Devices.")
        await driver.press("enter")
        await driver.sees("Whose device?", f"of the user {ops.user.name}", "◉ dev", "○ ops")
        await driver.press("2")
        await driver.sees("Finish removing gone")
        await driver.press("enter")
        await driver.until(lambda: any("Removed gone" in toast for toast in driver.toasts), "the end of the removal")
        assert len(journal.entries()) == 1
        # The devices are listed once more.
        await driver.idle("ops")
        await driver.press("escape")
        await driver.sees("Doctor", "1 warning", "The enrollment of the MFA device")


@long
async def test_a_profile_gets_its_device_by_a_login_from_there(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True, named=False)
    async with interface(home, size=(60, 20)) as driver:
        await driver.press("D")
        await driver.sees("'dev' names no MFA device.", "⏎ Log in")
        await driver.press("enter")
        await driver.sees("✓ No problems found.")
        assert f"mfa_serial = {dev.device.serial}" in home.config.read_text()
