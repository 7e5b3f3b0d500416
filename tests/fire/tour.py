"""Run as ``python -m tests.fire.tour``: the interface, driven through its screens with known secrets, or into a crash.

Standard input is a JSON object: ``mask`` the umask, ``crash`` where it is to break (empty: nowhere), ``secrets`` what
is typed and pasted, ``told`` the file for what was seen: each stop's screen and picture, and the children's arguments.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.programs import desktop_notification
from mfa_tui.adapters.secretstores import age_scrypt
from mfa_tui.demo.aws.accounts.one_time_codes import code_of, step_of
from mfa_tui.services.context import Context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.codes.code_dialog import CodeDialog
from mfa_tui.ui.dialogs.passphrase_dialog import PassphraseDialog
from mfa_tui.ui.seeds.seed_dialog import SeedDialog
from tests.fire.secretkeeping import stretched
from tests.support.interface.interface import Driver

if TYPE_CHECKING:
    from textual.pilot import Pilot

CRASHES = ("code", "secret", "passphrase", "login")


def broken(*given: object, **named: object) -> None:
    """In the place of a method: it fails with what it holds in its message and in its variables."""
    screen = given[0]
    held = (
        [getattr(each, "value", "") for each in screen.query("Input")]
        if isinstance(screen, PassphraseDialog | SeedDialog)
        else []
    )
    raise RuntimeError(held, vars(screen) if hasattr(screen, "__dict__") else screen, named)


class Tour:
    """What is typed, and what was seen."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.crash: str = order["crash"]
        self.secrets: dict[str, str] = order["secrets"]
        self.seen: dict[str, str] = {}
        self.pictures: dict[str, str] = {}
        self.reached = ""
        self.problem = ""

    def look(self, driver: Driver, stop: str) -> None:
        """Note the screen."""
        self.reached = stop
        self.seen[stop] = driver.screen
        self.pictures[stop] = driver.app.export_screenshot()

    def code(self) -> str:
        """The code of the phone."""
        return code_of(self.secrets["phone's secret"], step_of(time.time()))

    async def go(self, driver: Driver) -> None:
        """From screen to screen."""
        await driver.sees("dev", "ops", "new")
        self.look(driver, "list")
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("dev-mfa") != "")
        await driver.idle("dev")
        self.look(driver, "list after login")
        await self.dialogs(driver)
        await self.devices(driver)
        for key, name in (("question_mark", "help"), ("h", "trouble")):
            await driver.press(key)
            await driver.until(lambda: driver.app.screen is not driver.main)
            self.look(driver, name)
            await driver.press("escape")
            await driver.until(lambda: driver.app.screen is driver.main)
        await self.enrollment(driver)

    async def dialogs(self, driver: Driver) -> None:
        """A typed code and a pasted secret."""
        await driver.press("down", "enter")
        await driver.sees("Code for ops")
        await driver.type(self.code())
        self.look(driver, "code dialog")
        await driver.press("enter")
        await driver.until(lambda: driver.key_in_file("ops-mfa") != "")
        await driver.idle("ops")
        await driver.press("i")
        await driver.sees("Secret for ops")
        await driver.paste(self.secrets["phone's secret"])
        await driver.until(lambda: self.code() in driver.screen.replace(" ", ""))
        self.look(driver, "secret dialog")
        if self.crash == "secret":
            await driver.press("ctrl+o")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)

    async def devices(self, driver: Driver) -> None:
        """The devices of dev, and a backup."""
        await driver.press("up", "d")
        await driver.sees("MFA devices of dev", "1 of 8")
        self.look(driver, "devices")
        await driver.press("b")
        await driver.sees("Back up secrets")
        self.look(driver, "backup")
        await driver.press("enter")
        for title in ("Choose a passphrase for the backup", "Repeat it"):
            await driver.sees(title)
            await driver.paste(self.secrets["passphrase"])
            self.look(driver, f"passphrase dialog, {title}")
            await driver.press("enter")
        await driver.until(lambda: any("Backed up 1 secret" in toast for toast in driver.toasts))
        self.look(driver, "devices after the backup")
        await driver.press("escape")
        await driver.until(lambda: driver.app.screen is driver.main)

    async def enrollment(self, driver: Driver) -> None:
        """A device for new."""
        await driver.press("down", "down", "enter")
        await driver.sees("has no MFA device")
        await driver.press("y")
        await driver.sees("1 of 4")
        self.look(driver, "enrolment: name")
        await driver.press("enter")
        await driver.sees("2 of 4", "The phone should show")
        self.look(driver, "enrolment: QR code")
        await driver.press("enter")
        await driver.sees("is enabled, and a login has confirmed that it works.")
        self.look(driver, "enrolment: done")


def unheard(command: list[str]) -> None:
    """Nobody's desktop is told of what happens in tests."""
    del command


def break_at(crash: str) -> None:
    """Let the interface break there."""
    if crash == "code":
        CodeDialog.action_submit = broken  # type: ignore[method-assign]
    elif crash == "secret":
        SeedDialog.action_file = broken  # type: ignore[method-assign]
    elif crash == "passphrase":
        PassphraseDialog.on_input_submitted = broken  # type: ignore[method-assign]
    elif crash == "login":
        Aws.get_session_token = broken  # type: ignore[assignment,method-assign]


def listen() -> list[tuple[str, str]]:
    """From now on, the arguments of what is started, and how."""
    children = []

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
            children.append((event, repr(arguments[:2])))

    sys.addaudithook(heard)
    return children


def main() -> None:
    """Take the tour."""
    order = json.load(sys.stdin)
    os.umask(order["mask"])
    age_scrypt._stretched = stretched
    desktop_notification._run = unheard
    break_at(order["crash"])
    tour, children = Tour(order), listen()
    context = Context(os.environ, warn=lambda _: None)
    app = MfaTuiApp(context)

    async def drive(pilot: "Pilot[str]") -> None:
        going = asyncio.ensure_future(tour.go(Driver(app, pilot, context)))
        # Who drives is not told of a crash.
        while not app._exit_renderables and not (await asyncio.wait([going], timeout=0.1))[0]:
            continue
        if not going.cancel() and (problem := going.exception()) is not None:
            tour.problem = f"after {tour.reached}: {problem}"
        if not app._exit_renderables:
            app.exit()

    app.run(headless=True, size=(120, 36), auto_pilot=drive)  # type: ignore[arg-type]
    told = {"seen": tour.seen, "pictures": tour.pictures, "children": children, "problem": tour.problem}
    Path(order["told"]).write_text(json.dumps(told))
    sys.exit(app.return_code)


if __name__ == "__main__":
    main()
