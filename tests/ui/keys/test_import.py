"""Importing a key in the screen of access keys: pasted, typed, or from a file."""

import json
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from mfa_tui.services.keys.import_plan import plan_import
from mfa_tui.ui.keys import actions
from tests.keys.support import both_files, in_keyring
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.processes.terminals import sees
from tests.support.runner.thoroughness import long
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson, Person, Spawn

if TYPE_CHECKING:
    from mfa_tui.demo.aws.server import StrictAws

FORMS: dict[str, Callable[[str, str], str]] = {
    "export lines": lambda key, secret: f"export AWS_ACCESS_KEY_ID={key}\nexport AWS_SECRET_ACCESS_KEY='{secret}'\n",
    "a section": lambda key, secret: f"[ana]\raws_access_key_id = {key}\raws_secret_access_key = {secret}\r",
    "JSON": lambda key, secret: json.dumps({"AccessKey": {"AccessKeyId": key, "SecretAccessKey": secret}}, indent=1),
    "CSV": lambda key, secret: f"Access key ID,Secret access key\r\n{key},{secret}\r\n",
}
TYPED = "rspdaq19?"


@pytest.fixture
def other(aws: "StrictAws", person: AddPerson) -> tuple[Person, str, str]:
    """The person of profile ``dev``, with the id and the secret of another key."""
    dev = person("dev", seed=True)
    key = aws.account().add_key(dev.user.name)
    return dev, key, dev.user.access_keys()[key][1]


async def open_dialog(driver: Driver) -> None:
    """Open the dialog of the screen of keys."""
    await driver.press("g")
    await driver.sees("2 of 2")
    await driver.press("i")
    await driver.sees("Import a key for dev")


async def agree(driver: Driver, home: Home, key: str, secret: str) -> None:
    """Import the key that the dialog has found."""
    await driver.sees(f"✓ Found the key AKIA…{key[-4:]}, with a secret of 40 characters (not shown).")
    assert secret not in driver.screen
    await driver.press("enter")
    await driver.sees("Import the key?", "goes into the keyring")
    await driver.press("y")
    await driver.until(lambda: any("The key was imported" in toast for toast in driver.toasts))
    assert in_keyring(home, key) == secret


async def test_pasted(home: Home, other: tuple[Person, str, str]) -> None:
    _, key, secret = other
    async with interface(home, size=(80, 24)) as driver:
        await open_dialog(driver)
        for form in FORMS.values():
            await driver.paste(form(key, secret))
            await driver.sees(f"✓ Found the key AKIA…{key[-4:]}")
            # Masked, it does not reach the clipboard either.
            await driver.press("ctrl+a", "super+c")
            assert secret not in driver.app.clipboard
            await driver.press("ctrl+a", "ctrl+k")
            await driver.sees("Paste all of it into the first field")
        await driver.paste(FORMS["export lines"](key, secret))
        await agree(driver, home, key, secret)


@long
async def test_typed(home: Home, other: tuple[Person, str, str]) -> None:
    _, key, secret = other
    async with interface(home, size=(80, 24)) as driver:
        await open_dialog(driver)
        await driver.type(key)
        await driver.sees(f"Found the key AKIA…{key[-4:]}. Its secret is missing.", "⏎ Next")
        await driver.press("enter")
        await driver.type(secret)
        await agree(driver, home, key, secret)


@long
async def test_from_a_file(home: Home, other: tuple[Person, str, str]) -> None:
    _, key, secret = other
    path = home.path / "new_accessKeys.csv"
    path.write_text("user,arn,user_creation_time\nana,arn:aws:iam::111122223333:user/ana,x\n")
    async with interface(home, size=(100, 30)) as driver:
        await open_dialog(driver)
        await driver.press("ctrl+o")
        await driver.sees("Read a file")
        # The rest completes nothing: each key of it would be one more look at the disk.
        await driver.paste(f"{path.parent}/")
        await driver.press(*path.name, "enter")
        await driver.sees("✗ This CSV file has no access key.", "It has the credential report of an account.")
        path.write_text(FORMS["CSV"](key, secret))
        await driver.press("ctrl+o")
        # The path is still there.
        await driver.sees("Read a file", path.name)
        await driver.press("enter")
        await agree(driver, home, key, secret)
        assert any(f"{path} still has it" in toast for toast in driver.toasts)


@long
async def test_what_cannot_be_imported_is_said_in_the_dialog(home: Home, other: tuple[Person, str, str]) -> None:
    _, key, secret = other
    before = both_files(home)
    async with interface(home, size=(80, 24)) as driver:
        await open_dialog(driver)
        await driver.press("enter")
        await driver.sees("✗ The input has no access key that can be read.", "It is empty.")
        await driver.paste("hello")
        await driver.press("enter")
        await driver.sees("→ Pass both the access key ID (AKIA…) and the secret access key.")
        await driver.paste(f"{key} {secret[:20]}\u200b{secret[20:]}")
        await driver.sees("✗ The input has an invisible character", "ZERO WIDTH SPACE")
        await driver.press("enter")
        await driver.paste(f"AWS_SESSION_TOKEN=x\n{key} {secret}")
        await driver.sees("✗ These are temporary credentials, which expire.")
        # What was wrong is gone from the field, which nobody can read.
        await driver.press("enter")
        await driver.paste(f"{key}\n{secret[:-1]}")
        await driver.press("enter")
        await driver.sees("✗ This secret access key does not belong to the access key", "Copy both values again.")
        await driver.press("i")
        await driver.sees("Import a key for dev")
        await driver.press("escape")
        assert secret[:20] not in driver.screen
    assert both_files(home) == before


@long
async def test_without_a_keyring_no_key_seems_to_do_what_only_the_command_line_can(
    home: Home, other: tuple[Person, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key, secret = other
    async with interface(home, size=(80, 24)) as driver:
        await open_dialog(driver)
        await driver.paste(f"{key} {secret}")
        await driver.press("enter")
        await driver.sees("Import the key?")
        monkeypatch.setattr("keyring.get_keyring", NoKeyring)
        await driver.press("y")
        await driver.sees("✗ There is no keyring", "Or use the vault: mfa-tui keys import dev --to vault")
        assert "try again" not in driver.screen.partition("--to")[2]
    assert in_keyring(home, key) == ""


@long
async def test_keys_typed_while_aws_is_asked_are_no_commands(
    home: Home, other: tuple[Person, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key, secret = other
    asking, go_on = threading.Event(), threading.Event()
    planned = plan_import

    def slowly(*arguments: object, **options: object) -> object:
        asking.set()
        assert go_on.wait(scaled(20))
        return planned(*arguments, **options)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(actions, "plan_import", slowly)
    async with interface(home, size=(80, 24)) as driver:
        await open_dialog(driver)
        await driver.paste(f"{key} {secret}")
        await driver.press("enter")
        await driver.until(asking.is_set)
        before = list(driver.app.screen_stack)
        await driver.type(TYPED)
        await driver.press("delete", "enter")
        await driver.paste(secret)
        assert driver.app.screen_stack == before
        go_on.set()
        await driver.sees("Import the key?")
        await driver.press("n")
        await driver.until(lambda: driver.app.screen is before[-1])
        await driver.press("question_mark")
        await driver.sees("paste it, type it, or read a file")
    assert in_keyring(home, key) == ""


@long
def test_a_paste_on_a_terminal(home: Home, other: tuple[Person, str, str], spawn: Spawn) -> None:
    _, key, secret = other
    child = spawn(f"exec {sys.executable} -m mfa_tui")

    def wait_for(text: str) -> None:
        assert secret not in sees(child, text)

    wait_for("Log in")
    child.send("g")
    wait_for("2 of 2")
    child.send("i")
    wait_for("Import a key for dev")
    # As a terminal pastes: in brackets, with carriage returns.
    pasted = FORMS["export lines"](key, secret).replace("\n", "\r")
    child.send(f"\x1b[200~{pasted}\x1b[201~")
    wait_for("(not")
    child.send("\r")
    wait_for("Import the key?")
    child.send("y")
    wait_for("was imported")
    child.sendcontrol("q")
    child.expect_exact("\x1b[?1049l")
    child.close()
    assert in_keyring(home, key) == secret
