"""The list of profiles. Only the visible lines are drawn, so ten thousand profiles are as quick as ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mfa_tui.ui.profiles.columns import Columns, columns
from mfa_tui.ui.state.profile_filter import occurrences
from mfa_tui.ui.text.cells import GUTTER, fitted
from mfa_tui.ui.text.spans import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual import events

    from mfa_tui.ui.profiles.columns import Cells

_PREFIX = "profile-list--"
_TONES = (Tone.DIM, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY)


class ProfileList(ScrollView, can_focus=True):
    """A line for each profile; the cursor is on one of them."""

    DEFAULT_CSS = """
    ProfileList {
        background: $background;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        scrollbar-gutter: stable;

        & > .profile-list--header { color: $text-muted; }
        & > .profile-list--cursor { background: $primary 18%; text-style: bold; }
        & > .profile-list--mark { color: $accent; }
        & > .profile-list--match { color: $accent; text-style: underline; }
        & > .profile-list--dim { color: $text-muted; }
        & > .profile-list--good { color: $success; }
        & > .profile-list--warn { color: $warning; }
        & > .profile-list--bad { color: $error; }
        & > .profile-list--busy { color: $primary; }

        &:ansi > .profile-list--cursor { text-style: reverse bold; }
        &:ansi > .profile-list--dim { color: ansi_default; text-style: dim; }
        &:ansi > .profile-list--header { color: ansi_default; text-style: dim; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {_PREFIX + name for name in ("header", "cursor", "mark", "match", *_TONES)}
    names: reactive[tuple[str, ...]] = reactive((), init=False)
    """The profiles to show, from top to bottom."""
    cursor: reactive[int] = reactive(0, init=False)
    """The index of the profile that the cursor is on."""
    active: reactive[str] = reactive("", init=False)
    """The profile that the shell uses; empty if none."""
    overridden: reactive[bool] = reactive(default=False, init=False)
    """Whether access keys in the environment override the shell's profile."""
    wanted: reactive[str] = reactive("", init=False)
    """The text of the filter, which is marked in the names."""
    with_account: reactive[bool] = reactive(default=False, init=False)
    """Whether there is a column for accounts."""
    pinned: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The pinned profiles, which get a mark."""

    class Highlighted(Message):
        """The cursor is on another profile now, or on none."""

    class Chosen(Message):
        """The profile under the cursor was double-clicked."""

    def __init__(self, cells: Callable[[str], Cells], able: Callable[[str], bool], *, id: str | None = None) -> None:  # noqa: A002
        """*cells* gives the cells of a profile; *able* says whether it can log in, else it is greyed."""
        super().__init__(id=id)
        self._cells = cells
        self._able = able
        self._longest = 0
        self._drawn: dict[int, tuple[str, Cells]] = {}

    @property
    def current(self) -> str:
        """The profile under the cursor; empty if there is none."""
        return self.names[self.cursor] if self.cursor < len(self.names) else ""

    def show(self, names: tuple[str, ...], *, keep: str, longest: int) -> None:
        """Show *names*, with the cursor on *keep* if it is among them; *longest* is the length of the longest name."""
        before = self.current
        self._longest = longest
        self.set_reactive(ProfileList.names, names)
        self.virtual_size = Size(0, len(names) + 1)
        elsewhere = 0 if self.wanted else min(self.cursor, max(0, len(names) - 1))
        index = names.index(keep) if keep in names else elsewhere
        self.set_reactive(ProfileList.cursor, index)
        self._reveal()
        self.refresh()
        if self.current != before:
            self.post_message(self.Highlighted())

    def tick(self) -> None:
        """Redraw the visible lines whose text has changed."""
        for index, (name, cells) in list(self._drawn.items()):
            if index >= len(self.names) or self.names[index] != name:
                del self._drawn[index]
            elif self._cells(name) != cells:
                self.refresh_lines(index + 1)

    def render_line(self, y: int) -> Strip:
        """The column titles, which stay, and below them the profiles."""
        width = self.size.width
        layout = columns(width, self._longest, with_account=self.with_account)
        if y == 0:
            return self._titles(layout).adjust_cell_length(width, self._style())
        index = self.scroll_offset.y + y - 1
        if index >= len(self.names):
            return Strip.blank(width, self._style())
        return self._line(index, layout, width)

    def _titles(self, layout: Columns) -> Strip:
        style = self._style("header")
        words = [" " * GUTTER + fitted("PROFILE", layout.name)]
        if layout.account:
            words.append(fitted("ACCOUNT", layout.account))
        words += [fitted("MFA", layout.mfa), "SESSION"]
        return Strip([Segment("  ".join(words), style)])

    def _line(self, index: int, layout: Columns, width: int) -> Strip:
        name = self.names[index]
        cells = self._cells(name)
        if len(self._drawn) > 2 * self.size.height:
            top = self.scroll_offset.y
            self._drawn = {i: drawn for i, drawn in self._drawn.items() if top <= i < top + self.size.height}
        self._drawn[index] = (name, cells)
        at_cursor = index == self.cursor
        row = ("cursor",) if at_cursor else ()
        base, mark = self._style(*row), self._style(*row, "mark")
        segments = [
            Segment("★" if name in self.pinned else " ", mark),
            Segment("›" if at_cursor else " ", mark),
            Segment(" " if name != self.active else "○" if self.overridden else "●", mark),
            Segment(" ", base),
            *self._marked_name(name, layout.name, row),
        ]
        account, mfa, session = cells
        if layout.account:
            segments.append(Segment("  " + fitted(account.text, layout.account), self._style(*row, account.tone)))
        room = layout.mfa if session.text else layout.reason
        segments.append(Segment("  " + fitted(mfa.text, room), self._style(*row, mfa.tone)))
        if session.text:
            segments.append(Segment("  " + fitted(session.text, layout.session), self._style(*row, session.tone)))
        return Strip(segments).adjust_cell_length(width, base)

    def _marked_name(self, name: str, width: int, row: tuple[str, ...]) -> list[Segment]:
        """The name, with the words of the filter marked in it."""
        style = self._style(*row, "" if self._able(name) else Tone.DIM)
        match = self._style(*row, "match")
        shown = fitted(name, width)
        segments, done = [], 0
        for start, end in occurrences(name, self.wanted):
            if start >= done and end < width:
                segments += [Segment(shown[done:start], style), Segment(shown[start:end], match)]
                done = end
        return [*segments, Segment(shown[done:], style)]

    def _style(self, *names: str) -> Style:
        """The list's own style, with the styles of its parts over it."""
        if names[:1] == ("cursor",) and self.app.native_ansi_color:
            # Colors that the terminal defines may not be readable on each other.
            names = names[:1]
        return self.get_visual_style(*(_PREFIX + name for name in names if name)).rich_style

    def watch_cursor(self, old: int, new: int) -> None:
        """Move the mark, and scroll if necessary."""
        self.refresh_lines(old + 1)
        self.refresh_lines(new + 1)
        self._reveal()
        self.post_message(self.Highlighted())

    def _reveal(self) -> None:
        if not self.size.height:
            # There is no layout yet; on_resize follows it.
            return
        visible = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + visible:
            self.scroll_to(y=self.cursor - visible + 1, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by a number of lines."""
        if self.names:
            self.cursor = max(0, min(len(self.names) - 1, self.cursor + by))

    def action_page(self, pages: int) -> None:
        """Move the cursor by a number of screens."""
        self.action_move(pages * max(1, self.size.height - 2))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that is clicked; a double click logs in."""
        index = self.scroll_offset.y + event.y - 1
        if event.y >= 1 and index < len(self.names):
            self.cursor = index
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Chosen())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll three lines at once, without animation."""
        event.stop()
        self.scroll_to(y=self.scroll_offset.y + 3, animate=False)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll three lines at once, without animation."""
        event.stop()
        self.scroll_to(y=self.scroll_offset.y - 3, animate=False)
