"""The demo's phone."""

import json
from pathlib import Path

from mfa_tui.ui.state.demo_phone import DemoPhone
from tests.support.home import Home
from tests.support.interface import interface
from tests.ui.conftest import AddPerson

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def tell(path: Path, *labels: str) -> None:
    phone = [{"label": label, "uri": f"otpauth://totp/{label}?secret={SEED}"} for label in labels]
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"banner": "demo", "phone": phone}), encoding="utf-8")
    new.replace(path)


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
