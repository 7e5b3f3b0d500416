"""The themes of our own can be read."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from mfa_tui.services.context import Context
from mfa_tui.ui.app import MfaTuiApp
from mfa_tui.ui.runtime.themes import THEMES
from mfa_tui.ui.widgets.styled import CURSOR, DIM
from tests.support.home import Home

ENOUGH = 4.5
"""WCAG 2, success criterion 1.4.3."""


def luminance(colour: Color) -> float:
    """As WCAG 2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blended(text: str, ground: Color) -> Color:
    """A colour with an opacity, such as ``#123456 70%``, on a ground."""
    colour, _, percent = text.partition(" ")
    return ground.blend(Color.parse(colour), float(percent.rstrip("%") or 100) / 100)


@pytest.mark.parametrize("theme", [one for one in THEMES if not one.ansi], ids=lambda theme: theme.name)
def test_all_text_has_enough_contrast(theme: Theme) -> None:
    names = theme.to_color_system().generate()
    dim = DIM.replace("$foreground", names["foreground"])
    texts = [dim, *(names[name] for name in ("foreground", "text-muted", "text-disabled"))]
    tones = [names[name] for name in ("accent", "primary", "success", "warning", "error")]
    page, box, bars = (Color.parse(names[name]) for name in ("background", "surface", "panel"))
    strip = blended(f"{names['accent']} 16%", page)
    cursor = blended(CURSOR.replace("bold on $foreground", names["foreground"]), page)
    field = blended(f"{names['foreground']} 16%", box)
    assert contrast(Color.parse(names["foreground"]), blended(names["input-selection-background"], field)) >= ENOUGH
    for ground, coloured in [(page, tones), (box, tones), (bars, tones), (strip, tones), (cursor, tones), (field, [])]:
        for text in [*texts, *coloured]:
            assert contrast(blended(text, ground), ground) >= ENOUGH, (text, ground.hex)


def in_256_colours(colour: Color) -> Color:
    """What Rich makes of it in a terminal without more of them."""
    return Color(*RichColor.parse(colour.hex).downgrade(ColorSystem.EIGHT_BIT).get_truecolor())


@pytest.mark.parametrize("theme", [one for one in THEMES if not one.ansi], ids=lambda theme: theme.name)
def test_surfaces_stay_gray_in_a_terminal_with_256_colors(theme: Theme) -> None:
    names = theme.to_color_system().generate()
    page = Color.parse(names["background"])
    strip = blended(f"{names['accent']} 16%", page)
    texts = [Color.parse(names[name]) for name in ("foreground", "accent", "primary", "success", "warning", "error")]
    cursor = blended(CURSOR.replace("bold on $foreground", names["foreground"]), page)
    for ground in (page, Color.parse(names["surface"]), Color.parse(names["panel"]), cursor, strip):
        seen = in_256_colours(ground)
        assert seen.r == seen.g == seen.b, (ground.hex, seen.hex)
        # On the strip, which only the demo has, they come near it, and in the row of the cursor, which is bold.
        least = 4 if ground is cursor else ENOUGH
        for text in texts if ground is not strip else []:
            assert contrast(in_256_colours(text), seen) >= least, (text.hex, seen.hex)


@pytest.mark.parametrize(
    ("term", "chosen", "theme"),
    [
        ("xterm-256color", "", "mfa-tui-dark"),
        ("xterm", "", "mfa-tui-ansi"),
        ("linux", "", "mfa-tui-ansi"),
        ("linux", "nord", "nord"),
    ],
)
def test_16_colors_are_those_of_the_terminal_unless_a_theme_was_chosen(
    home: Home, monkeypatch: pytest.MonkeyPatch, term: str, chosen: str, theme: str
) -> None:
    # As on a terminal: a process without one has no colors at all.
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv("TERM", term)
    context = Context(home.env, warn=lambda _: None)
    context.settings.theme = chosen
    assert MfaTuiApp(context)._theme_first == theme
