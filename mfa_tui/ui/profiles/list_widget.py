"""The list of profiles. Only the visible lines are drawn, so ten thousand profiles are as quick as ten."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip

from mfa_tui.ui.profiles.columns import Columns, columns
from mfa_tui.ui.state.profile_filter import occurrences
from mfa_tui.ui.text.cells import GUTTER, fitted
from mfa_tui.ui.text.spans import Tone
from mfa_tui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.ui.profiles.columns import Cells

_PREFIX = "profile-list--"
_TONES = (Tone.DIM, Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY)


class ProfileList(LineList):
    """A line for each profile; the cursor is on one of them."""

    DEFAULT_CSS = """
    ProfileList {
        & > .profile-list--header { color: $text-muted; }
        & > .profile-list--cursor { background: $foreground 13%; text-style: bold; }
        & > .profile-list--mark { color: $accent; }
        & > .profile-list--match { color: $accent; text-style: underline; }
        & > .profile-list--dim { color: $text-muted; }
        & > .profile-list--good { color: $success; }
        & > .profile-list--warn { color: $warning; }
        & > .profile-list--bad { color: $error; }
        & > .profile-list--busy { color: $primary; }

        &:ansi > .profile-list--cursor { background: ansi_cyan; color: ansi_black; text-style: bold; }
        &:ansi > .profile-list--dim { color: ansi_default; text-style: dim; }
        &:ansi > .profile-list--header { color: ansi_default; text-style: dim; }
    }
    """
    PREFIX = _PREFIX
    COMPONENT_CLASSES: ClassVar[set[str]] = {_PREFIX + name for name in ("header", "cursor", "mark", "match", *_TONES)}
    names: reactive[tuple[str, ...]] = reactive((), init=False)
    """The profiles to show, from top to bottom."""
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
        elsewhere = 0 if self.wanted else min(self.cursor, max(0, len(names) - 1))
        index = names.index(keep) if keep in names else elsewhere
        self.put_cursor(index)
        if self.current != before:
            self.post_message(self.Highlighted())

    def tick(self) -> None:
        """Redraw the visible lines whose text has changed."""
        for index, (name, cells) in list(self._drawn.items()):
            if index >= len(self.names) or self.names[index] != name:
                del self._drawn[index]
            elif self._cells(name) != cells:
                self.refresh_lines(index + 1)

    @property
    def count(self) -> int:
        """How many profiles there are."""
        return len(self.names)

    def draw_titles(self, width: int) -> Strip:
        """The line of column titles."""
        layout = self._columns(width)
        style = self.part_style("header")
        words = [" " * GUTTER + fitted("PROFILE", layout.name)]
        if layout.account:
            words.append(fitted("ACCOUNT", layout.account))
        words += [fitted("MFA", layout.mfa), "SESSION"]
        return Strip([Segment("  ".join(words), style)]).adjust_cell_length(width, self.part_style())

    def _columns(self, width: int) -> Columns:
        return columns(width, self._longest, with_account=self.with_account)

    def draw_row(self, index: int, width: int) -> Strip:
        """The line of a profile."""
        layout = self._columns(width)
        name = self.names[index]
        cells = self._cells(name)
        if len(self._drawn) > 2 * self.size.height:
            top = self.scroll_offset.y
            self._drawn = {i: drawn for i, drawn in self._drawn.items() if top <= i < top + self.size.height}
        self._drawn[index] = (name, cells)
        at_cursor = index == self.cursor
        row = ("cursor",) if at_cursor else ()
        base, mark = self.part_style(*row), self.part_style(*row, "mark")
        segments = [
            Segment("★" if name in self.pinned else " ", mark),
            Segment("›" if at_cursor else " ", mark),
            Segment(" " if name != self.active else "○" if self.overridden else "●", mark),
            Segment(" ", base),
            *self._marked_name(name, layout.name, row),
        ]
        account, mfa, session = cells
        if layout.account:
            segments.append(Segment("  " + fitted(account.text, layout.account), self.part_style(*row, account.tone)))
        room = layout.mfa if session.text else layout.reason
        segments.append(Segment("  " + fitted(mfa.text, room), self.part_style(*row, mfa.tone)))
        if session.text:
            segments.append(Segment("  " + fitted(session.text, layout.session), self.part_style(*row, session.tone)))
        return Strip(segments).adjust_cell_length(width, base)

    def _marked_name(self, name: str, width: int, row: tuple[str, ...]) -> list[Segment]:
        """The name, with the words of the filter marked in it."""
        style = self.part_style(*row, "" if self._able(name) else Tone.DIM)
        match = self.part_style(*row, "match")
        shown = fitted(name, width)
        segments, done = [], 0
        for start, end in occurrences(name, self.wanted):
            if start >= done and end < width:
                segments += [Segment(shown[done:start], style), Segment(shown[start:end], match)]
                done = end
        return [*segments, Segment(shown[done:], style)]
