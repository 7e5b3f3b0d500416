"""The interface under test: the real one, without a terminal, on a home whose AWS is the embedded one."""

import asyncio
import contextlib
import functools
import re
import time
from collections.abc import AsyncIterator, Callable

from textual import events
from textual.pilot import Pilot

from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.awsfiles.awsconfig import text
from mfa_tui.services.context import Context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.profiles.screen import MainScreen
from mfa_tui.ui.state.app_state import AppState
from mfa_tui.ui.text.big_digits import big_code
from mfa_tui.ui.widgets.command_bar import CommandBar
from tests.support.homes.home import Home
from tests.support.quick.quick_textual import POLL, SLOWEST_POLL, drawn, quick, settled
from tests.support.runner.timeouts import scaled

TIMEOUT = 20.0
"""Seconds until what does not come is given up, on an idle machine."""


class ShiftedClock(Clock):
    """The machine's clock, put forward by hand; AWS's stays where it is."""

    def __init__(self) -> None:
        super().__init__()
        self.shift = 0.0

    def now(self) -> float:
        return super().now() + self.shift


class Driver:
    """Presses keys and reads the screen."""

    def __init__(self, app: MfaTuiApp, pilot: Pilot[str], context: Context) -> None:
        self.app = app
        self.pilot = pilot
        self.context = context

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def app_state(self) -> AppState:
        """What the main screen knows."""
        return self.main.app_state

    @property
    def current(self) -> str:
        """The profile under the cursor."""
        return self.main.query_one(ProfileList).current

    @property
    def screen(self) -> str:
        """All text of the top screen, line by line."""
        return drawn(self.app)

    @property
    def words(self) -> str:
        """The text of the top screen without line breaks, frames, QR codes and runs of spaces."""
        return _words(self.screen)

    @property
    def toasts(self) -> list[str]:
        """What was told in passing: title and message."""
        return [f"{toast.title} {toast.message}".strip() for toast in self.app._notifications]

    def shows_code(self, code: str) -> bool:
        """Whether a code is on the screen, as text or in big digits."""
        return code in self.screen.replace(" ", "") or all(line.rstrip() in self.screen for line in big_code(code))

    def line_of(self, name: str) -> str:
        """The list's line of a profile."""
        return next(line for line in self.screen.splitlines() if f" {name} " in f"{line[:60]} ")

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Press the keys of a text."""
        await self.press(*text)

    async def paste(self, *texts: str) -> None:
        """Paste texts, one after another, into whatever takes them."""
        for one in texts:
            (self.app.focused or self.app.screen).post_message(events.Paste(one))
            await self.pilot.pause()

    async def until(self, condition: Callable[[], bool], what: str = "", seconds: float = TIMEOUT) -> None:
        """Wait until *condition* holds, up to so many *seconds* on an idle machine."""
        start, pause = time.monotonic(), POLL
        while not condition():
            assert time.monotonic() < start + scaled(seconds), (
                f"{what or 'it'} did not come; the screen:\n{self.screen}"
            )
            await settled(self.app)
            if not condition():
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, SLOWEST_POLL)

    async def sees(self, *texts: str, seconds: float = TIMEOUT) -> None:
        """Wait until all texts are on the top screen, wherever its lines break."""
        await self.until(lambda: all(text in self.words for text in texts), f"{texts!r}", seconds)

    async def idle(self, name: str) -> None:
        """Wait until nothing runs for a profile."""
        await self.until(lambda: not self.app_state.action_log.entry(name).running, f"the end of what runs for {name}")

    def key_in_file(self, section: str) -> str:
        """The access key ID that the AWS files now hold for a profile; empty if none."""
        return text(self.context.files.load().merged(section), "aws_access_key_id")


def _first_frame(app: MfaTuiApp) -> bool:
    """Whether keys are taken, which the last line lets them be when it is drawn. The others are drawn when read."""
    for bar in app.screen.query(CommandBar):
        bar.render_lines(bar.size.region)
    return app.keys._open_since is not None


@functools.lru_cache(maxsize=4)
def _words(screen: str) -> str:
    """The text of a screen without line breaks, frames, QR codes and runs of spaces; asked for again and again."""
    return " ".join(re.sub(r"[│┃─╭╮╰╯▁▔▊▎▀▄]", " ", screen).split())


@contextlib.asynccontextmanager
async def interface(
    home: Home,
    *,
    size: tuple[int, int] = (120, 36),
    profile: str = "",
    clock: Clock | None = None,
    picks: bool = False,
    **env: str,
) -> AsyncIterator[Driver]:
    """The interface, running in *home*, or the picker; ``env`` is added to its environment."""
    context = Context({**home.env, **env}, warn=lambda _: None, clock=clock)
    app = MfaTuiApp(context, profile, picks=picks)
    async with quick(app), app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot, context)
        try:
            # A key before that goes nowhere.
            await driver.until(lambda: _first_frame(app), "the first frame")
            await pilot.pause()
            yield driver
            # What no test has read can be drawn all the same.
            drawn(app)
        finally:
            # As quitting and run() do, but run_test() does not: timers and work end before the screens are taken apart.
            app._exit = True
            for scope in app.app_state.action_log.running():
                scope.cancel()
            while any(not worker.is_finished for worker in app.workers):
                app.workers.cancel_all()
                await settled(app)
