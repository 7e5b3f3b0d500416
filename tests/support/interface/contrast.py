"""The contrast of text to its background, as WCAG 2 defines it, of all that a screen shows."""

from collections.abc import Iterator, Sequence

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.screen import Screen

from mfa_tui.core.text.glyphs import SIGNS

ENOUGH = 4.5
"""WCAG 2, success criterion 1.4.3."""
XTERM: tuple[str, ...] = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
CONSOLE: tuple[str, ...] = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
"""The 16 colors of xterm and of the Linux console. Both draw what is bold in the brighter ones."""
_DEFAULTS = {XTERM: (0, 15), CONSOLE: (7, 0)}
"""Their text and background where nothing else is said."""
_BRIGHTER, _FAINT = 8, 2 / 3


def luminance(color: Color) -> float:
    """As WCAG 2 defines it."""
    parts = color.normalized
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def poor_texts(screen: Screen[object], palette: Sequence[str], area: Region | None = None) -> list[str]:
    """The texts of a screen, or of an area of it, that are hard to read in a terminal of that palette."""
    found = []
    for segment in _segments(screen, area or screen.region):
        text, style = segment.text.strip(), segment.style or Style()
        if any(character.isalnum() or character in SIGNS for character in text):
            front, back = colors_of(style, palette)
            if contrast(front, back) < ENOUGH:
                found.append(f"{text!r}: {front.hex} on {back.hex}")
    return found


def _segments(screen: Screen[object], area: Region) -> Iterator[Segment]:
    for strip in screen._compositor.render_strips()[area.y : area.bottom]:
        yield from strip.crop(area.x, area.right)


def colors_of(style: Style, palette: Sequence[str]) -> tuple[Color, Color]:
    """The colors of a text and of what is behind it, as the terminal shows them."""
    text, ground = _DEFAULTS[tuple(palette)]
    front, back = _shown(style.color, palette, text, bold=bool(style.bold)), _shown(style.bgcolor, palette, ground)
    if style.dim:
        front = Color(0, 0, 0).blend(front, _FAINT)
    return (back, front) if style.reverse else (front, back)


def _shown(color: RichColor | None, palette: Sequence[str], default: int, *, bold: bool = False) -> Color:
    if color is not None and color.triplet is not None:
        return Color(*color.triplet)
    number = default if color is None or color.number is None else color.number
    if number >= len(palette):
        return Color(*RichColor.from_ansi(number).get_truecolor())
    return Color.parse(palette[number + _BRIGHTER if bold and number < _BRIGHTER else number])
