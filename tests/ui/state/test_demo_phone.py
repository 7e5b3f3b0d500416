"""The demo's phone."""

import json
from pathlib import Path

import pytest

from mfa_tui.models import Secret
from mfa_tui.ui.state.demo_phone import DemoPhone, PhoneEntry, phone_lines
from mfa_tui.ui.text.spans import plain_text
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.ui.conftest import AddPerson

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def tell(path: Path, *labels: str) -> None:
    phone = [{"label": label, "uri": f"otpauth://totp/{label}?secret={SEED}"} for label in labels]
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"banner": "demo", "phone": phone}), encoding="utf-8")
    new.replace(path)


@pytest.mark.parametrize(("width", "lines"), [(52, 1), (120, 1), (51, 2), (37, 3)])
def test_the_phone_shows_its_codes_and_one_countdown(width: int, lines: int) -> None:
    phone = (PhoneEntry("ops phone", Secret(SEED)), PhoneEntry("kim", Secret(SEED)))
    shown_lines = [plain_text(line) for line in phone_lines(phone, 59.0, width)]
    assert len(shown_lines) == lines
    assert all(len(text) <= width for text in shown_lines)
    # RFC 6238, appendix B.
    assert " ".join(shown_lines).count("287 082") == 2
    assert " 1 s" in shown_lines[0]
    assert "287" not in " ".join(plain_text(line) for line in phone_lines(phone, 59.0, width, masked=True))


async def test_a_shell_that_has_outlived_its_demo(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home, MFA_TUI_DEMO=str(home.path / "gone.json")) as driver:
        await driver.sees("dev", "no session yet")


def test_the_demo_ends_first(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    tell(path, "ops phone")
    demo = DemoPhone(str(path))
    path.unlink()
    assert [entry.label for entry in demo.phone] == ["ops phone"]


def test_what_is_scanned_meanwhile_shows(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    tell(path, "ops phone")
    demo = DemoPhone(str(path))
    assert demo.banner == "demo"
    assert [entry.label for entry in demo.phone] == ["ops phone"]
    assert demo.phone is demo.phone
    tell(path, "ops phone", "sam")
    assert [entry.label for entry in demo.phone] == ["ops phone", "sam"]
    assert demo.phone[1].seed.reveal() == SEED


async def test_a_long_error_leaves_the_list_five_profiles(home: Home, person: AddPerson, tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        person(name)
    home.config.write_text(home.config.read_text().replace(":mfa/f-", ":u2f/user/f-"))
    tell(tmp_path / "demo.json", *(f"a long label {number}" for number in range(5)))
    async with interface(home, size=(60, 20), profile="f", MFA_TUI_DEMO=str(tmp_path / "demo.json")) as driver:
        await driver.press("enter")
        await driver.until(lambda: driver.app_state.action_log.entry("f").problem is not None)
        await driver.sees("✗")
        listed = driver.main.query_one("#list")
        # The column titles, and five profiles.
        await driver.until(lambda: listed.size.height == 6, f"{listed.size}")
        # What does not fit scrolls, and there is less of what the error makes pointless.
        assert "no session yet" not in driver.screen
        details = driver.main.query_one("#details")
        assert details.max_scroll_y
        # No text touches the scroll bar.
        shown = driver.screen.splitlines()[details.region.y : details.region.bottom]
        assert {line.ljust(60)[58] for line in shown} == {" "}
        # With all the room that there is, all of it is shown.
        await driver.pilot.resize_terminal(60, 50)
        await driver.until(lambda: not driver.main.query_one("#details").max_scroll_y)
        await driver.sees("→ ")


async def test_a_dialog_that_asks_for_a_code_leaves_the_phone_in_sight(
    home: Home, person: AddPerson, tmp_path: Path
) -> None:
    dev = person("dev", named=False)
    dev.user.add_device(f"tablet-{dev.user.name}")
    tell(tmp_path / "demo.json", "ops phone", "lee phone", "lee tablet", "kim phone")
    async with interface(home, size=(60, 20), MFA_TUI_DEMO=str(tmp_path / "demo.json")) as driver:
        await driver.press("enter")
        await driver.sees("Choose with the arrow keys")
        phone, box = driver.main.query_one("#phone"), driver.app.screen.query_one(".dialog")
        assert phone.region.bottom <= box.region.y


async def test_the_picker_is_no_taller_than_needed_in_a_small_terminal(
    home: Home, person: AddPerson, tmp_path: Path
) -> None:
    person("dev")
    tell(tmp_path / "demo.json", "ops phone", "lee phone", "kim phone")
    async with interface(home, MFA_TUI_DEMO=str(tmp_path / "demo.json")) as driver:
        await driver.sees("kim phone")
        above = driver.screen.partition("/ filter")[0].count("\n")
        await driver.press("h")
        for size in ((40, 15), (120, 36)):
            await driver.pilot.resize_terminal(*size)
            await driver.pilot.pause(0.1)
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.until(lambda: driver.screen.partition("/ filter")[0].count("\n") == above)
