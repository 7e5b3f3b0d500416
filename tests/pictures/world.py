"""The interface on the demo, in this process alone: moto keeps its users for as long as a process lives."""

import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import keyring
import pytest
from moto.moto_api._internal import mock_random
from textual._context import visible_screen_stack
from textual.widgets import Input

from mfa_tui.adapters.system.clock import Clock
from mfa_tui.demo.aws.server import StrictAws
from mfa_tui.demo.home import files, profiles
from mfa_tui.demo.home.keyring_file import FileKeyring
from mfa_tui.demo.home.seeds import fill_keyring, write_settings
from mfa_tui.services.context import Context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.profiles.list_widget import ProfileList

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.strip import Strip

TIMEOUT = 30.0
"""Seconds until what does not come is given up."""
PREFIX = "mfa-tui-pictures-"
"""What the names of the homes begin with, before eight characters that are different each time."""
DESKTOP, CONSOLE = "desktop", "console"
TERMINALS = {
    DESKTOP: {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
    CONSOLE: {"TERM": "linux", "COLORTERM": "", "LC_ALL": "C.UTF-8"},
}
"""What the environment says of the terminal, whatever runs the tests: one of a desktop, or the Linux console."""
PICKER = "picker"
"""The picture of ``mfa-tui use``."""


class Stage:
    """The running interface, for a play that brings it to the picture."""

    def __init__(self, app: MfaTuiApp, pilot: "Pilot[str]") -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """The text of the top screen."""
        return "\n".join(strip.text for strip in self.strips())

    def strips(self) -> "list[Strip]":
        """The lines of the top screen."""
        # As the app does before it draws, so that what is below a dialog shows through.
        visible_screen_stack.set(list(self.app._background_screens))
        self.app.screen._styles_cache.clear()
        return self.app.screen._compositor.render_strips()

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until *condition* holds. Raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT):
            while not condition():
                await self.pilot.pause(0.05)
        await self.settle()

    async def sees(self, text: str) -> None:
        """Wait until *text* is on the top screen."""
        try:
            await self.until(lambda: text in self.text)
        except TimeoutError:
            raise TimeoutError(f"{text!r} did not come:\n{self.text}") from None

    async def idle(self, profile: str) -> None:
        """Wait until nothing runs for *profile*."""
        await self.until(lambda: not self.app.app_state.action_log.entry(profile).running)

    async def go_to(self, profile: str) -> None:
        """Put the cursor of the main screen on a profile."""
        listed = self.app.screen.query_one(ProfileList)
        await self.press("home")
        while listed.current != profile:
            await self.press("down")

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size. A screen below a dialog is drawn for it within a second."""
        await self.pilot.resize_terminal(*size)
        if len(self.app.screen_stack) > 1:
            await self.pilot.pause(1.2)
        await self.settle()

    async def settle(self) -> None:
        """Wait until the screen shows the same twice, in the same colors."""
        before: list[Strip] = []
        while before != (before := self.strips()):
            await self.pilot.pause(0.1)

    async def clear(self) -> None:
        """Take away the notices that pass by themselves."""
        self.app.clear_notifications()
        await self.pilot.pause()


Play = Callable[[Stage], Awaitable[None]]


@contextlib.contextmanager
def demo(terminal: str = DESKTOP, *, picks: bool = False) -> Iterator[MfaTuiApp]:
    """The interface on a demo of its own, not yet running, on one of TERMINALS; with *picks*, the picker."""
    outside = dict(os.environ)
    home = tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")
    aws = StrictAws.start()
    try:
        contents = profiles.populate(aws)
        env = files.environment(home, aws.url, outside) | {"AWS_PROFILE": "dev-mfa"} | TERMINALS[terminal]
        files.write_home(home, contents)
        write_settings(env, contents)
        fill_keyring(env, contents)
        os.environ.update(env)
        keyring.set_keyring(FileKeyring(home))
        if picks:
            # Few lines are no room for the demo's own.
            del env["MFA_TUI_DEMO"]
        yield MfaTuiApp(Context(env, warn=print), picks=picks)
    finally:
        os.environ.clear()
        os.environ.update(outside)
        aws.stop()
        files.remove_home(home)


@contextlib.asynccontextmanager
async def on_stage(app: MfaTuiApp, size: tuple[int, int]) -> AsyncIterator[Stage]:
    """Run *app* without a terminal."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Stage(app, pilot)


@contextlib.contextmanager
def same_each_time() -> Iterator[None]:
    """Meanwhile secrets, ids and names are the same each time, no clock goes on, nothing blinks or goes away."""
    source = random.Random(1)  # noqa: S311 - the opposite of a secret is meant
    mock_random.seed(1)
    with pytest.MonkeyPatch.context() as patch:
        # The modules secrets and uuid take their bytes from these.
        patch.setattr(random, "_urandom", source.randbytes)
        patch.setattr(os, "urandom", source.randbytes)
        # The wall clock stands still: by one that goes on, it would seem to be set back again and again.
        patch.setattr(Clock, "monotonic", lambda _: time.time())
        patch.setattr(Input, "_toggle_cursor", lambda _: None)
        # On a busy machine some would be gone before they are drawn.
        patch.setattr(MfaTuiApp, "NOTIFICATION_TIMEOUT", 600.0)
        yield
