"""On each screen: keys that are typed before it has loaded are no commands, then or later."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from mfa_tui.core.settings.interface import SCREENS
from mfa_tui.ui.runtime.threads import Threads
from tests.support.homes.home import Home
from tests.support.interface.interface import Driver, interface
from tests.support.runner.thoroughness import quick_cases
from tests.ui.conftest import AddPerson

T = TypeVar("T")

OPENED_BY = {
    "MFA devices": ("d",),
    "account": ("w",),
    "access keys": ("g",),
    "history": ("H",),
    "settings": ("comma",),
    "doctor": ("D",),
    "keys": ("enter",),
}
"""The keys that open each screen which loads something; that of keys from its row in the settings."""
ASKING = {"console": "b", "roles": "l"}
"""The keys of the main screen after which something is found out before a dialog opens, or a code is sent."""
HARMLESS = ("back", "help", "trouble", "reload")
"""Commands that may work at once: those that leave, explain, or only read again."""


def typed_on(screen: str) -> list[str]:
    """The keys of all commands of a screen that change something, or ask for it."""
    commands = {command: keys for command, keys in SCREENS[screen].items() if not command.endswith(HARMLESS)}
    return [key for keys in commands.values() for key in keys.split(",")]


def whole(driver: Driver) -> tuple[object, ...]:
    """What a command would change at once."""
    app = driver.app
    return len(app.screen_stack), type(app.screen), app.focused, app.clipboard, len(driver.toasts)


class HeldThreads:
    """Holds back what the interface runs in threads, from :meth:`hold` to :meth:`release`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self._run, self._go_on = monkeypatch, Threads.run, asyncio.Event()
        self.held: list[object] = []
        """What has been held back so far."""

    def hold(self) -> None:
        async def wait(threads: Threads, work: Callable[[], T], *, commits: bool = False) -> T:
            # The code under the cursor is read when its time has come, whatever is typed.
            if not getattr(work, "__qualname__", "").startswith("read_seed."):
                self.held.append(work)
            await self._go_on.wait()
            return await self._run(threads, work, commits=commits)

        self._monkeypatch.setattr(Threads, "run", wait)

    def release(self) -> None:
        self._monkeypatch.setattr(Threads, "run", self._run)
        self._go_on.set()


@quick_cases(2)
@pytest.mark.parametrize("screen", OPENED_BY)
async def test_before_it_has_loaded(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    person("dev", seed=True)
    blocking = HeldThreads(monkeypatch)
    async with interface(home) as driver:
        await driver.pilot.pause()
        if screen == "keys":
            await driver.press("comma")
            await driver.sees("keymap default")
            await driver.press("end", "up", "up", "up")
        opened = len(driver.app.screen_stack) + 1
        blocking.hold()
        await driver.press(*OPENED_BY[screen])
        await driver.until(lambda: len(driver.app.screen_stack) == opened and bool(blocking.held))
        before, count = whole(driver), len(blocking.held)
        for key in (*typed_on(screen), "y", "x", "space"):
            await driver.press(key)
        assert whole(driver)[:4] == before[:4]
        # Nothing else was begun.
        assert len(blocking.held) == count
        blocking.release()
        await driver.until(lambda: not driver.app_state.action_log.running())
        await driver.pilot.pause(0.2)
        # It may have given the focus to what it has loaded.
        assert (*whole(driver)[:2], driver.app.clipboard) == (*before[:2], before[3])


@quick_cases()
@pytest.mark.parametrize("flow", ASKING)
async def test_before_its_dialog_opens(
    home: Home, person: AddPerson, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    person("dev")
    blocking = HeldThreads(monkeypatch)
    async with interface(home) as driver:
        await driver.pilot.pause()
        blocking.hold()
        await driver.press(ASKING[flow])
        await driver.until(lambda: bool(blocking.held))
        before = whole(driver)
        for key in typed_on("profiles"):
            if len(key) == 1 or key in ("enter", "space"):
                await driver.press(key)
        assert whole(driver)[:4] == before[:4]
        blocking.release()
        if flow == "roles":
            await driver.until(lambda: len(driver.app.screen_stack) == 2, "the dialog")
            await driver.press("escape")
        await driver.until(lambda: not driver.app_state.action_log.running())
