"""What is in the way of an enrollment: devices that are there, a missing keyring, a small window."""

import stat
from typing import TYPE_CHECKING

import pytest

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.interface.qrcodes import read_by_zbar, read_cells
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson
from tests.ui.enrollment.enrolling import begin, newcomer, phone, serial_of, unspaced

if TYPE_CHECKING:
    from pathlib import Path

    from mfa_tui.demo.aws.server import StrictAws, User
__all__ = ["newcomer"]


async def test_nine_devices_are_one_too_many(home: Home, newcomer: "User") -> None:
    for number in range(8):
        newcomer.add_device(f"{newcomer.name}-{number}")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("8 of 8")
        await driver.press("n")
        await driver.sees("– New: the user has 8 devices, the most that AWS allows.")


@long
async def test_a_second_device_requires_a_session_first(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    ops = person("ops")
    async with interface(home) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("n")
        await driver.sees("Code for ops", "AWS requires an MFA session to change a user's devices")
        await driver.press("escape")
        await driver.sees("MFA devices of ops", "1 of 8")
        await driver.press("n")
        await driver.sees("Code for ops")
        await driver.type(ops.device.code())
        await driver.press("enter")
        await driver.sees("1 of 4", f"has {ops.device.serial.rsplit('/')[-1]} (virtual)")
        await driver.press("enter")
        await driver.sees("2 of 4")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        # The profile goes on naming the device that it named.
        assert ops.device.serial in home.config.read_text()
        assert len(ops.user.devices()) == 2
    assert aws.count("GetSessionToken") == 2


async def test_with_only_a_fido_key_no_device_is_created_because_aws_would_not_enable_it(
    home: Home, newcomer: "User", aws: "StrictAws"
) -> None:
    newcomer.add_fido_device(f"key-{newcomer.name}")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("n")
        await driver.sees("✗ AWS does not let", "FIDO keys or passkeys only", "then: mfa-tui device import new")
    assert aws.count("CreateVirtualMFADevice") == 0


async def test_a_first_device_is_offered_where_there_is_none(home: Home, newcomer: "User") -> None:
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await driver.sees("Enroll an MFA device for new?", "has no MFA device")
        await driver.press("n")
        await driver.sees("d enroll a device")
        await driver.press("enter")
        await driver.sees("Enroll an MFA device for new?")
        await driver.press("y")
        await driver.sees("1 of 4")
        await driver.press("down", "enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert driver.key_in_file("new-mfa").startswith("ASIA")
    assert newcomer.devices() == [serial_of(newcomer)]


@long
async def test_without_a_keyring_only_the_phone_is_offered(
    home: Home, newcomer: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_keyring() -> None:
        raise RuntimeError("nothing there")

    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.idle("new")
        await driver.press("n")
        await driver.sees("Where to keep your secrets?", "◉ Create a vault now", "○ Do without")
        await driver.press("2")
        await driver.sees("✗ Here and on the phone", "✗ Here only", "◉ On the phone only")
        await driver.press("up")
        await driver.sees("◉ On the phone only")
    assert newcomer.devices() == []


@long
async def test_a_window_too_small_says_how_to_see_the_code(home: Home, newcomer: "User", aws: "StrictAws") -> None:
    async with interface(home, size=(80, 20)) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees(
            "The QR code needs 41 columns and 21 rows", "press w to save a picture", "s to show the secret"
        )
        seed = aws.seed_of(serial_of(newcomer))
        assert seed not in unspaced(driver)
        await driver.press("s")
        await driver.until(lambda: seed in unspaced(driver))
        await driver.press("s")
        await driver.until(lambda: seed not in unspaced(driver))
        await driver.press("w")
        await driver.sees("Save the QR code")
        await driver.press("enter")
        await driver.sees("Picture saved to")
        saved = home.path / f"mfa-{newcomer.name}.svg"
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        await driver.press("w")
        await driver.sees("Save the QR code")
        await driver.press("enter")
        await driver.sees("overwritten.")
        await driver.press("escape")
        await driver.pilot.resize_terminal(80, 24)
        await driver.until(lambda: len(read_cells(driver)) == 1)


@long
async def test_screenshots_of_an_enrollment_show_no_secret(
    home: Home, newcomer: "User", aws: "StrictAws", tmp_path: "Path"
) -> None:
    async with interface(home) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees("2 of 4")
        await driver.press("s")
        seed = aws.seed_of(serial_of(newcomer))
        await driver.until(lambda: seed in unspaced(driver))
        shown = driver.app.export_screenshot()
        plain = "".join(part for part in shown.replace("&#160;", "").split())
        assert seed[:4] not in plain
        assert seed[-4:] not in plain
        assert not [code for code in phone(newcomer).codes(1) if code in plain.replace(" ", "")]
        assert "Scanthis" in plain
        assert read_by_zbar(shown, tmp_path) == []
        # On the screen, everything is back.
        assert len(read_cells(driver)) == 1


@long
async def test_the_verifying_login_can_be_postponed(home: Home, newcomer: "User", aws: "StrictAws") -> None:
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("down", "down", "enter")
        await driver.sees("2 of 4")
        await driver.press("enter")
        await driver.sees("3 of 4")
        await driver.paste(*phone(newcomer).codes())
        await driver.press("enter")
        await driver.sees("Code for new")
        await driver.press("escape")
        await driver.sees("4 of 4 · First login", "is enabled.")
        await driver.press("escape")
        await driver.sees("MFA devices of new", "is unfinished")
        await driver.press("n")
        await driver.sees("Code for new")
        await driver.type(phone(newcomer).code(1))
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert driver.key_in_file("new-mfa").startswith("ASIA")
        assert EnrollmentJournal(driver.context.paths).entries_of(newcomer.account, newcomer.name) == ()
    assert aws.count("GetSessionToken") == 1
