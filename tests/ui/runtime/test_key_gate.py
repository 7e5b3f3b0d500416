"""Keys that are typed for a dialog, or before there is a list, are no commands to what lies below."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pexpect
import pytest

from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.models import Secret
from mfa_tui.services.seeds.backup import back_up
from mfa_tui.ui.dialogs.choose import Answer, Choose
from mfa_tui.ui.seeds import backup_flow
from tests.support.homes.home import Home
from tests.support.interface.interface import interface
from tests.support.processes.terminals import sees
from tests.support.runner.timeouts import scaled
from tests.ui.conftest import AddPerson, Spawn

PASSPHRASE = "four words of a kind"
TYPED = "qdrlpx/9?"


async def test_keys_typed_while_an_answer_is_checked_are_dropped(
    home: Home, person: AddPerson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    person("dev", seed=True)
    file = str(tmp_path / "secrets.age")
    checking, go_on = threading.Event(), threading.Event()
    checked = backup_flow._restored

    def slowly(*arguments: object) -> object:
        checking.set()
        assert go_on.wait(20)
        return checked(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(backup_flow, "_restored", slowly)
    async with interface(home, size=(80, 24)) as driver:
        back_up(driver.context, file, CancelScope(), passphrase=lambda: Secret(PASSPHRASE))
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("r")
        await driver.sees("Restore secrets")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(file)
        await driver.press("enter")
        await driver.sees("Open the backup")
        await driver.paste("not the passphrase")
        await driver.press("enter")
        await driver.until(checking.is_set)
        await driver.sees("1 of 8")
        before = len(driver.app.screen_stack)
        await driver.type(TYPED)
        await driver.press("enter", "space", "backspace")
        await driver.paste(PASSPHRASE)
        assert len(driver.app.screen_stack) == before
        await driver.until(lambda: any("your answer is being checked" in toast for toast in driver.toasts))
        go_on.set()
        await driver.sees("✗ That is not the passphrase of")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.until(lambda: any("Nothing was stored" in toast for toast in driver.toasts))
        # From now on keys are for the list again.
        await driver.press("?")
        await driver.until(lambda: len(driver.app.screen_stack) == before + 1)


async def test_escape_still_cancels_what_is_checked(
    home: Home, person: AddPerson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyrage", reason="the extra age is not installed")
    person("dev", seed=True)
    file = str(tmp_path / "secrets.age")
    monkeypatch.setattr(backup_flow, "_restored", lambda *arguments: arguments[-1].sleep(60))
    async with interface(home, size=(80, 24)) as driver:
        back_up(driver.context, file, CancelScope(), passphrase=lambda: Secret(PASSPHRASE))
        await driver.press("d")
        await driver.sees("1 of 8")
        await driver.press("r")
        await driver.sees("Restore secrets")
        await driver.press("ctrl+a", "ctrl+k")
        await driver.paste(file)
        await driver.press("enter")
        await driver.sees("Open the backup")
        await driver.paste(PASSPHRASE)
        await driver.press("enter")
        await driver.until(lambda: bool(driver.app_state.action_log.running()))
        await driver.press("escape")
        await driver.until(lambda: not driver.app_state.action_log.running())


async def test_dismissing_a_question_lets_keys_pass_again(home: Home, person: AddPerson) -> None:
    """Who answers, is asked again and gives nothing has no answer that is being checked."""
    person("dev")
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def flow() -> None:
        host = driver.main
        assert await host.ask(Choose("First?", [], [Answer("This one")], leave="Leave")) == 0
        asked.set()
        assert await host.ask(Choose("Second?", [], [Answer("That one")], leave="Leave")) is None
        await go_on.wait()

    async with interface(home) as driver:
        driver.main.run_worker(flow())
        await driver.sees("First?")
        await driver.press("enter")
        await driver.until(asked.is_set)
        await driver.sees("Second?")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)
        await driver.press("question_mark")
        await driver.sees("Keys", "esc Close")
        go_on.set()


def test_letters_typed_before_the_list_is_shown_are_not_commands(person: AddPerson, spawn: Spawn) -> None:
    person("dev")
    child = spawn(f"exec {sys.executable} -m mfa_tui")
    # Among them what quits, what filters and what opens dialogs.
    child.send("qq\r/xyz\rq?")
    sees(child, "Log in")
    sees(child, "dev")
    child.send("?")
    sees(child, "Keys")
    child.send("\x1b")
    child.send("\x11")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("variable", ["TEXTUAL_LOG", "TEXTUAL", "TEXTUAL_PRESS", "TEXTUAL_SCREENSHOT_LOCATION"])
def test_textual_s_debugging_variables_are_ignored(home: Home, tmp_path: Path, variable: str) -> None:
    script = (
        "import os, mfa_tui.ui.app, textual.constants as c; "
        f"print({variable!r} in os.environ, c.LOG_FILE, c.PRESS, c.SCREENSHOT_LOCATION, c.DRIVER)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], env={**home.env, variable: str(tmp_path / "log")}, cwd=home.path,
        capture_output=True, text=True, check=True, timeout=scaled(60),
    )  # fmt: skip
    assert result.stdout == "False None  None None\n"
    assert os.listdir(tmp_path) == []
