"""Draws the pictures of this directory from the real interface, on the demo.

``python screenshots/make.py [NAME…]`` writes SVG, and PNG where rsvg-convert (librsvg) is there. With
``--all DIRECTORY`` every screen is drawn there, in every size and on every kind of terminal, to be looked at. The codes
in the pictures are those of the demo's throw-away devices.
"""

import argparse
import asyncio
import itertools
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import drawing  # noqa: E402 - found by the line above

from mfa_tui.ui.app import MfaTuiApp  # noqa: E402
from tests.pictures.all_plays import PLAYS  # noqa: E402
from tests.pictures.snapshot import LINUX, LOOKS, SIZES, rows_of  # noqa: E402
from tests.pictures.world import DESKTOP, PICKER, TERMINALS, demo, on_stage  # noqa: E402

DARK, LIGHT = "dark", "light"
PICTURES = {
    "main": ("main", (120, 36), DARK),
    "login": ("login", (120, 36), DARK),
    "code": ("code", (120, 36), DARK),
    "roles": ("roles", (120, 36), DARK),
    "picker": (PICKER, (80, 20), DARK),
    "enrollment": ("enrollment", (80, 24), DARK),
    "devices": ("devices", (120, 36), DARK),
    "account": ("account", (120, 36), DARK),
    "light": ("code", (120, 36), LIGHT),
    "narrow": ("login", (80, 24), DARK),
}
"""The pictures of this directory: what leads to each, its size and look."""


async def draw(app: MfaTuiApp, name: str, play: str, size: tuple[int, int], look: str) -> None:
    """One picture of this directory."""
    async with on_stage(app, size) as stage:
        await PLAYS[play](stage)
        await stage.settle()
        print(drawing.save(await rows_of(stage, look), HERE / f"{name}.svg", "mfa-tui"))


async def draw_all(app: MfaTuiApp, play: str, looks: Iterable[str], directory: Path) -> None:
    """One screen in every size and in all *looks*."""
    async with on_stage(app, (120, 36)) as stage:
        await PLAYS[play](stage)
        for size, look in itertools.product(SIZES, looks):
            await stage.resize(size)
            name = "{}-{}x{}-{}".format(play, *size, look)
            print(drawing.save(await rows_of(stage, look), directory / f"{name}.svg", name))


def main() -> None:
    """Draw one picture, or each in a process of its own: moto keeps its users for as long as a process lives."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--all", type=Path, metavar="DIRECTORY")
    parser.add_argument("--terminal", choices=TERMINALS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.names or list(PLAYS if options.all else PICTURES)
    if options.all and not options.terminal:
        options.all.mkdir(parents=True, exist_ok=True)
        for name, terminal in itertools.product(names, TERMINALS):
            where = ["--all", str(options.all), "--terminal", terminal]
            subprocess.run([sys.executable, __file__, *where, name], check=True)
    elif options.all:
        with demo(options.terminal, picks=names[0] == PICKER) as app:
            looks = LOOKS if options.terminal == DESKTOP else [LINUX]
            asyncio.run(draw_all(app, names[0], looks, options.all))
    elif len(names) > 1:
        for name in names:
            subprocess.run([sys.executable, __file__, name], check=True)
    else:
        play, size, look = PICTURES[names[0]]
        with demo(picks=play == PICKER) as app:
            asyncio.run(draw(app, names[0], play, size, look))


if __name__ == "__main__":
    main()
