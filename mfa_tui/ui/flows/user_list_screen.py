"""Screens with what a profile's user has at AWS, in a table, and with details of the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll

from mfa_tui.ui.commands.command import bar_items, command_action
from mfa_tui.ui.flows.command_screen import CommandScreen
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, wrapped
from mfa_tui.ui.text.status_lines import key_hints, notice_lines, problem_lines, progress_lines
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.flows.host_screen import HostScreen

_WIDEST = 96


class UserListScreen(CommandScreen):
    """Opened for *profile* from *opener*, which also shows the result of an action."""

    SPARE: ClassVar[tuple[str, ...]] = ()
    """What the bottom line leaves out where there is little room, in this order."""
    COMMAND_LINE: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Command lines that remedies name, and this screen's command that does the same; see ``key_hints``."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False, priority=True),
        Binding("down,j", "move(1)", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, profile: str) -> None:
        super().__init__(opener)
        self.profile = profile

    # What each has of its own.

    def heading(self, width: int) -> Line:
        """The top line."""
        raise NotImplementedError

    def rows(self, width: int) -> list[list[Line]]:
        """The column titles, and a row for each."""
        raise NotImplementedError

    @property
    def cursor(self) -> int:
        """The index of the one under the cursor."""
        raise NotImplementedError

    def point(self, index: int) -> None:
        """Put the cursor on one of them."""
        raise NotImplementedError

    def nothing(self, _width: int) -> list[Line]:
        """What is shown in place of the table where there is nothing to list."""
        return []

    def about(self, width: int) -> list[list[Line]]:
        """The details, in parts."""
        raise NotImplementedError

    def more_help(self, _problem: MfaTuiError, _width: int) -> list[Line]:
        """What is shown below a problem, after the key that helps with it."""
        return []

    # What they have in common.

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield from self.compose_phone()
        yield ChoiceList(id="table")
        yield Lines(id="empty")
        with VerticalScroll(id="details", can_focus=False):
            yield Lines()
        yield CommandBar(spare=[command_action(name) for name in self.SPARE])

    @property
    def base(self) -> str:
        """The profile that holds the user's keys, under which the action log has what is running."""
        row = self.app_state.row(self.profile)
        return row.profile.base if row is not None else self.profile

    @property
    def log_name(self) -> str:
        """The name in the action log of what is running here."""
        return self.base

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        self.query_one("#title", Lines).show([self.heading(self.size.width - 2)])
        self.draw_phone(masked=self._masked)
        rows = self.rows(self.size.width - 1)
        filled = len(rows) > 1
        table = self.query_one("#table", ChoiceList)
        table.display = filled
        # The first line has the column titles.
        table.offer(rows, cursor=self.cursor + 1)
        nothing = self.nothing(min(_WIDEST, self.size.width - 6))
        self.query_one("#empty", Lines).show(nothing)
        self.query_one("#empty").display = bool(nothing)
        width = min(_WIDEST, self.size.width - 4)
        parts = [part for part in (*self.about(width), self._activity(width)) if part]
        self.query_one("#details").display = filled or bool(parts)
        self.query_one("#details").set_class(not filled, "-alone")
        self.query_one("#details > Lines", Lines).show([line for part in parts for line in (EMPTY, *part)][1:])
        self.query_one(CommandBar).show(bar_items(self.TABLE, self.situation, self.keys))

    def _activity(self, width: int) -> list[Line]:
        """What is running, how the last action went, and why the last key did nothing."""
        entry = self.app_state.action_log.entry(self.base)
        if entry.running:
            lines = progress_lines(entry.progress, width, self.app_state.context.clock.monotonic(), awaits=entry.awaits)
        elif entry.problem is not None:
            problem = entry.problem
            lines = [
                *problem_lines(problem, width),
                *key_hints(problem, self.COMMAND_LINE, self.keys, width),
                *self.more_help(problem, width),
            ]
        else:
            lines = notice_lines(entry.notices, width)
        if self.hint:
            lines = [*lines, *wrapped(self.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))]
        return lines

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.hint = ""
        self.point(self.cursor + by)
        self.redraw()

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Put the cursor on the one that was clicked; the first line has the titles."""
        message.stop()
        if message.index:
            self.point(message.index - 1)
            self.action_move(0)
