"""What the two screens of settings have in common: a filter, a table, details, and an answer typed below them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar, cast

from textual.containers import VerticalScroll

from mfa_tui.core.text.display import counted
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.settings.current_values import CurrentValues, load_values
from mfa_tui.ui.commands.command import bar_items, command_action
from mfa_tui.ui.flows.list_screen import FilteredScreen
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, justified, line, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.column_table import ColumnTable
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.empty_list import EmptyList
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget
    from textual.widgets import Input

    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.widgets.command_bar import Item
    from mfa_tui.ui.widgets.line_list import LineList

_WIDEST = 100


class HasSettings(Protocol):
    """The program, as far as the screens of settings need it."""

    def apply_settings(self) -> None:
        """Read the settings again and use them. Raises ConfigError."""

    def preview_theme(self, name: str) -> None:
        """Show a theme for the time being."""


class Row(Protocol):
    """A row of the table."""

    @property
    def id(self) -> str:
        """What tells it from other rows."""

    @property
    def text(self) -> str:
        """What the filter searches."""


R = TypeVar("R", bound=Row)


class TableScreen(FilteredScreen, Generic[R]):
    """Opened from *opener*."""

    AUTO_FOCUS = "ColumnTable"
    COLUMNS: ClassVar[Mapping[str, int]] = {}
    """The titles of the columns, with their least widths."""
    SPARE: ClassVar[Sequence[str]] = ()
    """Columns that narrow terminals leave out, in this order."""
    TITLE = ""
    THING = ""
    """What a row is."""
    FILTER = ""
    """The command that moves the cursor into the filter."""

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self.values: CurrentValues | None = None
        """The settings as the file has them; None if it cannot be read."""
        self.problem: MfaTuiError | None = None
        """Why the last change was refused, or the file cannot be read."""
        self.table = ColumnTable(self.COLUMNS, self.SPARE)
        """The table."""
        self.rows: list[R] = []
        """The rows that match the filter."""
        self.filter = FilterBar(lambda: self.keys[self.FILTER], id="filter")
        """The line above the table."""
        self._all_rows: list[R] = []
        self.answered: R | None = None
        """The row that an answer is being given for: keys belong to that. None: none is."""

    # What each has of its own.

    def answer_widgets(self) -> Sequence[Widget]:
        """What an answer is given in, below the details."""
        return ()

    def cells(self) -> list[Mapping[str, Span]]:
        """The rows of the table."""
        raise NotImplementedError

    def about(self, width: int) -> list[Line]:
        """The details of the row under the cursor."""
        raise NotImplementedError

    def answer_bar(self) -> list[Item]:
        """The bottom line while an answer is given."""
        raise NotImplementedError

    def make_rows(self) -> list[R]:
        """All rows, from the values."""
        raise NotImplementedError

    def drop_answer(self) -> None:
        """Undo what showed the answer beforehand."""

    # What they have in common.

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield self.filter
        yield EmptyList()
        yield self.table
        with VerticalScroll(id="details", can_focus=False):
            yield Lines(id="about")
            for widget in self.answer_widgets():
                widget.display = False
                yield widget
            yield Lines(id="problem")
        # Its sign stands before its line as well.
        yield CommandBar(spare=[command_action(self.FILTER)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing could be read yet."""
        return not self._all_rows

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self.rows[self.table.cursor] if self.table.cursor < len(self.rows) else None

    @property
    def log_name(self) -> str:
        """Nothing runs here that lasts."""
        return ""

    async def load(self) -> None:
        """Read the file."""
        paths = self.app_state.context.paths
        try:
            self.values = await self.threads.run(lambda: load_values(paths))
            self.problem = None
        except MfaTuiError as problem:
            self.values, self.problem = None, problem
        self.take_values()
        self.redraw()

    def take_values(self) -> None:
        """Make the rows from the values; the cursor stays on its own."""
        kept, self._all_rows = self.row, self.make_rows()
        self._show_matching(self.filter.wanted, kept)

    def use_filter(self, wanted: str) -> None:
        """Show the rows in which every word of *wanted* occurs, in upper or lower case."""
        self.hint = ""
        self._show_matching(wanted, self.row)
        self.redraw()

    def _show_matching(self, wanted: str, kept: R | None) -> None:
        """Show the rows that match a filter, with the cursor on *kept*, or near to where it was."""
        words = wanted.casefold().split()
        self.rows = [row for row in self._all_rows if all(word in row.text.casefold() for word in words)]
        near = 0 if words else self.table.cursor
        at = next((index for index, row in enumerate(self.rows) if kept is not None and row.id == kept.id), near)
        self.table.show(self.cells(), at)

    async def change(self, work: Callable[[], object], *, reloads: bool = True) -> bool:
        """Change the file by *work*, in a thread, and use the settings at once; returns whether that was possible."""
        try:
            await self.threads.run(work, commits=True)
            await self.load()
            if self.problem is None:
                cast("HasSettings", self.app).apply_settings()
        except MfaTuiError as problem:
            self.problem = problem
            self.redraw()
            return False
        if reloads:
            await self._opener.reload()
        self.redraw()
        return True

    @property
    def is_refused(self) -> bool:
        """Whether an answer cannot be taken. Why it cannot has to fit below the details."""
        return self.answered is not None and self.problem is not None

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        room = self.size.width - 2
        self.query_one("#title", Lines).show([justified(self.TITLE, self._path(room), room, Tone.STRONG)])
        self.filter.show(len(self.rows), len(self._all_rows), counted(len(self._all_rows), self.THING))
        nothing = [] if self.rows or self.is_empty else self._no_match(min(_WIDEST, self.size.width - 8))
        self.query_one(EmptyList).show(nothing)
        for part in ("#table", "#details"):
            self.query_one(part).display = not nothing
        self.table.show(self.cells(), self.table.cursor)
        width = min(_WIDEST, self.size.width - 4)
        self.query_one("#about", Lines).show(self.about(width))
        lines = problem_lines(self.problem, width) if self.problem is not None else []
        if self.hint:
            lines = [*lines, *wrapped(self.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))]
        self.query_one("#problem", Lines).show([EMPTY, *lines] if lines else [])
        bar = self.answer_bar() if self.answered is not None else bar_items(self.TABLE, self.situation, self.keys)
        self.query_one(CommandBar).show(bar)

    def _no_match(self, width: int) -> list[Line]:
        """What is shown in place of the table if no row matches the filter."""
        return [
            *wrapped(f'No {self.THING} matches "{self.filter.wanted.strip()}"', width, Tone.STRONG),
            EMPTY,
            line(Span("esc", Tone.KEY), Span(f" shows all {len(self._all_rows)}", Tone.DIM)),
        ]

    def _path(self, width: int) -> str:
        """The path of the file, cut at its left end if it has to share a line of *width* cells with the title."""
        paths = self.app_state.context.paths
        path = paths.settings
        if path.startswith(paths.home + os.sep):
            path = "~" + path.removeprefix(paths.home)
        room = width - len(self.TITLE) - 2
        return path if len(path) <= room else f"…{path[len(path) - room + 1 :]}"

    # Keys.

    @property
    def takes_keys(self) -> bool:
        """Whether neither an answer is being given, nor the filter."""
        return self.answered is None and super().takes_keys

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the row."""
        message.stop()
        # A key may have begun an answer before this message came.
        if self.answered is not None and (self.row is None or self.row.id != self.answered.id):
            self.action_leave_answer()
        elif self.answered is None:
            self.hint = ""
            if self.values is not None:
                self.problem = None
            self.query_one("#details").scroll_home(animate=False)
        self.redraw()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        """Change the row, after a double click."""
        message.stop()
        if self.answered is None:
            self.action_command(self.FILTER_ENTER)

    def on_descendant_focus(self) -> None:
        """Drop the answer if the filter is clicked, which changes the rows."""
        if self.focused is self.filter.line:
            self.action_leave_answer()

    def begin_answer(self, widget: Widget) -> None:
        """Let *widget* take the answer for the row under the cursor."""
        self.problem = None
        self.answered = self.row
        widget.display = True
        self.set_focus(widget)
        self.redraw()

    def end_answer(self) -> None:
        """Go back to the table, unless the user is in the filter by now."""
        self.answered = None
        for widget in self.answer_widgets():
            widget.display = False
        self.remove_class("-choosing")
        if self.focused is not self.filter.line:
            self.set_focus(self.table)

    def action_leave_answer(self) -> None:
        """Drop the answer, and go back to the table."""
        if self.answered is not None:
            self.drop_answer()
            self.end_answer()
            self.problem = None
            self.redraw()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Change the row: Enter does so in the filter, too."""
        message.stop()
        self.action_command(self.FILTER_ENTER)

    def focus_filter(self) -> None:
        """Let the user type into the filter."""
        self.set_focus(self.filter.line)

    async def go_back(self) -> None:
        """Clear the filter, else close the screen."""
        if self.filter.wanted:
            self.filter.clear()
        else:
            self.dismiss("")
