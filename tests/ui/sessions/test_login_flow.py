"""Logging in on the main screen."""

import time
from typing import TYPE_CHECKING

import boto3
import pytest
from keyring.errors import KeyringLocked
from textual import events

from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.totp import step_at
from mfa_tui.demo.aws.faults import delay
from mfa_tui.demo.home.keyring_file import FileKeyring
from mfa_tui.services.listing.preferences import count_use
from mfa_tui.ui.codes.code_dialog import SETTLED
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

WRONG = "000000"


async def logged_in(driver: Driver, name: str) -> str:
    """Waits until the target of *name* is in the files; its access key ID."""
    await driver.until(lambda: driver.key_in_file(f"{name}-mfa").startswith("ASIA"), f"a session of {name}")
    await driver.idle(name)
    return driver.key_in_file(f"{name}-mfa")


async def test_enter_logs_in_with_a_stored_seed(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    dev = person("dev", seed=True)
    async with interface(home) as driver:
        await driver.press("enter")
        await logged_in(driver, "dev")
        await driver.sees("✓ 11 h 59 m", "export AWS_PROFILE=dev-mfa")
        assert driver.toasts == []
        identity = boto3.Session(profile_name="dev-mfa").client("sts").get_caller_identity()
        assert identity["Arn"] == dev.user.arn
    assert aws.count("GetSessionToken") == 1


async def test_the_list_shows_at_once_that_a_profile_was_used(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    count_use(Paths(home.env), "dev", time.time() - 3 * 86400)
    async with interface(home, size=(260, 40)) as driver:
        await driver.sees("USED", "3 d ago")
        await driver.press("enter")
        await logged_in(driver, "dev")
        await driver.until(lambda: " now " in driver.line_of("dev"), "the time of the login")


@long
async def test_a_login_that_ends_after_the_cursor_has_moved_on_is_told(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    aws.fault(delay(0.5), action="GetSessionToken")
    for name in ("dev", "ops"):
        person(name, seed=True)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.press("down")
        await logged_in(driver, "dev")
        await driver.until(lambda: any("Logged in to dev" in toast for toast in driver.toasts))


@pytest.mark.parametrize("kept", ["", "3"], ids=["a code", "a longer number"])
async def test_a_code_is_sent_with_its_last_digit_if_the_settings_say_so(
    home: Home, person: AddPerson, aws: "StrictAws", kept: str
) -> None:
    dev = person("dev")
    home.write_settings("send_codes = true\n")
    async with interface(home) as driver:
        await driver.type(dev.device.code() + kept)
        if kept:
            await driver.sees("An MFA code has six digits.")
            await driver.pilot.pause(2 * SETTLED)
        else:
            await logged_in(driver, "dev")
    assert aws.count("GetSessionToken") == (0 if kept else 1)


async def test_a_valid_session_is_kept_and_renewed_only_by_its_key(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev", seed=True)
    async with interface(home) as driver:
        await driver.press("enter")
        first = await logged_in(driver, "dev")
        await driver.press("enter")
        await driver.until(lambda: any("Already logged in until" in toast for toast in driver.toasts))
        assert (aws.count("GetSessionToken"), driver.key_in_file("dev-mfa")) == (1, first)
        # Steps that are used are waited for, in the details; two of them, as the clock may be at the end of one.
        step = step_at(driver.app_state.now())
        for used in (step, step + 1):
            driver.context.used_codes.record_use(dev.device.serial, used)
        await driver.press("r")
        await driver.sees("this code is already used", "esc cancels")
        assert "◌ code in" in driver.line_of("dev")
        await driver.press("escape")
        await driver.idle("dev")
    assert aws.count("GetSessionToken") == 1


async def test_a_typed_code(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Code for ops", f"device {ops.device.serial.rsplit('/', 1)[1]}", "changes in")
        await driver.type(ops.device.code())
        await driver.press("enter")
        await logged_in(driver, "ops")
        await driver.until(lambda: driver.app.screen is driver.main)
        assert driver.main.focused is driver.main.query_one("#list")


async def test_digits_on_the_list_open_the_dialog_with_them(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    ops = person("ops")
    async with interface(home, profile="ops") as driver:
        assert driver.current == "ops"
        code = ops.device.code()
        await driver.pilot.press(*code)
        await driver.sees("Code for ops", " ".join(code))
        await driver.press("enter")
        await logged_in(driver, "ops")


async def test_a_pasted_code_on_the_list_opens_the_dialog(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        driver.main.query_one("#list").post_message(events.Paste("123 456"))
        await driver.sees("Code for ops", "1 2 3 4 5 6")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.idle("ops")


async def test_escape_cancels_the_dialog_and_nothing_is_asked(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("ops")
    before = home.credentials.read_bytes()
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Code for ops")
        await driver.press("escape")
        await driver.idle("ops")
        await driver.sees("no session yet")
        assert "✗" not in driver.line_of("ops")
    assert home.credentials.read_bytes() == before
    assert not aws.requests


@long
async def test_ctrl_c_cancels_what_escape_cancels_and_says_how_to_quit(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("ctrl+c")
        assert driver.toasts == ["To quit, press q or ctrl+q."]
        await driver.press("enter")
        await driver.sees("Code for dev")
        await driver.press("ctrl+c")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.idle("dev")
        # A secret that is typed, and a filter.
        await driver.press("i")
        await driver.until(lambda: driver.app.screen is not driver.main)
        await driver.type("ABC")
        await driver.press("ctrl+c")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.press("slash", "x", "ctrl+c")
        await driver.until(lambda: driver.current == "dev")
        aws.fault(delay(60), action="GetSessionToken")
        await driver.press("enter")
        await driver.sees("Code for dev")
        await driver.type(WRONG)
        await driver.press("enter")
        await driver.until(lambda: aws.count("GetSessionToken") == 1)
        await driver.press("ctrl+c")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.idle("dev")


async def test_two_profiles_log_in_at_once(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("slow", seed=True)
    person("quick", seed=True)
    async with interface(home) as driver:
        aws.fault(delay(30), action="GetSessionToken")
        await driver.press("enter")
        await driver.sees("◌ asking AWS")
        await driver.press("down", "enter")
        await logged_in(driver, "quick")
        assert driver.app_state.action_log.entry("slow").running
        await driver.press("up", "escape")
        await driver.idle("slow")
        assert driver.key_in_file("slow-mfa") == ""


async def test_devices_are_offered_and_the_chosen_one_is_saved(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    phone, tablet = user.add_device(f"a-phone-{user.name}"), user.add_device(f"b-tablet-{user.name}")
    user.add_fido_device(f"key-{user.name}")
    home.add_profile("discover", user)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("The user has several MFA devices.", "FIDO key or passkey: works in the browser")
        await driver.press("down", "ctrl+r")
        await driver.sees(f"◉ {tablet.serial.rsplit('/', 1)[1]}", "[✓] save this device")
        await driver.type(tablet.code())
        await driver.press("enter")
        await logged_in(driver, "discover")
        await driver.sees("✓ 11 h 59 m")
    assert f"mfa_serial = {tablet.serial}" in home.config.read_text()
    assert phone.serial not in home.config.read_text()


@long
async def test_the_other_devices_of_a_profile(home: Home, aws: "StrictAws", person: AddPerson) -> None:
    ops = person("ops")
    spare = ops.user.add_device(f"spare-{ops.user.name}")
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Code for ops")
        await driver.press("ctrl+d")
        await driver.sees("○ spare-")
        await driver.press("down")
        await driver.type(spare.code())
        await driver.press("enter")
        await logged_in(driver, "ops")
    assert aws.steps(spare.serial).accepted
    assert spare.serial not in home.config.read_text()


async def test_the_only_device_leaves_nothing_to_choose(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Code for ops")
        await driver.press("ctrl+d")
        await driver.sees("This is your only device.")
        assert "Arrows" not in driver.words


async def test_a_serial_is_typed_where_aws_does_not_list_devices(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user(policy={"Version": "2012-10-17", "Statement": []})
    device = user.add_device(user.name)
    home.add_profile("secretive", user)
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("AWS does not let this user list MFA devices")
        driver.app.screen.query_one("#serial").post_message(events.Paste(device.serial))
        await driver.press("enter")
        await driver.type(device.code())
        await driver.press("enter")
        await logged_in(driver, "secretive")


async def test_a_discovered_device_is_saved_when_asked_for(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    found = person("found", named=False)
    home.store_seed(found.device)
    async with interface(home) as driver:
        await driver.press("enter")
        key = await logged_in(driver, "found")
        await driver.sees("Login found the MFA device; press m to save it in the profile.")
        await driver.press("m")
        await driver.until(lambda: found.device.serial in home.config.read_text())
        await driver.idle("found")
        assert driver.key_in_file("found-mfa") == key
    assert aws.count("GetSessionToken") == 1


async def test_what_a_login_found_is_shown_at_the_next_start(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    found = person("found", named=False)
    home.store_seed(found.device)
    async with interface(home) as driver:
        await driver.press("enter")
        await logged_in(driver, "found")
    asked = aws.count("ListMFADevices")
    async with interface(home) as driver:
        account = MfaSerial(found.device.serial).account
        assert f"{account[:4]}-{account[4:8]}-{account[8:]}  found   found-" in driver.line_of("found")
    assert aws.count("ListMFADevices") == asked


async def test_foreign_credentials_are_replaced_only_with_consent(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    with home.credentials.open("a") as file:
        file.write(
            "[dev-mfa]\naws_access_key_id = ASIAFOREIGN000000001\naws_secret_access_key = s\naws_session_token = t\n"
        )
    before = home.credentials.read_bytes()
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Overwrite [dev-mfa]?", "temporary credentials that mfa-tui did not write (ASIA…0001)")
        # Enter alone does no harm.
        await driver.press("enter")
        await driver.idle("dev")
        assert home.credentials.read_bytes() == before
        await driver.press("enter")
        await driver.sees("Overwrite [dev-mfa]?")
        await driver.press("y")
        await driver.until(lambda: "mfa_tui_source" in home.credentials.read_text())
        await driver.idle("dev")


async def test_an_error_stays_until_the_next_action(home: Home, person: AddPerson) -> None:
    gone, other = person("gone", seed=True), person("other", seed=True)
    gone.user.delete_key()
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("✗ AWS does not recognize the access key", "→ If it was deactivated")
        assert "✗ AWS does not recognize" in driver.line_of("gone")
        assert not driver.toasts
        await driver.press("down")
        await driver.until(lambda: "does not know" not in driver.screen)
        await driver.press("up")
        await driver.sees("✗ AWS does not recognize the access key")
        await driver.press("e")
        assert "AWS does not recognize the access key" in driver.app.clipboard
    assert other.name == "other"


@long
async def test_a_failing_keyring_opens_the_dialog_with_its_reason(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = person("dev", seed=True)

    def locked(*_: object) -> None:
        raise KeyringLocked

    monkeypatch.setattr(FileKeyring, "get_password", locked)
    async with interface(home) as driver:
        await driver.sees("✗ The keyring is locked.")
        await driver.press("enter")
        await driver.sees("Code for dev", "The keyring is locked.")
        await driver.type(dev.device.code())
        await driver.press("enter")
        await logged_in(driver, "dev")


async def test_a_broken_profile_is_grayed_and_enter_says_why(home: Home, person: AddPerson, aws: "StrictAws") -> None:
    person("dev")
    with home.config.open("a") as file:
        file.write("[profile admin]\nrole_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = gone\n")
    async with interface(home) as driver:
        assert "✗ source 'gone' is missing" in driver.line_of("admin")
        await driver.press("down", "enter")
        await driver.sees("✗ The profile 'admin' cannot log in with", "Source 'gone' is missing.")
        await driver.type("123")
        assert driver.app.screen is driver.main
    assert not aws.requests


async def test_a_code_that_mfa_tui_has_used_is_named_before_it_is_sent(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    ops = person("ops")
    code = ops.device.code()
    assert home.run("login", "ops", "--code", code).returncode == 0
    async with interface(home) as driver:
        await driver.press("r")
        await driver.sees("Code for ops")
        await driver.type(code)
        await driver.press("enter")
        await driver.sees("mfa-tui used this code itself at ", "_ _ _ _ _ _")
        assert aws.count("GetSessionToken") == 1
        # It is never blocked.
        await driver.type(code)
        await driver.press("enter")
        await driver.sees("AWS did not accept the code for ops.")
        assert aws.count("GetSessionToken") == 2


@pytest.mark.parametrize("secret", ["JBSWY234567PK3PXPJBSWY3DPEHPK3PXP", "12345678"])
async def test_the_digits_of_a_secret_are_not_sent_as_a_code(
    home: Home, person: AddPerson, aws: "StrictAws", secret: str
) -> None:
    """A terminal without bracketed paste sends a pasted text as keys."""
    person("dev")
    async with interface(home) as driver:
        await driver.press("enter")
        await driver.sees("Code for dev")
        await driver.type(secret)
        await driver.press("enter")
        await driver.sees("An MFA code has six digits")
        await driver.paste("otpauth://totp/ana?secret=JBSWY3DPEHPK3PXP234567")
        await driver.press("enter")
        await driver.press("escape")
        await driver.idle("dev")
    assert aws.count("GetSessionToken") == 0
