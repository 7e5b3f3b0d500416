"""The widget below the list: today's sessions as bars and, where there is room, what was done last."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.segment import Segment
from textual.containers import Horizontal
from textual.strip import Strip

from mfa_tui.core.sessions.expiry import format_duration
from mfa_tui.core.text.glyphs import in_ascii
from mfa_tui.ui.commands.command import command_action
from mfa_tui.ui.profiles import timeline
from mfa_tui.ui.text.spans import Span, Tone, line
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Region

    from mfa_tui.core.history.entry import Entry
    from mfa_tui.ui.state.live_sessions import LiveSession
    from mfa_tui.ui.text.terminal import HasGlyphs


_ALL = " all"
_MINUTE = 60
"""Seconds in which the time changes nothing that is seen but what is left of a session."""
_FEW = 3
"""Sessions for which the widget has room at its lowest."""


class Day(Horizontal):
    """Today's sessions, and the last actions."""

    DEFAULT_CSS = """
    Day {
        & > Lines { height: 1fr; padding: 0 1; }
        & > #recent { display: none; border-left: solid $border; }
        &.-both > #recent { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._timeline = Lines(id="timeline")
        self._recent = Lines(id="recent")
        self._given: tuple[Sequence[LiveSession], Sequence[Entry], float, str, str] | None = None
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Side by side."""
        yield self._timeline
        yield self._recent

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines; the line at the top joins those that meet it from above and below."""
        strips = super().render_lines(crop)
        if crop.y == 0 and strips:
            for x, joint in self._joints().items():
                if 0 <= x - crop.x < strips[0].cell_length:
                    # The lines have passed the filter of such terminals.
                    shown = in_ascii(joint) if cast("HasGlyphs", self.app).ascii_only else joint
                    strips[0] = _with_character(strips[0], x - crop.x, shown)
        return strips

    def _joints(self) -> dict[int, str]:
        """What stands in the line at the top where others meet it, by the cell."""
        side = self.screen.query_one("#side")
        above = side.region.x - self.region.x if side.display and side.styles.border_left[0] else -1
        below = self._recent.region.x - self.region.x if self._recent.display else -1
        return {above: "┴", below: "┬"} if above != below else {above: "┼"}

    def show(
        self, sessions: Sequence[LiveSession], entries: Sequence[Entry], now: float, *, current: str, key: str
    ) -> None:
        """Show the valid *sessions*, that of the profile *current* marked, and *entries*; *key* opens the history."""
        self.set_class(len(sessions) > _FEW, "-many")
        self._given = sessions, entries, now, current, key
        self._draw()

    def on_resize(self) -> None:
        """Lay it out again: its parts have their new widths."""
        self._draw()

    def _draw(self) -> None:
        if not self.display or self._given is None:
            return
        sessions, entries, now, current, key = self._given
        room, recent_room = self._timeline.content_size, self._recent.content_size
        remaining = [format_duration(session.expires - now) for session in sessions]
        shows = sessions, remaining, entries, now // _MINUTE, current, key, self._recent.display, room, recent_room
        if shows == self._shown:
            return
        self._shown = shows
        width, height = room
        if width:
            shown = timeline.lines(sessions, now, width, height, title="TODAY", current=current)
            self._timeline.show(shown)
        width, height = recent_room
        if width and self._recent.display:
            from mfa_tui.ui.history import recent_lines

            nothing = [line(Span("What you do appears here.", Tone.DIM))]
            left = f"{'RECENT':<{max(len('RECENT '), width - len(key) - len(_ALL))}}"
            title = line(Span(left, Tone.DIM), Span(key, Tone.KEY), Span(_ALL, Tone.DIM))
            self._recent.show([title, *(recent_lines.lines(entries, now, width, height - 1) or nothing)])

    async def on_click(self, event: events.Click) -> None:
        """Open the history by a click on the last actions."""
        if event.widget is self._recent:
            event.stop()
            await self.run_action(command_action("history"))


def _with_character(strip: Strip, at: int, character: str) -> Strip:
    """A strip of lines with another character at a cell."""
    before, there, after = strip.divide([at, at + 1, strip.cell_length])
    style = next((segment.style for segment in there), None)
    return Strip.join([before, Strip([Segment(character, style)]), after])
