"""What the two screens of settings have in common: a table, details, and an answer that is typed below them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual.containers import VerticalScroll

from mfa_tui.errors import MfaTuiError
from mfa_tui.services.settings.current_values import CurrentValues, load_values
from mfa_tui.ui.commands.command import bar_items
from mfa_tui.ui.flows.list_screen import ListScreen
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, justified, wrapped
from mfa_tui.ui.text.status_lines import problem_lines
from mfa_tui.ui.widgets.column_table import ColumnTable
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

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


class TableScreen(ListScreen):
    """Opened from *opener*."""

    AUTO_FOCUS = "ColumnTable"
    COLUMNS: ClassVar[Mapping[str, int]] = {}
    """The titles of the columns, with their least widths."""
    SPARE: ClassVar[Sequence[str]] = ()
    """Columns that narrow terminals leave out, in this order."""
    TITLE = ""

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self.values: CurrentValues | None = None
        """The settings as the file has them; None if it cannot be read."""
        self.problem: MfaTuiError | None = None
        """Why the last change was refused, or the file cannot be read."""
        self.table = ColumnTable(self.COLUMNS, self.SPARE)
        """The table."""
        self.answered = -1
        """The index of the row that an answer is being given for: keys belong to that. Below 0: none is."""

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

    def take_values(self) -> None:
        """Make the rows from the values."""
        raise NotImplementedError

    def drop_answer(self) -> None:
        """Undo what showed the answer beforehand."""

    # What they have in common.

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield self.table
        with VerticalScroll(id="details", can_focus=False):
            yield Lines(id="about")
            for widget in self.answer_widgets():
                widget.display = False
                yield widget
            yield Lines(id="problem")
        yield CommandBar()

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
        return self.answered >= 0 and self.problem is not None

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        room = self.size.width - 2
        self.query_one("#title", Lines).show([justified(self.TITLE, self._path(room), room, Tone.STRONG)])
        self.table.show(self.cells(), self.table.cursor)
        width = min(_WIDEST, self.size.width - 4)
        self.query_one("#about", Lines).show(self.about(width))
        lines = problem_lines(self.problem, width) if self.problem is not None else []
        if self.hint:
            lines = [*lines, *wrapped(self.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))]
        self.query_one("#problem", Lines).show([EMPTY, *lines] if lines else [])
        bar = self.answer_bar() if self.answered >= 0 else bar_items(self.TABLE, self.situation, self.keys)
        self.query_one(CommandBar).show(bar)

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
        """Whether no answer is being given."""
        return self.answered < 0

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the row."""
        message.stop()
        # A key may have begun an answer before this message came.
        if self.answered >= 0 and self.table.cursor != self.answered:
            self.action_leave_answer()
        elif self.answered < 0:
            self.hint = ""
            if self.values is not None:
                self.problem = None
            self.query_one("#details").scroll_home(animate=False)
        self.redraw()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        """Change the row, after a double click."""
        message.stop()
        if self.answered < 0:
            self.action_command(self.TABLE[0].id)

    def begin_answer(self, widget: Widget) -> None:
        """Let *widget* take the answer for the row under the cursor."""
        self.problem = None
        self.answered = self.table.cursor
        widget.display = True
        self.set_focus(widget)
        self.redraw()

    def end_answer(self) -> None:
        """Go back to the table."""
        self.answered = -1
        for widget in self.answer_widgets():
            widget.display = False
        self.remove_class("-choosing")
        self.set_focus(self.table)

    def action_leave_answer(self) -> None:
        """Drop the answer, and go back to the table."""
        if self.answered >= 0:
            self.drop_answer()
            self.end_answer()
            self.problem = None
            self.redraw()

    async def go_back(self) -> None:
        """Close the screen."""
        self.dismiss("")
