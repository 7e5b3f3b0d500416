"""Textual without its waits by the clock, and without the work that only a terminal needs.

Textual's own :class:`~textual.pilot.Pilot` sleeps for a fiftieth of a second, several times for each key, to find out
whether the program is idle. Here the event loop says so: it has nothing left to do. And a program without a terminal
draws each change of the screen for nobody: here a screen is drawn when a test reads it, once for each change.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterable
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from rich.segment import Segment
from textual import app as textual_app
from textual import pilot as textual_pilot
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.strip import Strip

POLL = 0.005
"""Seconds between two looks at a condition that depends on a thread or a timer, at first."""
SLOWEST_POLL = 0.04
"""Seconds between two looks at one that takes long."""
GRACE = 8
"""How many polls a key waits for work that it started in a thread. Tests wait by themselves for what takes longer."""

_drawn: "WeakKeyDictionary[Compositor, str]" = WeakKeyDictionary()
_rules: dict[Any, list[RuleSet]] = {}
_numbers: dict[tuple[tuple[str, str], ...], int] = {}


def drawn(app: App[Any]) -> str:
    """All text of the top screen, line by line; drawn again only if it has changed."""
    compositor = app.screen._compositor
    if compositor not in _drawn or compositor._dirty_regions or not _is_quick(compositor):
        _drawn[compositor] = "\n".join(strip.text.rstrip() for strip in compositor.render_strips())
    return _drawn[compositor]


def _is_quick(compositor: Compositor) -> bool:
    """Whether each change of the screen is noted here, so that what was drawn can be used again."""
    return compositor.render_update.__name__ == "noted"


async def settled(app: App[Any]) -> None:
    """Wait until the event loop has nothing to do and the screen is up to date."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    while True:
        while True:
            await asyncio.sleep(0)
            if not ready:
                break
        if not app.screen_stack:
            return
        screen = app.screen
        if not (
            screen._layout_required or screen._scroll_required or screen._repaint_required or screen._dirty_widgets
        ):
            return
        screen._on_timer_update()
        if not ready:
            return


@contextlib.asynccontextmanager
async def quick(app: App[Any]) -> AsyncIterator[None]:
    """For as long as this lasts, Textual waits for the event loop, not for the clock."""

    async def idle(*_arguments: object, **_options: object) -> None:
        await settled(app)
        for _ in range(GRACE):
            if not any(thread.name == "mfa-tui-work" for thread in threading.enumerate()):
                break
            await asyncio.sleep(POLL)
            await settled(app)

    async def wait_for_screen(_: Pilot[Any], timeout: float = 0) -> bool:  # noqa: ARG001, ASYNC109
        await settled(app)
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual_app, "wait_for_idle", idle)
        patch.setattr(textual_pilot, "wait_for_idle", idle)
        patch.setattr(Pilot, "_wait_for_screen", wait_for_screen)
        patch.setattr(Compositor, "render_update", _drawn_later(Compositor.render_update))
        patch.setattr(Stylesheet, "_parse_rules", _parsed_once(Stylesheet._parse_rules))
        patch.setattr(Strip, "__init__", _made_without_caches)
        try:
            yield
        finally:
            # It keeps the pictures of a thousand widgets, which every garbage collection would look through.
            StylesCache.get_inner_outer.cache_clear()


def _drawn_later(draw: Any) -> Any:
    """``Compositor.render_update``, which only notes that what was drawn is out of date; pictures are drawn at once."""

    def noted(compositor: Compositor, full: bool = False, **options: Any) -> Any:
        _drawn.pop(compositor, None)
        if full:
            return draw(compositor, full=True, **options)
        compositor._dirty_regions.clear()
        return None

    return noted


def _parsed_once(parse: Any) -> Any:
    """``Stylesheet._parse_rules``, which reads the same style sheets for each program that is started."""

    def parsed(sheet: Stylesheet, *arguments: Any, **options: Any) -> list[RuleSet]:
        key = (_variables_of(sheet), arguments, tuple(options.values()))
        if key not in _rules:
            _rules[key] = parse(sheet, *arguments, **options)
        return _rules[key]

    return parsed


def _variables_of(sheet: Stylesheet) -> int:
    """A number for the values of a sheet's variables. There are hundreds; a sheet gets new ones as a whole."""
    given = sheet._variables
    if getattr(sheet, "_numbered", None) is not given:
        vars(sheet)["_numbered"] = given
        vars(sheet)["_number"] = _numbers.setdefault(tuple(sorted(given.items())), len(_numbers))
    return int(vars(sheet)["_number"])


def _made_without_caches(strip: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    """``Strip.__init__``. A screen has a thousand strips, each with seven caches of what was drawn, hardly used."""
    strip._segments = list(segments)
    strip._cell_length = cell_length
    strip._render_cache = strip._link_ids = strip._cell_count = None


def _cache_when_used(strip: Strip, name: str) -> dict[Any, Any]:
    """The cache of a strip that was made without; it may be drawn when nothing else is quick any more."""
    if name not in Strip.__slots__:
        raise AttributeError(name)
    made: dict[Any, Any] = {}
    setattr(strip, name, made)
    return made


Strip.__getattr__ = _cache_when_used  # type: ignore[attr-defined]
