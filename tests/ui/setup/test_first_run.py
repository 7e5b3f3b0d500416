"""From an empty home to a written session, in the interface alone."""

from typing import TYPE_CHECKING

import botocore.session

from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.interface.interface import interface

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


def pasted(key: str, secret: str) -> str:
    return f"aws_access_key_id = {key}\naws_secret_access_key = {secret}"


async def test_a_pasted_key_a_region_and_a_new_device(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    key, secret = user.access_key_id, user.secret_access_key
    home.aws_dir.rmdir()
    async with interface(home, size=(80, 24)) as driver:
        await driver.sees("No AWS profiles yet", "⏎ sets up your first one", "⏎ Set up")
        await driver.press("enter")
        await driver.sees("New profile", "1 of 3 · Access key", "Three questions lead to your first session")
        await driver.paste(pasted(key, secret.swapcase()))
        await driver.sees("✓ Found the key")
        await driver.press("enter")
        await driver.sees("✗ This secret access key does not belong to the access key")
        # What is pasted now takes its place.
        await driver.paste(pasted(key, secret))
        await driver.sees("✓ Found the key")
        await driver.press("enter")
        await driver.sees("2 of 3 · Profile and region", f"✓ AWS accepts the key AKIA…{key[-4:]}: {user.name}")
        await driver.type("eu-centr")
        await driver.sees("tab eu-central-1")
        await driver.press("escape")
        await driver.sees("1 of 3", "✓ Found the key")
        await driver.press("enter")
        await driver.sees("2 of 3", "tab eu-central-1", "default")
        await driver.press("tab", "enter")
        await driver.sees("3 of 3 · MFA device", "◉ Enroll an MFA device", "saved in default, region eu-central-1.")
        assert not home.config.exists()
        await driver.press("enter")
        await driver.sees("1 of 4 · Name and storage", "no MFA device yet")
        assert "The key is saved In the keyring." in driver.toasts
        await driver.press("down", "enter")
        await driver.sees("is enabled, and a login has confirmed that it works", "saved as default-mfa")
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.sees("default", "✓ 11 h 5")
        # The code of the new device is in the details, though the cursor has not moved.
        await driver.until(lambda: "━" in driver.screen, "the code")
    assert in_keyring(home, key) == secret
    assert secret not in home.config.read_text() + home.credentials.read_text()
    found = botocore.session.Session(profile="default-mfa")
    credentials = found.get_credentials()
    assert credentials is not None
    assert str(credentials.access_key).startswith("ASIA")
    assert found.get_config_variable("region") == "eu-central-1"
