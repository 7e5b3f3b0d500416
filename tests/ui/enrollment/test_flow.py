"""Enrolling a device in the interface, from a user without MFA to a written session, and every way out of it."""

import asyncio
import re
import stat
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.widgets import Input

from mfa_tui.adapters.devices.enrollment_journal import EnrollmentJournal
from mfa_tui.demo.aws.accounts.policy_documents import SELF_SERVICE, self_service_mfa
from mfa_tui.demo.aws.faults import dropped
from mfa_tui.ui.enrollment.screen import EnrolmentScreen
from tests.support.home import Home
from tests.support.interface import Driver, interface
from tests.support.qrcodes import read_by_zbar, read_cells, screenshot
from tests.support.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from mfa_tui.demo.aws.server import Device, StrictAws, User

SIZES = ((80, 24), pytest.param((100, 50), marks=long))
"""The smallest size, and one at which all of a page is seen. One flow goes through its pages at both."""


@pytest.fixture
def newcomer(home: Home, aws: "StrictAws") -> "User":
    """The user of profile ``new``, who has no MFA device yet."""
    user = aws.add_user()
    home.add_profile("new", user)
    return user


async def begin(driver: Driver, name: str = "new") -> None:
    """From the list to the enrolment's first page."""
    await driver.press("d")
    await driver.sees(f"MFA devices of {name}")
    await driver.until(lambda: not driver.app_state.action_log.entry(name).running)
    await driver.press("n")
    await driver.sees("1 of ", "Name and storage")
    await driver.until(lambda: isinstance(driver.app.focused, Input))


def serial_of(user: "User", name: str = "") -> str:
    return f"arn:aws:iam::{user.account}:mfa/{name or user.name}"


def phone(user: "User") -> "Device":
    """The device that has the user's name, as a phone that has scanned its QR code shows it."""
    return user.device(serial_of(user))


def unspaced(driver: Driver) -> str:
    """The screen's letters and digits, as they follow each other."""
    return re.sub(r"[^A-Z0-9]", "", driver.screen)


@pytest.mark.usefixtures("newcomer")
async def test_a_terminal_made_smaller_is_filled_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_interval = EnrolmentScreen.set_interval

    def rarely(screen: EnrolmentScreen, seconds: float, *more: Any, **named: Any) -> "Timer":
        return begin_interval(screen, 3600.0 if seconds == 1.0 else seconds, *more, **named)

    # The tick would draw it, too.
    monkeypatch.setattr(EnrolmentScreen, "set_interval", rarely)
    async with interface(home) as driver:
        await begin(driver)
        await driver.pilot.resize_terminal(80, 24)
        await driver.sees("1 of 4 · Name and storage", "factors; lose it and you're locked out.")


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
            (address,) = read_cells(driver)
            assert f"secret={seed}" in address
            assert [f"secret={seed}" in code for code in read_by_zbar(screenshot(driver), tmp_path)] == [True]
        # A step may just have begun.
        await driver.until(lambda: phone(newcomer).code() in driver.screen.replace(" ", ""))
        await driver.press("enter")
        await driver.sees(
            f"✓ {newcomer.name} is enabled, and a login has confirmed that it works.", "mfa_serial in new", "[new-mfa]"
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
        assert newcomer.devices() == [serial_of(newcomer, f"{newcomer.name}-laptop")]
    assert aws.count("GetSessionToken") == 1


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
        (address,) = read_cells(driver)
        assert aws.seed_of(serial_of(newcomer)) in address
        await driver.press("enter")
        await driver.sees("3 of 4 · Two codes", "Type the current code.")
        await driver.type("000000")
        await driver.sees("The next code appears in")
        # Back to the QR code, and on: what was typed stays.
        await driver.press("escape")
        await driver.sees("2 of 4 · QR code")
        await driver.press("enter")
        await driver.sees("The next code appears in")
        await driver.type("111111")
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
        await driver.sees("2 of 4 · QR code", "was begun earlier, and continues.")
        (address,) = read_cells(driver)
        assert first in address
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial]


async def test_a_device_that_could_not_be_deleted_is_said_to_be_there(
    home: Home, newcomer: "User", aws: "StrictAws"
) -> None:
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


async def test_a_name_that_is_typed_fast_is_the_device_s(home: Home, newcomer: "User") -> None:
    """Enter does not overtake what was typed before it, as it would come over a slow line: all at once."""
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        for key in (*newcomer.name, *"-laptop", "enter"):
            driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await driver.sees("2 of 4 · QR code", f"{newcomer.name}-laptop")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert newcomer.devices() == [serial_of(newcomer, f"{newcomer.name}-laptop")]


async def test_enter_counts_as_soon_as_the_last_page_is_seen(
    home: Home, newcomer: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    reload = EnrolmentScreen.reload

    async def slowly(self: EnrolmentScreen) -> None:
        await asyncio.sleep(1)
        await reload(self)

    monkeypatch.setattr(EnrolmentScreen, "reload", slowly)
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.press("enter")
        await driver.sees("2 of 4 · QR code")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        await driver.press("enter")
        await driver.until(lambda: not isinstance(driver.app.screen, EnrolmentScreen))
        assert newcomer.devices() == [serial_of(newcomer)]


async def test_an_answer_that_is_lost_is_settled_by_trying_again(
    home: Home, newcomer: "User", aws: "StrictAws"
) -> None:
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


async def test_a_name_that_is_taken_or_denied_is_told_on_the_page(
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


async def test_nine_devices_are_one_too_many(home: Home, newcomer: "User") -> None:
    for number in range(8):
        newcomer.add_device(f"{newcomer.name}-{number}")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("8 of 8")
        await driver.press("n")
        await driver.sees("– New: the user has 8 devices, the most that AWS allows.")


async def test_a_second_device_takes_a_session_first(home: Home, person: AddPerson, aws: "StrictAws") -> None:
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


async def test_beside_a_fido_key_aws_enables_none_so_none_is_made(
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
        await driver.sees("d enroll one here")
        await driver.press("enter")
        await driver.sees("Enroll an MFA device for new?")
        await driver.press("y")
        await driver.sees("1 of 4")
        await driver.press("down", "enter")
        await driver.sees("is enabled, and a login has confirmed that it works")
        assert driver.key_in_file("new-mfa").startswith("ASIA")
    assert newcomer.devices() == [serial_of(newcomer)]


async def test_without_a_keyring_the_phone_is_all_there_is(
    home: Home, newcomer: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_keyring() -> None:
        raise RuntimeError("nothing there")

    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    async with interface(home, size=(80, 24)) as driver:
        await begin(driver)
        await driver.sees("✗ Here and on the phone", "✗ Here only", "◉ On the phone only")
        await driver.press("up")
        await driver.sees("◉ On the phone only")
    assert newcomer.devices() == []


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


async def test_pictures_of_an_enrolment_hold_no_secret(
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


async def test_the_proof_can_be_put_off(home: Home, newcomer: "User", aws: "StrictAws") -> None:
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
