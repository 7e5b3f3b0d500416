"""Our two themes, beside Textual's: quiet surfaces, and color only where it has a meaning.

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
    },
)
THEMES = (DARK, LIGHT)
