"""Our themes, beside Textual's: quiet surfaces, and color only where it has a meaning.

All text has a contrast of 4.5:1 or more to its background, as WCAG 2 demands (success criterion 1.4.3). Terminals with
256 colors get themes of the same names whose colors are entries of their palette: others would be rounded to what they
are not. Terminals with 16 get a theme of those.
"""

from __future__ import annotations

from dataclasses import replace

from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="mfa-tui-dark",
    primary="#7aa2d6",
    secondary="#9d8fd1",
    accent="#d9a862",
    success="#86c08f",
    warning="#dcb266",
    error="#e2807d",
    foreground="#d6dae2",
    background="#12151b",
    surface="#171b23",
    panel="#22262d",
    dark=True,
    variables={
        "border": "#303846",
        "scrollbar": "#303846",
        "scrollbar-background": "#12151b",
        "text-muted": "#d6dae2 70%",
        "text-disabled": "#d6dae2 70%",
        "block-cursor-blurred-background": "#d6dae2 13%",
        "input-selection-background": "#7aa2d6 30%",
    },
)
LIGHT = Theme(
    name="mfa-tui-light",
    primary="#2c5f9e",
    secondary="#6a4fa3",
    accent="#7d5200",
    success="#1f6a34",
    warning="#7a5000",
    error="#a82d28",
    foreground="#252a31",
    background="#faf9f6",
    surface="#ffffff",
    panel="#eeedea",
    dark=False,
    variables={
        "border": "#cfcbc0",
        "scrollbar": "#cfcbc0",
        "scrollbar-background": "#faf9f6",
        "text-muted": "#252a31 70%",
        "text-disabled": "#252a31 70%",
        "block-cursor-blurred-background": "#252a31 8%",
        "input-selection-background": "#2c5f9e 30%",
    },
)
ANSI = Theme(
    name="mfa-tui-ansi",
    primary="ansi_cyan",
    secondary="ansi_bright_magenta",
    accent="ansi_bright_yellow",
    success="ansi_green",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    ansi=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        # Many terminals draw what is bold in brighter colors: black in gray.
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "ansi_black",
        "block-cursor-blurred-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        # Textual reverses it, too: then it cannot be seen.
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    },
)
"""The terminal's own colors, for those with 16 of them: none of its blues, nor the console's brown, which can hardly be
read on black."""


def _unmixed(text: str, page: str, bars: str, **own: str) -> dict[str, str]:
    """The variables of a theme for 256 colors: what Textual would mix, too, and those of *own*."""
    selection = own["input_selection_background"]
    variables = {
        "text": text,
        "text-muted": own["dim"],
        "text-disabled": own["dim"],
        "border-blurred": own["border"],
        "scrollbar": own["border"],
        "scrollbar-background": page,
        "scrollbar-hover": own["faint"],
        "block-cursor-foreground": page,
        "block-cursor-blurred-foreground": text,
        "block-cursor-blurred-background": own["cursor_row"],
        "block-hover-background": bars,
        "input-cursor-background": text,
        "input-cursor-foreground": page,
        "input-selection-foreground": text,
        "screen-selection-background": selection,
        "screen-selection-foreground": text,
    }
    return variables | {name.replace("_", "-"): color for name, color in own.items()}


_DARK_256 = replace(
    DARK,
    primary="#87afd7",
    secondary="#d7afff",
    accent="#d7af87",
    success="#87d787",
    warning="#d7af5f",
    error="#ff8787",
    foreground="#dadada",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    variables=_unmixed(
        "#dadada",
        "#121212",
        "#262626",
        dim="#b2b2b2",
        faint="#767676",
        border="#444444",
        cursor_row="#3a3a3a",
        field="#303030",
        field_focus="#3a3a3a",
        strip="#303030",
        input_selection_background="#005f87",
    ),
)
_LIGHT_256 = replace(
    LIGHT,
    primary="#005faf",
    secondary="#5f00af",
    accent="#875f00",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    foreground="#262626",
    background="#ffffff",
    surface="#ffffff",
    panel="#eeeeee",
    variables=_unmixed(
        "#262626",
        "#ffffff",
        "#eeeeee",
        dim="#585858",
        faint="#949494",
        border="#bcbcbc",
        cursor_row="#e4e4e4",
        field="#eeeeee",
        field_focus="#e4e4e4",
        strip="#ffffd7",
        input_selection_background="#afd7ff",
    ),
)
THEMES = (DARK, LIGHT, ANSI)


def themes_for(color_system: str | None) -> tuple[Theme, ...]:
    """Our themes for a terminal with the colors that Rich found."""
    return (_DARK_256, _LIGHT_256, ANSI) if color_system == "256" else THEMES


def default_theme(color_system: str | None) -> str:
    """The theme that is used unless one is chosen: with 16 colors the others become what cannot be read."""
    return ANSI.name if color_system == "standard" else DARK.name


def _mixed(text: str, page: str, percent: int) -> str:
    """So much of *text* on *page*: Textual draws pieces of a text without their opacity, as if it were 100 %."""
    front, back = Color.parse(text), Color.parse(page)
    return text if front.ansi is not None or back.ansi is not None else back.blend(front, percent / 100).hex


def with_own_variables(variables: dict[str, str]) -> dict[str, str]:
    """Textual's *variables* of a theme, and those of ours, mixed from its colors unless it has them itself."""
    text, page, accent = variables["foreground"], variables["background"], variables["accent"]
    own = {
        # Less important text, and text that need not be read.
        "dim": _mixed(text, page, 78),
        "faint": _mixed(text, page, 45),
        # The row under the cursor, a field, the strip of the demo, and what is over the screen below a dialog.
        "cursor-row": _mixed(text, page, 13),
        "field": f"{text} 10%",
        "field-focus": f"{text} 16%",
        "strip": f"{accent} 16%",
        "veil": f"{page} 60%",
    }
    for name, value in own.items():
        variables.setdefault(name, value)
    return variables
