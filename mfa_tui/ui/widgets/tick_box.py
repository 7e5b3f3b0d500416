"""A checkbox whose state can be seen without color."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.styled import DIM, STYLES, style_for


class TickBox(Widget):
    """Property: ``ticked``. A click changes it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    TickBox { height: 1; width: auto; }
    """

    ticked: reactive[bool] = reactive(default=False)

    def __init__(self, label: str, key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        """*key* changes it, too; it is shown beside the label."""
        super().__init__(id=id)
        self._label = label
        self._key = key

    def render(self) -> Content:
        """The box and its label."""
        box = ("[✓]", "bold $accent") if self.ticked else ("[ ]", style_for(self, DIM))
        return Content.assemble(box, f" {self._label}  ", (self._key, STYLES[Tone.KEY]))

    def on_click(self) -> None:
        """Switch it."""
        self.ticked = not self.ticked
