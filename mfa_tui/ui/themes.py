"""The two themes of our own: quiet surfaces, and colour only where it says something. Textual's come beside them."""

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
    panel="#1f2530",
    dark=True,
    variables={"border": "#303846", "scrollbar": "#303846", "scrollbar-background": "#12151b"},
)
LIGHT = Theme(
    name="mfa-tui-light",
    primary="#2c5f9e",
    secondary="#6a4fa3",
    accent="#96640c",
    success="#25743b",
    warning="#8a5a00",
    error="#b3332e",
    foreground="#252a31",
    background="#faf9f6",
    surface="#ffffff",
    panel="#efede7",
    dark=False,
    variables={"border": "#cfcbc0", "scrollbar": "#cfcbc0", "scrollbar-background": "#faf9f6"},
)
THEMES = (DARK, LIGHT)
