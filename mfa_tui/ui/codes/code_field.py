"""Six cells for a code."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mfa_tui.core.seeds.totp import DIGITS


class CodeField(Widget):
    """Properties: ``digits`` typed so far; ``masked`` during a screenshot; ``idle`` while another field is in use."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CodeField { width: auto; height: 1; }
    """

    digits: reactive[str] = reactive("", init=False)
    masked: reactive[bool] = reactive(default=False, init=False)
    idle: reactive[bool] = reactive(default=False, init=False)

    def render(self) -> Content:
        """The cells in two groups of three; the next one to be filled stands out."""
        parts: list[Content | str] = []
        for index in range(DIGITS):
            typed = index < len(self.digits)
            character = ("•" if self.masked else self.digits[index]) if typed else "_"
            style = "bold $foreground on $panel" if typed else "$foreground on $panel"
            if index == len(self.digits) and not self.idle:
                style = "bold $accent on $panel"
            parts.append(Content.styled(f" {character} ", style))
            parts.append("   " if index == DIGITS // 2 - 1 else " ")
        return Content.assemble(*parts[:-1])

    def get_content_width(self, *_: object) -> int:
        """Three columns for each digit, with gaps."""
        return DIGITS * 3 + 4 + 3
