"""What is in the way of a setup: no keyring, a wrong passphrase, files that cannot be written, names that are taken."""

from typing import TYPE_CHECKING

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from mfa_tui.adapters.secretstores import vault
from mfa_tui.adapters.system.cancellation import CancelScope
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson
from tests.ui.setup.test_first_run import pasted

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws, User

PASSPHRASE = "four words of a kind"


async def give_key(driver: Driver, user: "User") -> None:
    """On the first page, paste the user's key."""
    await driver.sees("1 of ")
    await driver.paste(pasted(user.access_key_id, user.secret_access_key))
    await driver.sees("✓ Found the key")
    await driver.press("enter")


async def choose_region(driver: Driver) -> None:
    """On the second page, type a region."""
    await driver.sees("2 of 3")
    await driver.type("eu-central-1")
    await driver.press("enter")
    await driver.sees("3 of 3")


async def create_vault(driver: Driver) -> None:
    """Choose the vault's passphrase, after trying every way not to."""
    await driver.sees("Choose a passphrase for the vault", "an encrypted file for access keys and the secrets")
    await driver.paste("short")
    await driver.press("enter")
    await driver.sees("✗")
    # What was asked for is not lost.
    await driver.press("escape")
    await driver.sees("Where to keep your secrets? No vault was created.")
    await driver.press("escape")
    await driver.sees("3 of 3", "saved in default")
    await driver.press("enter", "enter")
    await driver.sees("Choose a passphrase for the vault")
    await driver.paste(PASSPHRASE)
    await driver.press("enter")
    await driver.paste("another one of that")
    await driver.press("enter")
    await driver.sees("do not match")
    await driver.paste(PASSPHRASE)
    await driver.press("enter")


@long
async def test_without_a_keyring_a_vault_is_created_and_the_key_is_kept_meanwhile(
    home: Home, aws: "StrictAws", monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    monkeypatch.setattr(vault, "_identities", {})
    monkeypatch.setattr("keyring.get_keyring", NoKeyring)
    user = aws.add_user()
    device = user.add_device("phone")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await give_key(driver, user)
        await choose_region(driver)
        await driver.sees("◉ Type a code from phone", "○ Enroll another MFA device")
        await driver.press("enter")
        await driver.sees("Where to keep your secrets? There is no keyring", "◉ Create a vault now")
        await driver.press("enter")
        await create_vault(driver)
        await driver.sees("Code for default")
        await driver.type("000000")
        await driver.press("enter")
        await driver.sees("✗ AWS did not accept the code")
        await driver.press("escape")
        await driver.sees("✓ The key is saved in default.", "esc Leave")
        await driver.press("enter")
        await driver.sees("Code for default")
        await driver.type(device.code())
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.sees("default", "✓ 11 h 5")
        assert driver.key_in_file("default-mfa").startswith("ASIA")
        found = driver.context.key_store.get(user.access_key_id, "vault", CancelScope())
        assert found is not None
        assert found.secret_access_key.reveal() == user.secret_access_key
    assert 'seed_store = "vault"' in home.settings.read_text()
    assert f"mfa_serial = {device.serial}" in home.config.read_text()
    files = [path for path in home.path.rglob("*") if path.is_file()]
    assert [path for path in files if user.secret_access_key.encode() in path.read_bytes()] == []


async def test_a_profile_without_keys_gets_one_in_the_credentials_file(
    home: Home, aws: "StrictAws", person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_keyring", NoKeyring)
    person("dev")
    user = aws.add_user()
    with home.config.open("a") as file:
        file.write("[profile bare]\nregion = eu-west-1\n")
    async with interface(home, size=(80, 24), profile="bare") as driver:
        await driver.sees("⏎ Set up")
        await driver.press("enter")
        await driver.sees("An access key for bare", "1 of 2 · Access key", "bare has no credentials")
        await give_key(driver, user)
        # Its region is known.
        await driver.sees("2 of 2 · MFA device", "saved in bare, region eu-west-1", "◉ Enroll an MFA device")
        await driver.press("enter")
        await driver.sees("Where to keep your secrets?")
        await driver.press("2")
        # It is not asked again for the device's secret.
        await driver.sees("1 of 4 · Name and storage", "◉ On the phone only")
        await driver.press("escape")
        await driver.sees("✓ The key is saved in bare.")
        assert "The key is saved In the credentials file." in driver.toasts
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        assert driver.current == "bare"
        assert driver.key_in_file("bare") == user.access_key_id


@long
async def test_a_new_profile_beside_others(home: Home, aws: "StrictAws", person: AddPerson) -> None:
    person("default")
    user = aws.add_user()
    async with interface(home, size=(60, 20)) as driver:
        await driver.press("n")
        await driver.press("enter")
        await driver.sees("✗ The input has no access key that can be read.")
        await driver.paste("User Name,Password\nana,x")
        await driver.press("enter")
        await driver.sees("✗")
        await give_key(driver, user)
        await driver.sees("2 of 3", user.name)
        await driver.press("shift+tab")
        await driver.type("default")
        await driver.press("enter")
        await driver.sees("✗ There is a profile 'default' already.")
        await driver.press("escape")
        await driver.sees("1 of 3")
        await driver.press("escape")
        await driver.sees("Leave without the key?")
        await driver.press("n")
        await driver.sees("✓ Found the key")
        await driver.press("enter")
        await driver.sees("2 of 3", "default")


@long
async def test_files_that_cannot_be_written_are_named_at_once(home: Home) -> None:
    async with interface(home, size=(80, 24), AWS_SHARED_CREDENTIALS_FILE="/dev/null") as driver:
        await driver.press("enter")
        await driver.sees("1 of 3", "✗ /dev/null")


@long
async def test_a_key_is_checked_by_a_clock_that_is_wrong(home: Home, aws: "StrictAws") -> None:
    aws.clock.offset += 3600
    user = aws.add_user()
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await give_key(driver, user)
        await driver.sees("2 of 3", f": {user.name}, account")


@long
async def test_a_region_is_asked_for_and_one_that_is_not_clear_too(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await give_key(driver, user)
        await driver.sees("2 of 3")
        await driver.press("enter")
        await driver.sees("✗ No region is given.", "Type the one where your resources are")
        await driver.type("eu-ce")
        await driver.press("enter")
        await driver.sees("✗ 'eu-ce' is part of the names of 2 regions.", "press tab for eu-central-1.", "2 of 3")
        await driver.type("ntral-2")
        await driver.press("enter")
        await driver.sees("3 of 3", "region eu-central-2")
        await driver.press("escape")
        await driver.sees("2 of 3")
        await driver.press(*["backspace"] * 11, *"sa-", "enter")
        # There is one in South America only.
        await driver.sees("3 of 3", "region sa-east-1")
        await driver.press("4")
        await driver.sees("! No code is needed yet: press Enter, and the device is enrolled first.")


@long
async def test_a_code_that_is_typed_before_it_is_asked_for_is_the_code(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    device = user.add_device(f"{user.name}-phone")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("enter")
        await give_key(driver, user)
        await choose_region(driver)
        await driver.sees("◉ Type a code from")
        await driver.press("4", "9", "x")
        await driver.sees("✗ An MFA code has six digits.")
        await driver.pilot.pause(1.1)
        await driver.press("4", "9", "2", "backspace")
        await driver.sees("4 9 _ _ _ _")
        await driver.press("enter")
        # What is not complete yet is in the field that asks for it.
        await driver.sees("Code for default", "4 9 _ _ _ _")
        await driver.press("escape")
        await driver.sees("3 of 3", "✓ The key is saved in default.", "esc Leave")
        await driver.paste("000000")
        await driver.sees("0 0 0 0 0 0")
        await driver.press("enter")
        await driver.sees("✗ AWS did not accept the code")
        await driver.type(device.code())
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.sees("default", "✓ 11 h 5")
    assert aws.count("GetSessionToken") == 2
