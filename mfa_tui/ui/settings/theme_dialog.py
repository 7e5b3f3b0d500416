"""The dialog to choose a theme, which shows each at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from mfa_tui.core.settings.interface import THEMES
from mfa_tui.ui.dialogs.dialog import Dialog
from mfa_tui.ui.text.spans import Span, Tone, line
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines
from mfa_tui.ui.widgets.value_choices import ValueChoices

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType


_MOVES = {"up": -1, "down": 1, "pageup": -5, "pagedown": 5, "home": -1000, "end": 1000}
"""Keys that move in the list, and how far."""


class HasThemes(Protocol):
    """The program, as far as the dialog needs it."""

    theme: str
    """The theme that is shown."""

    def preview_theme(self, name: str) -> None:
        """Show a theme for the time being."""

    def choose_theme(self, name: str) -> None:
        """Show a theme from now on."""


class ThemeDialog(Dialog[None]):
    """At the right edge, so that the list shows what a theme looks like. Escape brings back the theme from before."""

    AUTO_FOCUS = ""
    DIMS = False
    # With priority, so that keys typed in a burst take effect in their order.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("backspace", "erase", show=False, priority=True),
        *(Binding(key, f"move({by})", show=False, priority=True) for key, by in _MOVES.items()),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._choices = ValueChoices()
        self._before = self._typed = ""

    @property
    def _themes(self) -> HasThemes:
        return cast("HasThemes", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the themes and the keys."""
        box = Vertical(classes="dialog")
        box.border_title = Content("Theme")
        with box:
            yield Lines()
            with VerticalScroll(can_focus=False):
                yield self._choices
            yield CommandBar()

    def on_mount(self) -> None:
        """Begin with the theme that is shown."""
        self._before = self._themes.theme
        self._choices.begin(THEMES, self._before)

    def _draw(self) -> None:
        # Above it is what was typed, below it are the keys, each with an empty line.
        self.query_one(VerticalScroll).styles.max_height = max(1, self.highest - 4)
        typed = self._typed
        found = Span(typed, Tone.STRONG if self._matches else Tone.BAD)
        asked = Span("type to find a theme", Tone.DIM)
        self.query_one(Lines).show([line(Span("› ", Tone.KEY), found if typed else asked)])
        self.query_one(CommandBar).show(
            [
                ("screen.take", "⏎", "Use", True),
                ("screen.move(1)", "↑↓", "Move", True),
                ("screen.leave", "esc", "Cancel", True),
            ]
        )

    @property
    def _matches(self) -> list[str]:
        """The themes that have what was typed in their names; those that begin with it come first."""
        found = [name for name in THEMES if self._typed in name]
        return sorted(found, key=lambda name: not name.startswith(self._typed))

    def on_key(self, event: events.Key) -> None:
        """Move to the theme that has the letters typed in its name."""
        if event.is_printable and event.character:
            self._type(self._typed + event.character.lower())

    def action_erase(self) -> None:
        """Delete the last letter."""
        self._type(self._typed[:-1])

    def _type(self, text: str) -> None:
        self._typed = text
        if text and (found := self._matches):
            self._choices.point_at(found[0])
        self._draw()

    def on_value_choices_moved(self, message: ValueChoices.Moved) -> None:
        """Show the theme under the cursor."""
        message.stop()
        self._themes.preview_theme(self._choices.current)

    def on_value_choices_taken(self, message: ValueChoices.Taken) -> None:
        """Use the theme under the cursor from now on."""
        message.stop()
        self.action_take()

    def action_move(self, by: int) -> None:
        """Move among the themes."""
        self._choices.action_move(by)

    def action_take(self) -> None:
        """Use the theme under the cursor from now on."""
        self._themes.choose_theme(self._choices.current)
        self.dismiss(None)

    def action_leave(self) -> None:
        """Bring back the theme from before."""
        self._themes.preview_theme(self._before)
        self.dismiss(None)
