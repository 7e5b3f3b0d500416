"""Draws the pictures of this directory from the real interface, on the demo: ``python screenshots/make.py [NAME]``.

Writes SVG, and PNG where cairosvg (a Python package) or rsvg-convert (librsvg) is there. The codes in the pictures are
those of the demo's throw-away devices.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
from textual.app import App

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mfa_tui.demo.aws.server import StrictAws  # noqa: E402
from mfa_tui.demo.home import files, profiles  # noqa: E402 - found by the line above
from mfa_tui.demo.home.keyring_file import FileKeyring  # noqa: E402
from mfa_tui.demo.home.seeds import fill_keyring  # noqa: E402
from mfa_tui.services.context import Context  # noqa: E402
from mfa_tui.ui.app import MfaTuiApp  # noqa: E402
from mfa_tui.ui.profiles.list_widget import ProfileList  # noqa: E402

if TYPE_CHECKING:
    from textual.pilot import Pilot

FONT = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
TIMEOUT = 30.0
"""Seconds until a picture that does not come is given up."""

PICKER = "picker"
"""The picture of ``mfa-tui use``."""

Play = Callable[[MfaTuiApp, "Pilot[str]"], Awaitable[None]]


async def main_screen(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """The list, and a live code in the details."""
    await until(pilot, lambda: not app.app_state.unread_seed("dev"))


async def go_to(app: MfaTuiApp, pilot: "Pilot[str]", name: str) -> None:
    """Put the cursor on a profile."""
    profiles = app.screen.query_one(ProfileList)
    await pilot.press("home")
    while profiles.current != name:
        await pilot.press("down")


async def finished_login(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """Enter on the first profile, and what it leads to."""
    await main_screen(app, pilot)
    await pilot.press("enter")
    await until(pilot, lambda: bool(app.app_state.overview and app.app_state.overview.sources))
    await until(pilot, lambda: not app.app_state.action_log.entry("dev").running)


async def code_dialog(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """A wrong code was refused, and the next is being typed."""
    await finished_login(app, pilot)
    await go_to(app, pilot, "ops")
    await pilot.press(*"000000", "enter")
    await until(pilot, lambda: not app.app_state.action_log.entry("ops").progress)
    await pilot.press(*"492")


async def roles(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """A role through the session that is there, kept alive and renewing when it is asked for; a profile is pinned."""
    await finished_login(app, pilot)
    await pilot.press("a")
    await go_to(app, pilot, "ops")
    await pilot.press("p")
    await go_to(app, pilot, "staging-read")
    await pilot.press("enter")
    await until(pilot, lambda: not app.app_state.action_log.entry("staging-read").running)
    await go_to(app, pilot, "staging-admin")
    await pilot.press("x")
    await until(pilot, lambda: bool(app.app_state.overview and app.app_state.overview.row("staging-admin").process))
    await until(pilot, lambda: not app.app_state.action_log.entry("staging-admin").running)
    await pilot.press("a")
    app.clear_notifications()
    await pilot.pause()


async def enrollment(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """A new device, whose QR code a phone is to scan."""
    await until(pilot, lambda: app.app_state.overview is not None)
    await go_to(app, pilot, "new")
    await pilot.press("d")
    await until(pilot, lambda: "no MFA device yet" in text_of(app))
    await pilot.press("n")
    await until(pilot, lambda: "1 of 4" in text_of(app))
    await pilot.press("enter")
    await until(pilot, lambda: "2 of 4" in text_of(app))


async def devices(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """The devices of a user, of whom one is a backup that was just enrolled."""
    await finished_login(app, pilot)
    await pilot.press("d")
    await until(pilot, lambda: "1 of 8" in text_of(app))
    await pilot.press("n")
    await until(pilot, lambda: "1 of 4" in text_of(app))
    await pilot.press("down", "enter")
    await until(pilot, lambda: "has confirmed that it works" in text_of(app))
    await pilot.press("enter")
    await until(pilot, lambda: "2 of 8" in text_of(app))
    app.clear_notifications()
    await pilot.pause()


async def account(app: MfaTuiApp, pilot: "Pilot[str]") -> None:
    """The account: who is protected, how old keys are, who signs in, and what is wrong with a user."""
    await finished_login(app, pilot)
    await pilot.press("w")
    await until(pilot, lambda: "FINDINGS" in text_of(app) and not app.app_state.action_log.running())
    app.clear_notifications()
    await pilot.press("down")
    await pilot.pause()


PICTURES: list[tuple[str, tuple[int, int], str, Play]] = [
    ("main", (120, 36), "mfa-tui-dark", main_screen),
    ("login", (120, 36), "mfa-tui-dark", finished_login),
    ("code", (120, 36), "mfa-tui-dark", code_dialog),
    ("roles", (120, 36), "mfa-tui-dark", roles),
    (PICKER, (80, 20), "mfa-tui-dark", main_screen),
    ("enrollment", (80, 24), "mfa-tui-dark", enrollment),
    ("devices", (120, 36), "mfa-tui-dark", devices),
    ("account", (120, 36), "mfa-tui-dark", account),
    ("light", (120, 36), "mfa-tui-light", code_dialog),
    ("narrow", (80, 24), "mfa-tui-dark", finished_login),
]


def text_of(app: MfaTuiApp) -> str:
    """The text of the top screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())  # noqa: SLF001 - no other way


async def until(pilot: "Pilot[str]", condition: Callable[[], bool]) -> None:
    """Wait until *condition* holds. Raises TimeoutError."""
    async with asyncio.timeout(TIMEOUT):
        while not condition():
            await pilot.pause(0.05)
    await pilot.pause()


def draw(name: str, size: tuple[int, int], theme: str, play: Play) -> None:
    """One picture, in a demo of its own."""
    outside = dict(os.environ)
    home = tempfile.mkdtemp(prefix="mfa-tui-screenshots-")
    aws = StrictAws.start()
    try:
        cast = profiles.populate(aws)
        env = files.environment(home, aws.url, outside) | {"AWS_PROFILE": "dev-mfa"}
        files.write_home(home, cast)
        fill_keyring(env, cast)
        os.environ.update(env)
        keyring.set_keyring(FileKeyring(home))
        if name == PICKER:
            # Few lines are no room for the demo's own.
            del env["MFA_TUI_DEMO"]
        app = MfaTuiApp(Context(env, warn=print), picks=name == PICKER)
        save(name, asyncio.run(picture(app, size, theme, play)))
    finally:
        os.environ.clear()
        os.environ.update(outside)
        aws.stop()
        files.remove_home(home)


async def picture(app: MfaTuiApp, size: tuple[int, int], theme: str, play: Play) -> str:
    """The SVG of the interface after *play*."""
    async with app.run_test(size=size, notifications=True) as pilot:
        app.theme = theme
        await play(app, pilot)
        # The program's own screenshots hide codes; these ones are nobody's.
        return App.export_screenshot(app, title="mfa-tui")


def save(name: str, svg: str) -> None:
    """Write both formats. The web font that Rich names would be fetched by whoever looks: a local one does."""
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code, monospace", FONT)
    # Without it librsvg drops the spaces that texts begin with, and columns shift.
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    # Of the random ids in the SVG one of our own is made, so that pictures differ only where they look different.
    svg = re.sub(r"terminal-\d+", f"terminal-{name}", svg)
    target = HERE / f"{name}.svg"
    target.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")
    print(target.name, as_png(target))


def as_png(svg: Path) -> str:
    """Draw the PNG beside *svg*; what was done, in words."""
    png = svg.with_suffix(".png")
    try:
        import cairosvg  # type: ignore[import-untyped, import-not-found, unused-ignore]  # optional
    except ImportError:
        converter = shutil.which("rsvg-convert")
        if converter is None:
            return "(no PNG: neither cairosvg nor rsvg-convert is there)"
        subprocess.run([converter, str(svg), "-o", str(png)], check=True)
    else:
        cairosvg.svg2png(url=str(svg), write_to=str(png))
    return f"and {png.name}"


if __name__ == "__main__":
    names = [one[0] for one in PICTURES]
    if sys.argv[1:]:
        draw(*PICTURES[names.index(sys.argv[1])])
    else:
        # A process each: moto keeps its users for as long as the process lives.
        for one in names:
            subprocess.run([sys.executable, __file__, one], check=True)
