"""The list of profiles. Only the visible lines are drawn, so ten thousand profiles are as quick as ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from mfa_tui.services.listing.order import Order
from mfa_tui.ui.profiles.columns import ACCOUNT, GAP, Columns, columns
from mfa_tui.ui.text.cells import GUTTER, fitted
from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from mfa_tui.ui.profiles.columns import Cells
    from mfa_tui.ui.state.groups import ListLine
    from mfa_tui.ui.text.spans import Span

_UNDERLINED = Style(underline=True)
_PREFIX = "profile-list--"
SORTED_BY = {
    "PROFILE": Order.NAME, "ACCOUNT": Order.ACCOUNT, "MFA": Order.DEVICE, "SESSION": Order.SESSION,
    "KEY": Order.KEY, "REGION": Order.REGION, "ROLE": Order.ROLE, "USED": Order.RECENT,
}  # fmt: skip
"""The orders of the list by the titles of its columns."""
_TONES = (Tone.DIM, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY, Tone.PURPLE)


class ProfileList(LineList):
    """A line for each profile; the cursor is on one of them."""

    DEFAULT_CSS = """
    ProfileList {
        & > .profile-list--header { color: $text-muted; }
        & > .profile-list--sorted { color: $accent; }
        & > .profile-list--cursor { background: $cursor-row; text-style: bold; }
        & > .profile-list--mark { color: $accent; }
        & > .profile-list--match { color: $accent; text-style: underline; }
        & > .profile-list--dim { color: $text-muted; }
        & > .profile-list--good { color: $success; }
        & > .profile-list--warn { color: $warning; }
        & > .profile-list--bad { color: $error; }
        & > .profile-list--busy { color: $primary; }
        & > .profile-list--purple { color: $secondary; }

        &:ansi > .profile-list--cursor { background: ansi_cyan; color: ansi_black; text-style: none; }
        &:ansi > .profile-list--dim { color: ansi_default; text-style: dim; }
        &:ansi > .profile-list--header { color: ansi_default; text-style: dim; }
    }
    """
    PREFIX = _PREFIX
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        _PREFIX + name for name in ("header", "sorted", "cursor", "mark", "match", *_TONES)
    }
    lines: reactive[tuple[ListLine, ...]] = reactive((), init=False)
    """The profiles to show and the titles of their groups, from top to bottom."""
    active: reactive[str] = reactive("", init=False)
    """The profile that the shell uses; empty if none."""
    overridden: reactive[bool] = reactive(default=False, init=False)
    """Whether access keys in the environment override the shell's profile."""
    wanted: reactive[str] = reactive("", init=False)
    """The text of the filter, whose letters are marked in the names."""
    with_account: reactive[bool] = reactive(default=False, init=False)
    """Whether there is a column for accounts."""
    account: reactive[int] = reactive(ACCOUNT, init=False)
    """The length of the longest text for an account."""
    unknown: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The columns of which nothing is known, which are left out."""
    signs: reactive[bool] = reactive(default=False, init=False)
    """Whether accounts have colors, whose signs stand after names where there is no column for accounts."""
    pinned: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The pinned profiles, which get a sign."""
    marked: reactive[frozenset[str]] = reactive(frozenset(), init=False)
    """The profiles that the next command acts on together, which get another sign."""

    order: reactive[str] = reactive("", init=False)
    """The order of the list, which the title of its column shows."""

    class SortWanted(Message):
        """The title of a column was clicked."""

        def __init__(self, title: str) -> None:
            super().__init__()
            self.title = title
            """The title."""

    class GroupClicked(Message):
        """The title of a group was clicked."""

        def __init__(self, line: ListLine) -> None:
            super().__init__()
            self.line = line
            """The title's line."""

    def __init__(
        self,
        cells: Callable[[str], Cells],
        able: Callable[[str], bool],
        moves: Callable[[str], bool],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """*cells* gives the cells of a profile; *able* says whether it can log in, else it is greyed.

        *moves* says whether time may change the cells that were given last.
        """
        super().__init__(id=id)
        self._cells = cells
        self._able = able
        self._moves = moves
        self._longest = 0
        self._tree = 0
        self._drawn: dict[int, tuple[str, Cells]] = {}
        self._moving: set[int] = set()
        """Of these lines, those that time may change."""

    @property
    def current(self) -> str:
        """The profile under the cursor; empty if there is none, or the title of a group."""
        return self._line.name if self.lines else ""

    @property
    def current_title(self) -> str:
        """The group whose title is under the cursor; empty if it is on a profile."""
        return self._line.title if self.lines else ""

    @property
    def _line(self) -> ListLine:
        return self.lines[min(self.cursor, len(self.lines) - 1)]

    def show(self, lines: tuple[ListLine, ...], *, keep: str, longest: int) -> None:
        """Show *lines*, with the cursor on *keep* if it is among them, a profile or the title of a group.

        *longest* is the length of the longest name.
        """
        before = (self.current, self.current_title)
        # Without its trees, while it is filtered, the columns stay where they are.
        self._tree = max(self._tree, *(len(line.tree) for line in lines), 0)
        self._longest = longest + self._tree
        self.set_reactive(ProfileList.lines, lines)
        kept = None
        if keep:
            kept = next((index for index, line in enumerate(lines) if keep in (line.name, line.title)), None)
        elsewhere = 0 if self.wanted else self.cursor
        self.put_cursor(self._stop(elsewhere if kept is None else kept, 1))
        if (self.current, self.current_title) != before:
            self.post_message(self.Highlighted())

    def point_at(self, name: str | None) -> None:
        """Move the cursor to a profile; it stays where it is if that is not shown, or without a name."""
        self.cursor = next((index for index, line in enumerate(self.lines) if name and line.name == name), self.cursor)

    def _stop(self, index: int, direction: int) -> int:
        """The line on which the cursor stops that should go to *index*: titles are stepped over, unless closed."""
        last = len(self.lines) - 1
        at = max(0, min(last, index))
        for step in (direction, -direction):
            there = at
            while 0 <= there <= last and self.lines[there].title and not self.lines[there].closed:
                there += step
            if 0 <= there <= last:
                return there
        return at

    def first_with(self, index: int) -> int:
        """The title right above a profile, which the cursor cannot reach."""
        above = self.lines[index - 1 : index]
        return index - 1 if above and above[0].title and not above[0].closed else index

    def action_move(self, by: int) -> None:
        """Move the cursor by a number of lines, over the titles of open groups."""
        if self.lines:
            self.cursor = self._stop(self.cursor + by, 1 if by > 0 else -1)

    def on_click(self, event: events.Click) -> None:
        """A click on the title of a group is not for a row."""
        index = self.scroll_offset.y + event.y - 1
        if event.y >= 1 and index < len(self.lines) and self.lines[index].title:
            event.prevent_default()
            self.post_message(self.GroupClicked(self.lines[index]))

    def tick(self) -> None:
        """Redraw the visible lines whose text time has changed."""
        if self._moving:
            self._redraw_changed(list(self._moving))

    def update_rows(self) -> None:
        """Redraw the visible lines whose text has changed."""
        self._redraw_changed(list(self._drawn))

    def _redraw_changed(self, indexes: list[int]) -> None:
        # A reactive attribute takes long to read.
        lines = self.lines
        for index in indexes:
            name, cells = self._drawn[index]
            if index >= len(lines) or lines[index].name != name:
                del self._drawn[index]
                self._moving.discard(index)
            elif self._cells(name) != cells:
                self.refresh_lines(index + 1)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def draw_titles(self, width: int) -> Strip:
        """The line of column titles."""
        segments = [Segment(" " * GUTTER, self.part_style("header"))]
        for title, room in self._titled(width):
            by = self.order == SORTED_BY[title]
            # The arrow may stand in the gap.
            words = fitted(f"{title}↓" if by else title, room + 1) + " " * (GAP - 1)
            segments.append(Segment(words, self.part_style("sorted" if by else "header")))
        return Strip(segments).adjust_cell_length(width, self.part_style())

    def _titled(self, width: int) -> list[tuple[str, int]]:
        """The titles of the columns that are shown, with their widths."""
        return [(title, room) for title, room in zip(SORTED_BY, self._columns(width), strict=True) if room]

    def on_line_list_title_clicked(self, message: LineList.TitleClicked) -> None:
        """Post which column's title was clicked."""
        message.stop()
        start = GUTTER
        for title, room in self._titled(self.row_width):
            if message.x < start + room + GAP:
                self.post_message(self.SortWanted(title))
                return
            start += room + GAP

    def _columns(self, width: int) -> Columns:
        return columns(
            width,
            self._longest,
            with_account=self.with_account,
            account=self.account,
            unknown=self.unknown,
            signs=self.signs,
        )

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of a profile."""
        row = self.lines[index]
        at_cursor = index == self.cursor
        if row.title:
            return self._draw_title(row, width, at_cursor=at_cursor)
        layout, name = self._columns(width), row.name
        cells = self._cells(name)
        if len(self._drawn) > 2 * self.size.height:
            top = self.scroll_offset.y
            self._drawn = {i: drawn for i, drawn in self._drawn.items() if top <= i < top + self.size.height}
            self._moving.intersection_update(self._drawn)
        self._drawn[index] = (name, cells)
        if self._moves(name):
            self._moving.add(index)
        else:
            self._moving.discard(index)
        parts = ("cursor",) if at_cursor else ()
        base, mark = self.part_style(*parts), self.part_style(*parts, "mark")
        segments = [
            Segment("◆" if name in self.marked else "★" if name in self.pinned else " ", mark),
            Segment("›" if at_cursor else " ", mark),
            Segment(" " if name != self.active else "○" if self.overridden else "●", mark),
            Segment(" ", base),
            Segment(row.tree, self.part_style(*parts, Tone.DIM)),
            *self._marked_name(name, layout.name - len(row.tree), parts, cells.sign, signed=not layout.account),
        ]
        room = layout.mfa if cells.session.text else layout.reason
        for cell, cell_width in (
            (cells.account, layout.account), (cells.mfa, room),
            (cells.session, layout.session if cells.session.text else 0), (cells.key, layout.key),
            (cells.region, layout.region), (cells.role, layout.role), (cells.used, layout.used),
        ):  # fmt: skip
            if cell_width:
                segments.append(Segment("  " + fitted(cell.text, cell_width), self.part_style(*parts, cell.tone)))
        return Strip(segments).adjust_cell_length(width, base)

    def _draw_title(self, of: ListLine, width: int, *, at_cursor: bool) -> Strip:
        """The title of a group."""
        parts = ("cursor",) if at_cursor else ()
        mark = self.part_style(*parts, "mark")
        segments = [
            Segment(" ›" if at_cursor else "  ", mark),
            Segment("▸ " if of.closed else "▾ ", mark),
            Segment(f"{of.title} ", self.part_style(*parts, "header")),
            Segment(f"{of.size}", self.part_style(*parts, Tone.DIM)),
        ]
        return Strip(segments).adjust_cell_length(width, self.part_style(*parts))

    def _marked_name(self, name: str, width: int, row: tuple[str, ...], sign: Span, *, signed: bool) -> list[Segment]:
        """The name, with the letters that match the filter marked in it; *signed*: with the *sign* of its account."""
        style = self.part_style(*row, sign.tone if self._able(name) else Tone.DIM)
        if signed and sign.text:
            width -= 1 + len(sign.text)
        shown = fitted(name, width)
        segments, done = [], 0
        if self.wanted:
            from mfa_tui.core.listing.fuzzy_match import matched_letters

            # On the terminal's own colors, the cursor has one style for all.
            match = self.part_style(*row, "match") + _UNDERLINED
            for start, end in matched_letters(name, self.wanted):
                if start >= done and end < width:
                    segments += [Segment(shown[done:start], style), Segment(shown[start:end], match)]
                    done = end
        after = [Segment(f" {sign.text}", self.part_style(*row, sign.tone))] if signed and sign.text else []
        return [*segments, Segment(shown[done:], style), *after]
