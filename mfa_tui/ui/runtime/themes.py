"""Our themes, beside Textual's: quiet surfaces, and color only where it has a meaning.

All text has a contrast of 4.5:1 or more to its background, as WCAG 2 demands (success criterion 1.4.3). Surfaces are
close enough to gray to stay gray in terminals with 256 colors.
"""

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
        "input-selection-background": "#2c5f9e 30%",
    },
)
ANSI = Theme(
    name="mfa-tui-ansi",
    primary="ansi_cyan",
    secondary="ansi_bright_magenta",
    accent="ansi_yellow",
    success="ansi_green",
    warning="ansi_yellow",
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
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    },
)
"""The terminal's own colors, for those with 16 of them: none of its blues, which can hardly be read on black."""
THEMES = (DARK, LIGHT, ANSI)
