"""The vault's passphrase, asked for in the interface: once in a run, from whatever thread needs it."""

from collections.abc import Callable

import pytest

from mfa_tui.adapters.secretstores import age_scrypt, vault
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret
from mfa_tui.services.context import Context
from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson, Person

pytest.importorskip("pyrage", reason="the extra age is not installed")

PASSPHRASE = "four words of a kind"


@pytest.fixture
def in_vault(home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """Settings by which seeds are kept in the vault; what is open is forgotten, as in a new process."""
    monkeypatch.setattr(vault, "_identities", {})
    settings = home.path / "settings.toml"
    settings.write_text('seed_store = "vault"\n')
    return str(settings)


@pytest.fixture
def locked(home: Home, person: AddPerson, in_vault: str, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Who has the profile ``dev``, whose seed is in the vault, which is locked."""
    dev = person("dev")
    context = Context(
        {**home.env, "MFA_TUI_CONFIG": in_vault}, warn=lambda _: None, ask_passphrase=lambda _: Secret(PASSPHRASE)
    )
    context.seeds.store(dev.device.serial, Secret(dev.device.seed), "", CancelScope())
    monkeypatch.setattr(vault, "_identities", {})
    return dev


async def asked(driver: Driver) -> PassphraseDialog:
    """The dialog, once it is there."""
    await driver.until(lambda: isinstance(driver.app.screen, PassphraseDialog))
    assert isinstance(driver.app.screen, PassphraseDialog)
    return driver.app.screen


@pytest.mark.usefixtures("locked")
async def test_the_passphrase_is_asked_once_and_again_while_it_is_wrong(home: Home, in_vault: str) -> None:
    async with interface(home, MFA_TUI_CONFIG=in_vault) as driver:
        # Looking at the profile does not ask.
        await driver.pilot.pause(0.5)
        assert driver.app.screen is driver.main
        await driver.press("enter")
        await asked(driver)
        await driver.sees("Open the vault", "stays open until you quit")
        await driver.paste("not the passphrase")
        assert "not the passphrase" not in driver.screen
        await driver.press("enter")
        await driver.sees("✗ That is not the vault's passphrase.")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m")
        # It is open now.
        await driver.press("c")
        await driver.until(lambda: any("Code sent to the clipboard" in toast for toast in driver.toasts))


@long
@pytest.mark.usefixtures("locked")
async def test_slow_opening_is_reported(home: Home, in_vault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stretched = age_scrypt._stretched

    def slowly(passphrase: Secret, salt: bytes, factor: int, scope: CancelScope, slow: Callable[[str], None]) -> bytes:
        slow("Trying it takes about 16 seconds and 4,294 MB of memory (work factor 22)")
        return stretched(passphrase, salt, factor, scope, slow)

    monkeypatch.setattr(age_scrypt, "_stretched", slowly)
    async with interface(home, MFA_TUI_CONFIG=in_vault) as driver:
        await driver.press("enter")
        await asked(driver)
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.until(lambda: any("takes about 16 seconds" in toast for toast in driver.toasts))
        await driver.sees("✓ 11 h 59 m")


@long
async def test_without_the_passphrase_the_code_is_typed(home: Home, locked: Person, in_vault: str) -> None:
    async with interface(home, MFA_TUI_CONFIG=in_vault) as driver:
        await driver.press("enter")
        await asked(driver)
        await driver.press("escape")
        await driver.sees("Code for dev", "The vault is locked.")
        await driver.type(locked.device.code())
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m")


@long
async def test_a_new_vault_takes_the_same_passphrase_twice(home: Home, person: AddPerson, in_vault: str) -> None:
    dev = person("dev")
    async with interface(home, size=(80, 24), MFA_TUI_CONFIG=in_vault) as driver:
        await driver.press("i")
        await driver.sees("Secret for dev")
        await driver.paste(dev.device.seed)
        await driver.press("enter")
        await asked(driver)
        await driver.sees("Choose a passphrase for the vault", "Nobody can open it without the passphrase")
        await driver.press("enter")
        await driver.sees("✗ Type the passphrase first.")
        await driver.paste("short")
        await driver.press("enter")
        await driver.sees("✗ A passphrase needs at least 12 characters.")
        # Nothing is left that new typing would be added to.
        await driver.paste("short and longer by far")
        await driver.press("enter")
        await driver.paste("another one of these")
        await driver.press("enter")
        await driver.sees("✗ The passphrases do not match.")
        await driver.paste("short and longer by far")
        await driver.press("enter")
        await driver.sees("Log in to dev now?")
        assert driver.context.vault.exists


async def test_the_program_exits_even_if_a_thread_waits_for_it(home: Home, person: AddPerson, in_vault: str) -> None:
    dev = person("dev")
    async with interface(home, MFA_TUI_CONFIG=in_vault) as driver:
        await driver.press("i")
        await driver.sees("Secret for dev")
        await driver.paste(dev.device.seed)
        await driver.press("enter")
        await asked(driver)
        await driver.app.action_quit()
    assert driver.app.return_code == 0
