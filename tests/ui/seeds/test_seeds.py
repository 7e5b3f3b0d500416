"""Importing and removing secrets, and the live code."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual import events

from mfa_tui.core.aws.mfa_serial import MfaSerial
from mfa_tui.core.seeds.qr_drawing import qr_code
from mfa_tui.models import Secret
from mfa_tui.ui.profiles import screen
from tests.core.seeds.app_exports import HOTP, KEY, OTHER, account, aegis, aegis_entry, migration
from tests.support.homes.home import Home
from tests.support.interface.interface import ShiftedClock, interface
from tests.support.runner.thoroughness import long
from tests.ui.conftest import AddPerson

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws


async def test_a_secret_is_imported_after_its_code_was_shown(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        driver.app.screen.focused.post_message(events.Paste(ops.device.seed))  # type: ignore[union-attr]
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        assert ops.device.seed not in driver.screen
        # Masked, it does not reach the clipboard either.
        await driver.press("ctrl+a", "super+c")
        assert ops.device.seed not in driver.app.clipboard
        await driver.press("ctrl+a", "ctrl+x")
        assert ops.device.seed not in driver.app.clipboard
        await driver.press("enter")
        await driver.until(lambda: any("Secret stored for ops" in toast for toast in driver.toasts))
        await driver.sees("Log in to ops now?")
        await driver.press("y")
        await driver.until(lambda: driver.key_in_file("ops-mfa") != "")
        await driver.idle("ops")
        assert "secret" in driver.line_of("ops")


async def test_an_unusable_secret_is_refused_in_the_dialog(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.type("abc1")
        await driver.press("enter")
        await driver.sees("✗ This is not a usable TOTP secret.", "base32 is A-Z and 2-7")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


async def test_without_a_keyring_what_was_typed_goes_into_a_vault(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    ops = person("ops")

    def no_keyring() -> None:
        raise RuntimeError("nothing there")

    monkeypatch.setattr("keyring.get_keyring", no_keyring)
    async with interface(home) as driver:
        await driver.press("i")
        await driver.paste(ops.device.seed)
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.press("enter")
        await driver.sees("Where to keep your secrets?", "Create a vault now", "Not now")
        await driver.press("1")
        await driver.sees("Repeat")
        await driver.paste("four words of a kind")
        await driver.press("tab")
        await driver.paste("four words of a kind")
        await driver.press("enter")
        await driver.until(lambda: any("Secret stored for ops" in toast for toast in driver.toasts))


async def test_a_short_secret_causes_a_warning(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        driver.app.screen.focused.post_message(events.Paste("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))  # type: ignore[union-attr]
        await driver.sees("AWS secrets have 64 characters, this one has 32")
        await driver.press("enter")
        await driver.until(lambda: any("Secret stored" in toast for toast in driver.toasts))
        await driver.sees("Log in to ops now?")
        await driver.press("n")
        await driver.sees("! AWS secrets have 64 characters")


async def test_an_export_of_many_lines_is_pasted_or_read_from_its_file(home: Home, person: AddPerson) -> None:
    """As Aegis writes it; of two accounts the one with the device's name is taken, and another's name is told."""
    ops = person("ops")
    serial = MfaSerial(ops.device.serial)
    export = aegis(aegis_entry(KEY, "other"), aegis_entry(ops.device.seed, f"{serial.name}@{serial.account}"))
    (home.path / "export.json").write_text(export)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.paste(export)
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(f"otpauth://totp/x?secret={KEY}\rotpauth://totp/y?secret={OTHER}\r")
        await driver.sees("Contains 2 accounts.")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(f"otpauth://totp/somebody@{serial.account}?secret={KEY}")
        await driver.sees("! Its name says somebody, but the device is called")
        await driver.press("ctrl+o")
        await driver.paste("~/export.json")
        await driver.press("enter")
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.press("enter")
        await driver.sees("Log in to ops now?")


async def test_a_secret_is_removed_after_confirmation(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    async with interface(home) as driver:
        await driver.press("delete")
        await driver.sees("Remove the secret of dev?")
        await driver.press("escape")
        await driver.press("delete")
        await driver.sees("Remove the secret of dev?")
        await driver.press("y")
        await driver.until(lambda: any("Secret removed" in toast for toast in driver.toasts))
        await driver.until(lambda: "phone" in driver.line_of("dev"))


async def test_the_code_is_shown_once_the_cursor_rests_and_marked_when_used(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev", seed=True)
    person("other")
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.until(lambda: driver.shows_code(dev.device.code()))
        await driver.press("c")
        await driver.until(lambda: any("Code sent to the clipboard" in toast for toast in driver.toasts))
        assert driver.app.clipboard in (dev.device.code(), dev.device.code(-1))
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m")
        await driver.sees(" used ")
        await driver.press("down")
        await driver.until(lambda: not driver.shows_code(dev.device.code()))
        await driver.sees("type your 6-digit code")
    assert aws.count("GetSessionToken") == 1


async def test_moving_on_reads_no_keyring(home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch) -> None:
    person("one", seed=True)
    person("two", seed=True)
    async with interface(home) as driver:
        await driver.until(lambda: driver.app_state.unread_seed("one") == "")
        with monkeypatch.context() as patch:
            # However busy the machine is, the cursor moves on sooner.
            patch.setattr(screen, "READ_DELAY", 3600)
            await driver.press("down", "up")
            assert driver.app_state.unread_seed("two") != ""
        await driver.press("down")
        await driver.until(lambda: driver.app_state.unread_seed("two") == "")


async def test_a_copied_code_leaves_the_clipboard(home: Home, person: AddPerson) -> None:
    person("dev", seed=True)
    settings = home.path / "settings.toml"
    settings.write_text("clipboard_clear = 0.2\n")
    async with interface(home, MFA_TUI_CONFIG=str(settings)) as driver:
        await driver.press("c")
        await driver.until(lambda: any("Code sent" in toast for toast in driver.toasts))
        await driver.until(lambda: driver.app.clipboard == "")
        await driver.press("c")
        await driver.until(lambda: any("Code sent" in toast for toast in driver.toasts))
        await driver.press("y")
        for _ in range(20):
            await driver.pilot.pause(0.02)
        assert driver.app.clipboard == "export AWS_PROFILE=dev-mfa"


async def test_of_several_accounts_one_is_chosen_for_a_device_that_is_chosen(home: Home, aws: "StrictAws") -> None:
    user = aws.add_user()
    user.add_fido_device(f"key-{user.name}")
    user.add_device(f"{user.name}-old")
    device = user.add_device(f"{user.name}-new")
    home.add_profile("dev", user)
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("i")
        await driver.sees("Which device does the secret belong to?", "it has no secret")
        await driver.press("down", "enter")
        await driver.sees("Secret for dev", f"device {device.serial.rsplit('/')[-1]}")
        export = migration(account(OTHER, "somebody"), account(device.seed, "mine"), account(KEY, "x", kind=HOTP))
        await driver.paste(export)
        await driver.sees("Contains 3 accounts.", "⏎ Which one?")
        await driver.press("enter")
        await driver.sees("Which account?", "AWS: somebody", "✗ AWS: x", "time-based")
        await driver.press("down", "enter")
        await driver.until(lambda: driver.shows_code(device.code()))
        await driver.sees("issuer AWS, account mine")
        await driver.press("enter")
        await driver.sees("Log in to dev now?", "is saved in the profile as mfa_serial")
        await driver.press("y")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        assert device.serial in home.config.read_text()


async def test_a_secret_comes_from_a_picture(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    picture = home.path / "code.png"
    uri = Secret(f"otpauth://totp/ops?secret={ops.device.seed}")
    picture.write_bytes(qr_code(uri, border=4).png())
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.press("ctrl+o")
        await driver.sees("Read a file")
        await driver.paste("~/cod.png")
        await driver.press("enter")
        # The path itself may be wrapped anywhere: how long it is depends on how the tests are run.
        await driver.sees("✗", "There is no such file.")
        # What was typed is there to be corrected.
        await driver.press("ctrl+o", "end", *["left"] * 4, "e")
        await driver.press("enter")
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.press("enter")
        await driver.sees("Log in to ops now?")
        await driver.press("n")
        assert ops.device.serial in driver.context.seeds.serials()


async def test_a_clipboard_that_cannot_be_read_leads_to_the_key_for_files(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home, size=(80, 24), WAYLAND_DISPLAY="", DISPLAY="") as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.press("ctrl+g")
        await driver.sees("✗ The clipboard cannot be read.", "^o read a file here")


async def test_a_secret_comes_from_the_clipboard(home: Home, person: AddPerson, tmp_path: Path) -> None:
    ops = person("ops")
    (tmp_path / "wl-paste").write_text(f"#!/bin/sh\nexec cat {tmp_path}/code.png\n")
    (tmp_path / "wl-paste").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{home.env['PATH']}"
    async with interface(home, size=(80, 24), WAYLAND_DISPLAY="wayland-0", PATH=path) as driver:
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.press("ctrl+g")
        await driver.sees("✗ There is no picture on the clipboard.")
        uri = Secret(f"otpauth://totp/ops?secret={ops.device.seed}")
        (tmp_path / "code.png").write_bytes(qr_code(uri, border=4).png())
        await driver.press("ctrl+g")
        await driver.until(lambda: driver.shows_code(ops.device.code()))
        await driver.press("enter")
        await driver.sees("Log in to ops now?")
        await driver.press("y")
        await driver.sees("✓ 11 h 59 m")


@long
async def test_a_yubikey_s_code_needs_a_touch_and_is_shown_once(
    home: Home, person: AddPerson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops = person("ops")
    program, asked = tmp_path / "ykman", tmp_path / "asked"
    code = ops.device.code
    program.write_text(f"#!/bin/sh\necho >> {asked}\necho Touch your YubiKey... >&2\nsleep 0.3\necho $CODE\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    settings = home.path / "settings.toml"
    settings.write_text(f'[devices."{ops.device.serial}"]\nyubikey = "AWS:ops"\n')
    async with interface(home, MFA_TUI_CONFIG=str(settings)) as driver:
        await driver.pilot.pause(0.5)
        assert not asked.exists()
        monkeypatch.setenv("CODE", code())
        await driver.press("c")
        await driver.until(lambda: any("Touch your YubiKey" in toast for toast in driver.toasts))
        await driver.until(lambda: any("Code sent to the clipboard" in toast for toast in driver.toasts))
        await driver.pilot.pause(1.2)
        assert asked.read_text() == "\n"
