"""Backing up and restoring the stored secrets in the interface."""

import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret
from mfa_tui.services.seeds.backup import BackupResult, back_up
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

pytest.importorskip("pyrage", reason="the extra age is not installed")

PASSPHRASE = "four words of a kind"


async def test_a_backup_brings_a_removed_secret_back(home: Home, person: AddPerson, tmp_path: Path) -> None:
    dev = person("dev", seed=True)
    ops = person("ops", seed=True)
    file = tmp_path / "secrets.age"
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("b")
        await driver.sees("Back up secrets", "~/mfa-secrets.age")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(str(tmp_path))
        await driver.press("enter")
        await driver.sees("already exists; it was not overwritten.")
        await driver.paste("/secrets.age")
        await driver.press("enter")
        await driver.sees("Choose a passphrase for the backup", "Nobody can open the backup without the passphrase")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.until(lambda: any("Backed up 2 secrets" in toast for toast in driver.toasts))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert dev.device.seed.encode() not in file.read_bytes()

        driver.context.seeds.remove(dev.device.serial, CancelScope())
        driver.context.seeds.store(ops.device.serial, Secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), "", CancelScope())
        await driver.press("r")
        await driver.sees("Restore secrets")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(str(tmp_path / "none"))
        await driver.press("enter")
        await driver.sees("none cannot be read.")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(str(file))
        await driver.press("enter")
        await driver.sees("Open the backup")
        await driver.paste("not the passphrase")
        await driver.press("enter")
        await driver.sees("✗ That is not the passphrase of")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.until(lambda: any("Restored 1 secret" in toast for toast in driver.toasts))
        await driver.sees(f"Another secret is stored for {ops.device.serial}, and was left as it was.")
        seed = driver.context.seeds.load(dev.device.serial, CancelScope())
        assert seed is not None
        assert seed.seed.reveal() == dev.device.seed


@long
async def test_without_a_secret_there_is_nothing_to_back_up(home: Home, person: AddPerson) -> None:
    person("dev")
    async with interface(home) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("b")
        await driver.sees("– Back up: no secret is stored.")
        await driver.press("r")
        await driver.sees("Restore secrets")
        await driver.press("escape")
        await driver.sees("1 of 8")


async def test_a_running_action_does_not_seem_to_wait_for_an_answer(
    home: Home, person: AddPerson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("dev", seed=True)
    go_on = threading.Event()

    def slowly(*arguments: Any, **named: Any) -> BackupResult:
        go_on.wait(20)
        return back_up(*arguments, **named)

    monkeypatch.setattr("mfa_tui.ui.seeds.backup_flow.back_up", slowly)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("b")
        await driver.sees("Back up secrets")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(str(tmp_path / "secrets.age"))
        await driver.press("enter")
        await driver.sees("Choose a passphrase for the backup")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.sees("◌ Writing the backup · esc cancels")
        go_on.set()
        await driver.until(lambda: any("Backed up 1 secret" in toast for toast in driver.toasts))


@long
async def test_a_suggested_path_is_typed_over_and_tab_completes(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    (home.path / "backups").mkdir()
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("b")
        await driver.sees("Back up secrets", "~/mfa-secrets.age", "tab Complete")
        await driver.type("~/ba")
        await driver.press("tab")
        await driver.sees("~/backups/")
        await driver.press("x")
        await driver.sees("~/backups/x")
        assert "mfa-secrets" not in driver.screen
