"""A screen as lines of text, and its colors as a second picture in which each letter stands for a style."""

import asyncio
import re
import string
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import time_machine
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.runtime.palette import NearestEntries
from mfa_tui.ui.runtime.themes import themes_for
from tests.pictures.all_plays import PLAYS
from tests.pictures.faults import faults
from tests.pictures.world import DESKTOP, PICKER, PREFIX, Stage, demo, on_stage, same_each_time

SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))
LARGE = (120, 36)
"""The size in which plays are played."""
COLORED = (80, 24)
"""The size whose colors are compared, too."""
LINUX = "linux"
LOOKS: dict[str, tuple[str, tuple[LineFilter, ...]]] = {
    "dark": ("mfa-tui-dark", ()),
    "light": ("mfa-tui-light", ()),
    "dark-256": ("mfa-tui-dark-256", (NearestEntries(),)),
    "light-256": ("mfa-tui-light-256", (NearestEntries(),)),
    "16": ("mfa-tui-ansi", ()),
}
"""Looks on a desktop: the theme there, and what its lines pass before they are drawn. The console's is LINUX."""
NOW = "2026-03-10T09:30:11+00:00"
"""The time in the pictures, well inside a minute and a time step."""
_UNUSED = Color(0, 0, 0)
"""The background, which our filters do not ask for."""
_LETTERS = string.ascii_letters + string.digits + string.punctuation

Rows = list[list[Segment]]
"""What a screen shows: for each line the texts and their styles."""


class Look(NamedTuple):
    """How a cell looks in each of LOOKS."""

    styles: tuple[str, ...]

    def __str__(self) -> str:
        """One style for all, or each theme's."""
        return self.styles[0] if len(set(self.styles)) == 1 else " | ".join(self.styles)


async def rows_of(stage: Stage, look: str) -> Rows:
    """What the top screen shows on one of LOOKS; or as LINUX, where it was started on the console."""
    theme, filters = LOOKS.get(look, (stage.app.theme, ()))
    if stage.app.theme != theme:
        # On such a terminal they have the names of the others.
        for variant in themes_for("256"):
            stage.app.register_theme(replace(variant, name=f"{variant.name}-256"))
        stage.app.theme = theme
        await stage.pilot.pause()
        # Textual leaves the palette in the theme in which it was opened.
        stage.app.stylesheet.update(stage.app.screen)
        await stage.settle()
    rows = [list(strip) for strip in stage.strips()]
    for one in filters:
        rows = [one.apply(row, _UNUSED) for row in rows]
    return rows


def snapshot(name: str, terminal: str) -> str:
    """The picture called *name* on one of TERMINALS. Only once in a process. Raises AssertionError for faults.

    On a desktop, it is drawn in every size, with the colors of one; on the console in that size.
    """
    with time_machine.travel(NOW, tick=False), same_each_time(), demo(terminal, picks=name == PICKER) as app:
        lines = asyncio.run(_on_desktop(app, name) if terminal == DESKTOP else _on_console(app, name))
    return re.sub(rf"(?<={PREFIX})\w{{8}}", "XXXXXXXX", "\n".join(lines)) + "\n"


async def _on_desktop(app: MfaTuiApp, name: str) -> list[str]:
    found: list[str] = []
    texts: list[str] = []
    colors: list[str] = []
    async with on_stage(app, LARGE) as stage:
        await PLAYS[name](stage)
        # From large to small: what is not laid out again is seen.
        for size in reversed(SIZES):
            await stage.resize(size)
            texts = ["{}x{}".format(*size), *_text(await rows_of(stage, "dark")), *texts]
            found += faults([*app._background_screens, app.screen], stage.text.splitlines())
            if size == COLORED:
                colors = ["colors", *_colors([await rows_of(stage, look) for look in LOOKS])]
                await rows_of(stage, "dark")
    assert not found, "\n".join([name, *found])
    return [*texts, *colors]


async def _on_console(app: MfaTuiApp, name: str) -> list[str]:
    async with on_stage(app, LARGE) as stage:
        await PLAYS[name](stage)
        await stage.resize(COLORED)
        rows = await rows_of(stage, LINUX)
        return [LINUX, *_text(rows), "colors", *_colors([rows])]


def _text(rows: Rows) -> list[str]:
    """The lines, each after a bar."""
    return [f"|{''.join(segment.text for segment in row).rstrip()}" for row in rows]


def _colors(shown: Sequence[Rows]) -> list[str]:
    """One letter for each cell, and what the letters mean. Lines that look alike all over are one letter."""
    letters: dict[Look, str] = {}
    lines = []
    for rows in zip(*shown, strict=True):
        looks = [Look(cell) for cell in zip(*map(_styles, rows), strict=True)]
        line = "".join(letters.setdefault(look, _LETTERS[len(letters)]) for look in looks)
        lines.append(f"|{line.rstrip(line[-1]) + line[-1]}")
    return [*lines, *(f"{letter} = {look}" for look, letter in letters.items())]


def _styles(row: list[Segment]) -> list[str]:
    """How each cell of a line looks."""
    return [_words(segment.style or Style.null()) for segment in row for _ in range(segment.cell_length)]


def _words(style: Style) -> str:
    """A style without what does not show."""
    colors = f"{_name(style.color)} on {_name(style.bgcolor)}"
    shown = [word for word in ("bold", "dim", "italic", "underline", "reverse", "strike") if getattr(style, word)]
    return " ".join([colors, *shown])


def _name(color: object) -> str:
    return str(getattr(color, "name", "default"))
