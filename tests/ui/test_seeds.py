"""Importing and removing secrets, and the live code."""

from typing import TYPE_CHECKING

from textual import events

from tests.home import Home
from tests.ui.conftest import AddPerson
from tests.ui.driver import ShiftedClock, interface

if TYPE_CHECKING:
    from mfa_tui.demo.server import StrictAws


async def test_a_secret_is_imported_after_its_code_was_shown(home: Home, person: AddPerson) -> None:
    ops = person("ops")
    async with interface(home, size=(80, 24)) as driver:
        await driver.press("i")
        await driver.sees("Secret of ops")
        driver.app.screen.focused.post_message(events.Paste(ops.device.seed))  # type: ignore[union-attr]
        await driver.until(lambda: ops.device.code() in driver.screen.replace(" ", ""))
        assert ops.device.seed not in driver.screen
        # Masked, it does not reach the clipboard either.
        await driver.press("ctrl+a", "super+c")
        assert ops.device.seed not in driver.app.clipboard
        await driver.press("ctrl+a", "ctrl+x")
        assert ops.device.seed not in driver.app.clipboard
        await driver.press("enter")
        await driver.until(lambda: any("Secret stored for ops" in toast for toast in driver.toasts))
        await driver.until(lambda: "seed" in driver.line_of("ops"))
        await driver.sees("Log in to ops now?")
        await driver.press("y")
        await driver.until(lambda: driver.key_in_file("ops-mfa") != "")
        await driver.idle("ops")


async def test_a_secret_that_cannot_serve_is_refused_in_the_dialog(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        await driver.press("i")
        await driver.sees("Secret of ops")
        await driver.type("abc1")
        await driver.press("enter")
        await driver.sees("✗ This is not a usable TOTP secret.", "base32 is A-Z and 2-7")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)


async def test_a_short_secret_is_warned_of(home: Home, person: AddPerson) -> None:
    person("ops")
    async with interface(home) as driver:
        await driver.press("i")
        await driver.sees("Secret of ops")
        driver.app.screen.focused.post_message(events.Paste("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))  # type: ignore[union-attr]
        await driver.sees("AWS secrets have 64 characters, this one has 32")
        await driver.press("enter")
        await driver.until(lambda: any("Secret stored" in toast for toast in driver.toasts))
        await driver.sees("Log in to ops now?")
        await driver.press("n")
        await driver.sees("! AWS secrets have 64 characters")


async def test_a_secret_is_removed_after_a_question(home: Home, person: AddPerson) -> None:
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


async def test_the_code_is_shown_once_the_cursor_rests_and_told_when_used(
    home: Home, person: AddPerson, aws: "StrictAws"
) -> None:
    dev = person("dev", seed=True)
    person("other")
    clock = ShiftedClock()
    async with interface(home, clock=clock) as driver:
        await driver.until(lambda: dev.device.code() in driver.screen.replace(" ", ""))
        await driver.press("c")
        await driver.until(lambda: any("Code sent to the terminal" in toast for toast in driver.toasts))
        assert driver.app.clipboard in (dev.device.code(), dev.device.code(-1))
        await driver.press("enter")
        await driver.sees("✓ 11 h 59 m")
        await driver.sees(" used ")
        await driver.press("down")
        await driver.until(lambda: dev.device.code() not in driver.screen.replace(" ", ""))
        await driver.sees("type the digits that your device shows")
    assert aws.count("GetSessionToken") == 1


async def test_moving_on_reads_no_keyring(home: Home, person: AddPerson) -> None:
    person("one", seed=True)
    person("two", seed=True)
    async with interface(home) as driver:
        await driver.until(lambda: driver.desk.unread_seed("one") == "")
        await driver.press("down", "up")
        assert driver.desk.unread_seed("two") != ""


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
