"""The screen below a dialog on a terminal's own colors, which cannot be mixed: it is dim, as a whole."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.command import CommandPalette
from textual.renderables.background_screen import BackgroundScreen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from rich.console import Console, ConsoleOptions, RenderableType
    from textual.screen import Screen

    from mfa_tui.ui.text.terminal import HasGlyphs


def dimmed(dialog: Screen[Any], below: RenderableType) -> RenderableType:
    """What *dialog* draws *below* itself, dim where its theme has no color for that."""
    if isinstance(below, BackgroundScreen) and dialog.app.native_ansi_color:
        return DimmedScreen(below, gray=cast("HasGlyphs", dialog.app).ascii_only)
    return below


class DimmedScreen:
    """A screen below a dialog; *gray* for terminals that do not draw text dim, such as the Linux console."""

    def __init__(self, below: RenderableType, *, gray: bool) -> None:
        self._below = below
        self._gray = gray

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        """The segments, dim."""
        dim = _gray if self._gray else _dim
        for text, style, control in console.render(self._below, options):
            yield Segment(text, style, control) if control else Segment(text, dim(style or Style.null()))


_DEFAULT, _BLACK, _GRAY = RichColor.default(), RichColor.from_ansi(0), RichColor.from_ansi(8)


@lru_cache(256)
def _dim(style: Style) -> Style:
    # What stands on a color of its own, such as the cursor's, may not be readable without it.
    front = style.color if style.bgcolor in (None, _DEFAULT, _BLACK) else _DEFAULT
    # What is gray is no alarm: of a scroll bar nothing would be seen otherwise.
    reverse = bool(style.reverse) and front == _GRAY
    return style + Style(color=front, bgcolor=_DEFAULT, dim=True, bold=False, reverse=reverse)


@lru_cache(256)
def _gray(style: Style) -> Style:
    return style + Style(color=_GRAY, bgcolor=_DEFAULT, dim=False, bold=False, reverse=False)


class Palette(CommandPalette):
    """Textual's palette of commands."""

    def render(self) -> RenderableType:
        """What is below it."""
        return dimmed(self, super().render())
