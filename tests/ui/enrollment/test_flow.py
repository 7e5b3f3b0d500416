"""Enrolling a device in the interface, from a user without MFA to a written session, and every way out of it."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.widgets import Input

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal
from mfa_tui.demo.aws.accounts.policy_documents import SELF_SERVICE, self_service_mfa
from mfa_tui.demo.aws.faults import dropped
from mfa_tui.ui.enrollment.screen import EnrollmentScreen
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.interface.qrcodes import read_by_zbar, read_one, screenshot
from tests.support.runner.thoroughness import long, quick_cases
from tests.ui.enrollment.enrolling import SIZES, begin, newcomer, phone, serial_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from mfa_tui.demo.aws.server import StrictAws, User
__all__ = ["newcomer"]


@long
@pytest.mark.usefixtures("newcomer")
async def test_a_smaller_terminal_is_redrawn_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_interval = EnrollmentScreen.set_interval

    def rarely(screen: EnrollmentScreen, seconds: float, *more: Any, **named: Any) -> "Timer":
        return begin_interval(screen, 3600.0 if seconds == 1.0 else seconds, *more, **named)

    # The tick would draw it, too.
    monkeypatch.setattr(EnrollmentScreen, "set_interval", rarely)
    async with interface(home) as driver:
        await begin(driver)
        await driver.pilot.resize_terminal(80, 24)
        await driver.sees("1 of 4 · Name and storage", "factors; lose it and you're locked out.")


@quick_cases(1)
@pytest.mark.parametrize("size", [(80, 24), (100, 50)], ids=str)
async def test_here_and_on_the_phone(
    home: Home, newcomer: "User", aws: "StrictAws", size: tuple[int, int], tmp_path: "Path"
) -> None:
    async with interface(home, size=size) as driver:
        # Enter on the profile leads there by itself.
        await driver.press("enter")
        await driver.sees("Enroll an MFA device for new? The user of new has no MFA device.")
        await driver.press("y")
        await driver.sees("1 of 4 · Name and storage", newcomer.name, "no MFA device yet", "◉ Here and on the phone")
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code", "Scan this", "The phone should show")
        seed = aws.seed_of(serial_of(newcomer))
        for theme in ("mfa-tui-dark", "mfa-tui-light"):
            driver.app.theme = theme
            await driver.pilot.pause()
            address = await read_one(driver)
            assert f"secret={seed}" in address
            assert [f"secret={seed}" in code for code in read_by_zbar(screenshot(driver), tmp_path)] == [True]
        # A step may just have begun.
        await driver.until(lambda: driver.shows_code(phone(newcomer).code()))
        await driver.press("enter")
        await driver.sees(
            f"✓ {newcomer.name} is enabled, and a login has confirmed that it works.",
            "mfa_serial in new",
            "saved as new-mfa",
        )
        assert newcomer.devices() == [serial_of(newcomer)]
        assert serial_of(newcomer) in home.config.read_text()
        assert driver.key_in_file("new-mfa").startswith("ASIA")
        assert driver.context.seeds.serials() == {serial_of(newcomer)}
        assert EnrollmentJournal(driver.context.paths).entries_of(newcomer.account, newcomer.name) == ()
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.sees("✓ 11 h 5", "secret")
    assert aws.count("CreateVirtualMFADevice") == aws.count("EnableMFADevice") == aws.count("GetSessionToken") == 1


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_here_only_shows_no_code(home: Home, newcomer: "User", aws: "StrictAws", size: tuple[int, int]) -> None:
    async with interface(home, size=size) as driver:
        await begin(driver)
        await driver.sees("1 of 4")
        await driver.press("down")
        await driver.sees("1 of 3", "◉ Here only")
        await driver.type("-laptop")
        await driver.press("home")
        await driver.type(f"{newcomer.name}")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works", "stored here only")
        await driver.sees("use it export AWS_PROFILE=new-mfa y", "y Export")
        await driver.press("y")
        assert driver.toasts == ["Sent to the clipboard export AWS_PROFILE=new-mfa"]
        assert newcomer.devices() == [serial_of(newcomer, f"{newcomer.name}-laptop")]
    assert aws.count("GetSessionToken") == 1


@long
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_on_the_phone_only_takes_two_codes_and_a_third(
    home: Home, newcomer: "User", aws: "StrictAws", size: tuple[int, int]
) -> None:
    async with interface(home, size=size) as driver:
        await begin(driver)
        await driver.press("down", "down")
        await driver.sees("◉ On the phone only")
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        address = await read_one(driver)
        assert aws.seed_of(serial_of(newcomer)) in address
        await driver.press("enter")
        await driver.sees("3 of 4 · Two codes", "Type the current code.")
        await driver.type("000000")
        await driver.sees("The next code appears in")
        # Back to the QR code, and on: what was typed stays.
        await driver.press("escape")
        await driver.sees("2 of 4 · QR code")
        # Who has scanned it types the next code at once.
        await driver.type("111111")
        await driver.sees("3 of 4 · Two codes", "Press Enter to send both codes")
        await driver.press("enter")
        await driver.sees("✗ AWS did not accept the two codes", "Type the current code.")
        await driver.paste("222222", "222 222")
        await driver.press("enter")
        await driver.sees("✗ The two codes are the same.")
        await driver.paste(*phone(newcomer).codes())
        await driver.sees("Press Enter to send both codes")
        await driver.press("enter")
        await driver.sees("Code for new", "AWS accepts each code only once")
        await driver.type(phone(newcomer).code(1))
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works", "on the phone only")
        assert driver.context.seeds.serials() == frozenset()
        assert driver.key_in_file("new-mfa").startswith("ASIA")
        # The backup is the next step, and is proposed for this machine then.
        await driver.press("b")
        await driver.sees("1 of 4", f"has {newcomer.name} (virtual)")
        assert driver.app.focused is not None
        assert isinstance(driver.app.focused, Input)
        assert driver.app.focused.value == f"{newcomer.name}-backup"
        await driver.press("down", "enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial_of(newcomer), serial_of(newcomer, f"{newcomer.name}-backup")]
        assert "mfa_serial in new" not in driver.words


@long
async def test_left_with_a_device_made_it_is_deleted_or_kept(home: Home, newcomer: "User", aws: "StrictAws") -> None:
    serial = serial_of(newcomer)
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        await driver.press("escape")
        await driver.sees(f"Leave {newcomer.name} unfinished?", "◉ Delete it", "esc Continue")
        await driver.press("escape")
        await driver.sees("2 of 4 · QR code")
        await driver.press("escape")
        await driver.sees(f"Leave {newcomer.name} unfinished?")
        await driver.press("enter")
        await driver.sees("MFA devices of new")
        assert (serial, None) not in aws.virtual_devices()
        assert driver.context.seeds.serials() == frozenset()
        await driver.until(lambda: not driver.app_state.action_log.entry("new").running)
        await driver.press("n")
        await driver.sees("1 of 4")
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        first = aws.seed_of(serial)
        await driver.press("escape")
        await driver.sees("Keep it for later")
        await driver.press("2")
        await driver.sees(
            "MFA devices of new", f"The enrollment of {newcomer.name} is unfinished. Press n to continue it."
        )
    # In another run it is gone on with, by the seed that was kept.
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("is unfinished. Press n to continue it")
        await driver.press("n")
        await driver.sees("2 of 4 · QR code", "was started earlier, and continues.")
        address = await read_one(driver)
        assert first in address
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial]


@long
async def test_a_device_that_could_not_be_deleted_is_reported(home: Home, newcomer: "User", aws: "StrictAws") -> None:
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        aws.fault(dropped(), action="DeleteVirtualMFADevice", times=4)
        await driver.press("escape")
        await driver.sees("Leave ", "◉ Delete it")
        await driver.press("enter")
        await driver.sees("It was not deleted. The connection to", "◉ Delete it")
        # Whoever has scanned it meanwhile can still go on.
        await driver.press("escape")
        await driver.sees("2 of 4 · QR code", "Scanned")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial_of(newcomer)]


@long
async def test_a_name_typed_quickly_becomes_the_device_s(home: Home, newcomer: "User") -> None:
    """Enter does not overtake what was typed before it, as it would come over a slow line: all at once."""
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        for key in (*newcomer.name, *"-laptop", "enter"):
            driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await driver.sees("2 of 4 · QR code", f"{newcomer.name}-laptop")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial_of(newcomer, f"{newcomer.name}-laptop")]


@long
async def test_enter_counts_as_soon_as_the_last_page_is_seen(
    home: Home, newcomer: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    reload = EnrollmentScreen.reload

    async def slowly(self: EnrollmentScreen) -> None:
        await asyncio.sleep(1)
        await reload(self)

    monkeypatch.setattr(EnrollmentScreen, "reload", slowly)
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        await driver.press("enter")
        await driver.until(lambda: not isinstance(driver.app.screen, EnrollmentScreen))
        assert newcomer.devices() == [serial_of(newcomer)]


@long
async def test_a_lost_answer_is_resolved_by_trying_again(home: Home, newcomer: "User", aws: "StrictAws") -> None:
    async with interface(home) as driver:
        aws.fault(dropped(), action="ListMFADevices", times=4)
        await driver.press("d")
        await driver.sees("✗ The connection to", "u try again")
        await driver.press("n")
        await driver.sees("✗ The connection to", "⏎ Try again")
        await driver.press("enter")
        await driver.sees("1 of 4")
        # The device is made, and its secret is lost with the answer.
        aws.fault(dropped(after=True), action="CreateVirtualMFADevice")
        await driver.press("enter")
        await driver.sees("✗ The connection to", "1 of 4")
        lost = aws.seed_of(serial_of(newcomer))
        await driver.press("enter")
        await driver.sees("2 of 4", "whose secret was lost, was deleted")
        assert aws.seed_of(serial_of(newcomer)) != lost
        assert len([serial for serial, _ in aws.virtual_devices() if newcomer.name in serial]) == 1
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")


@long
async def test_a_name_that_is_taken_or_denied_is_reported_on_the_page(
    home: Home, newcomer: "User", aws: "StrictAws"
) -> None:
    other = aws.add_user()
    other.add_device(f"{newcomer.name}-phone")
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("end")
        await driver.type("-phone")
        await driver.press("enter")
        await driver.sees("✗ A virtual MFA device called", "1 of 4")
        newcomer.set_policy(self_service_mfa())
        await driver.type("2")
        await driver.press("enter")
        await driver.sees("✗ AWS does not let", "1 of 4")
        newcomer.set_policy(SELF_SERVICE)
        await driver.press("home", *["delete"] * (len(newcomer.name) + 7))
        await driver.type("a b")
        await driver.press("enter")
        await driver.sees("✗ An MFA device cannot have that name.")
        await driver.press("escape")
        await driver.sees("MFA devices of new")
        assert not [
            serial
            for serial, _ in aws.virtual_devices()
            if serial.startswith(serial_of(newcomer)) and "phone2" in serial
        ]
