"""The screen of access keys: what it shows of each, and what is done with one."""

from typing import TYPE_CHECKING

import pytest

from tests.keys.support import in_keyring
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

waits_pass = pytest.mark.usefixtures("waits_pass")
"""Where an action comes so soon after another that it needs the next code of the device."""


async def test_it_shows_the_keys_and_what_can_be_done(home: Home, aws: "StrictAws", person: AddPerson) -> None:
    dev = person("dev", seed=True)
    old = aws.account().add_key(dev.user.name, age=100, used=None, active=False)
    aws.account().date_key(dev.user.name, dev.user.access_key_id, age=91, used=0)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("g")
        await driver.sees("Access keys of dev", "2 of 2", dev.user.access_key_id, old, "! 91 days", "100 days", "never")
        await driver.sees("● dev uses it", "Its secret is in the AWS files, in plain text.")
        assert driver.app.screen.query_one("#details").styles.border_top[0] == "solid"
        await driver.press("question_mark")
        await driver.sees("Replace the profile's key with a new one")
        assert "troubleshooting" not in driver.screen
        await driver.press("escape")
        await driver.press("delete")
        await driver.sees("Delete: a key in use is never deleted.")
        await driver.press("down", "delete")
        await driver.sees(f"Delete {old[:4]}…{old[-4:]}?", "That cannot be undone.")
        await driver.press("y")
        await driver.sees("1 of 2")
        assert list(dev.user.access_keys()) == [dev.user.access_key_id]
        await driver.press("escape")
        await driver.sees("91 days old")


@waits_pass
async def test_store_rotate_and_put_back(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("g")
        await driver.sees("1 of 2")
        await driver.press("s")
        await driver.sees("Store the key?", "goes into the keyring")
        await driver.press("y")
        await driver.sees("Its secret is in the keyring.")
        await driver.press("r")
        await driver.sees("Rotate the key?", "Sessions of the old key may stop working at once.")
        await driver.press("y")
        await driver.sees("2 of 2", "inactive")
        (new,) = (key for key, (status, _) in dev.user.access_keys().items() if status == "Active")
        assert in_keyring(home, new) == dev.user.access_keys()[new][1]
        assert f"mfa_tui_access_key_id = {new}" in home.config.read_text()
        # The cursor has stayed on the old key.
        await driver.press("up", "p")
        await driver.sees("Put the key back into the AWS files?")
        await driver.press("y")
        await driver.sees("Its secret is in the AWS files, in plain text.")
        assert new in home.credentials.read_text()


@long
async def test_without_a_keyring_a_vault_is_offered(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    dev = person("dev")

    def no_keyring() -> None:
        raise RuntimeError("nothing there")

    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("g")
        await driver.press(*dev.device.code(), "enter")
        await driver.sees("1 of 2")
        for key in ("s", "i"):
            await driver.press(key)
            await driver.sees("Where to keep your secrets?", "Create a vault now", "Not now")
            await driver.press("2")
            await driver.until(lambda: len(driver.app.screen_stack) == 2)
            await driver.idle("dev")
        # That it was turned down before does not matter: the user asks for it.
        await driver.press("s")
        await driver.sees("Create a vault now")
        await driver.press("1")
        await driver.sees("Repeat")
        await driver.paste("four words of a kind")
        await driver.press("tab")
        await driver.paste("four words of a kind")
        await driver.press("enter")
        await driver.sees("Store the key?", "goes into the vault")
        await driver.press("y")
        await driver.sees("Its secret is in the vault.")
    assert dev.user.secret_access_key not in home.credentials.read_text()


@long
async def test_deactivate_and_activate(home: Home, aws: "StrictAws", person: AddPerson) -> None:
    dev = person("dev", seed=True)
    other = aws.account().add_key(dev.user.name)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("g")
        await driver.sees("2 of 2")
        await driver.press("down", "d")
        await driver.sees("may stop working at once")
        await driver.press("n")
        assert dev.user.access_keys()[other][0] == "Active"
        await driver.press("d")
        await driver.press("y")
        await driver.sees("inactive")
        assert dev.user.access_keys()[other][0] == "Inactive"
        await driver.press("a")
        await driver.press("y")
        await driver.until(lambda: "inactive" not in driver.screen)
        await driver.press("a")
        await driver.sees("Activate: the key is active already.")


async def test_a_code_is_asked_for_where_a_session_is_needed(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=False)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("g")
        await driver.sees("Access keys are managed with a session with MFA.")
        await driver.press(*dev.device.code(), "enter")
        await driver.sees("1 of 2", dev.user.access_key_id)


@long
async def test_the_next_code_is_really_waited_for(home: Home, person: AddPerson) -> None:
    dev = person("dev", seed=True)
    async with interface(home, size=(100, 30)) as driver:
        await driver.press("g")
        await driver.sees("1 of 2")
        await driver.press("r")
        await driver.sees("Rotate the key?")
        await driver.press("y")
        await driver.sees("2 of 2", "inactive", seconds=60)
        assert len(dev.user.access_keys()) == 2
