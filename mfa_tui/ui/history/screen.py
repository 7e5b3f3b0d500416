"""The history: what was done, how it went, with AWS's request IDs; and texts about an entry to send to others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from mfa_tui import __version__
from mfa_tui.core.history.texts import administrator_text, ticket_text
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.operation import Operation
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.identity import with_arn
from mfa_tui.ui.commands.command import bar_items, command_action, key_bindings
from mfa_tui.ui.commands.history_commands import HISTORY_COMMANDS, SPARE, HistorySituation
from mfa_tui.ui.flows.activity import activity_lines
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.flows.list_screen import FilteredScreen
from mfa_tui.ui.history.rows import EntryList, about_entry, nothing
from mfa_tui.ui.history.table import HistoryTable
from mfa_tui.ui.text.spans import Span, Tone, justified, wrapped
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.empty_list import EmptyList
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.history.entry import Entry
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.text.spans import Line
    from mfa_tui.ui.widgets.line_list import LineList

_MOST = 2_000
"""Entries that are shown at most."""
_LOG_NAME = "history:"
"""What runs here, in the action log. No profile has this name: a section's name cannot end with a colon there."""
_ASKING = Progress("asking", "Asking AWS whose key it is")


class HistoryScreen(FilteredScreen):
    """Opened from *opener*, on all profiles."""

    TABLE = HISTORY_COMMANDS
    AUTO_FOCUS = "HistoryTable"
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(HISTORY_COMMANDS)]

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self._entries = EntryList()
        self._table = HistoryTable(self._entries, id="table")
        self._filter = FilterBar(lambda: self.keys["history-filter"], id="filter")
        self._problem: MfaTuiError | None = None
        self._loaded = False

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield self._filter
        yield EmptyList()
        yield self._table
        with VerticalScroll(id="details", can_focus=False):
            yield Lines()
        yield Lines(id="activity")
        yield CommandBar(spare=[command_action(name) for name in SPARE])

    async def load(self) -> None:
        """Read the entries. The cursor stays on its entry."""
        entry, history = self._table.current, self.app_state.context.history
        self._problem = None
        try:
            self._entries.use(await self.threads.run(partial(history.entries, limit=_MOST)))
        except MfaTuiError as problem:
            self._problem = problem
        self._loaded = True
        self._show(entry)

    def _show(self, entry: Entry | None) -> None:
        """Show the entries that are chosen now, with the cursor on *entry*."""
        self._table.put_cursor(self._entries.index_of(entry, self._table.cursor))
        self.redraw()

    # What it shows.

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        width, entries = self.size.width, self._entries
        shown, total = len(entries.shown), len(entries.entries)
        count = f"{shown:,} of {total:,}" if shown != total else f"{total:,} {'entry' if total == 1 else 'entries'}"
        left = "History" + (": failures" if entries.only_failures else "")
        self.query_one("#title", Lines).show(
            [justified(left, count if self._loaded else "", width - 2, left_tone=Tone.STRONG)]
        )
        self._filter.show(shown, total)
        empty = self._nothing(width - 8)
        for part in ("#table", "#details"):
            self.query_one(part).display = not empty
        self.query_one(EmptyList).show(empty)
        entry = self._table.current
        self.query_one("#details > Lines", Lines).show(about_entry(entry, width - 4) if entry is not None else [])
        activity = activity_lines(self, _LOG_NAME, width - 4, self.hint)
        self.query_one("#activity", Lines).show(activity)
        self.query_one("#activity").display = bool(activity)
        self.query_one(CommandBar).show(bar_items(self.TABLE, self.situation, self.keys))

    def _nothing(self, width: int) -> list[Line]:
        days = self.app_state.context.settings.days_of_history
        problem = self._problem
        if problem is None:
            return nothing(self._entries, width, days=days, loaded=self._loaded)
        what = wrapped(problem.what, width, first=Span("✗ ", Tone.BAD))
        return [*what, *(each for text in problem.lines()[1:] for each in wrapped(text, width, first=Span("  ")))]

    @property
    def situation(self) -> HistorySituation:
        """What the commands depend on now."""
        running = self.app_state.action_log.entry(_LOG_NAME).running
        return HistorySituation(self._table.current, bool(self._entries.entries), running)

    # The cursor and the filter.

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the entry."""
        message.stop()
        self.hint = ""
        self.query_one("#details").scroll_home(animate=False)
        self.redraw()

    def use_filter(self, wanted: str) -> None:
        """Show what matches."""
        entry = self._table.current
        self._entries.filter(wanted)
        self._show(entry)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Go back to the list, and keep the filter."""
        message.stop()
        self.set_focus(self._table)

    # Commands.

    @property
    def log_name(self) -> str:
        """What runs here belongs to no profile."""
        return _LOG_NAME

    def run_command(self, command_id: str) -> None:
        """Run a command for the entry under the cursor."""
        does: dict[str, Callable[[], object]] = {
            "history-ticket": self._copy_for_ticket,
            "history-administrator": lambda: self.run_worker(self._copy_for_administrator()),
            "history-failed": self._toggle_failures,
            "history-filter": lambda: self.set_focus(self._filter.line),
            "history-reload": lambda: self.run_worker(self.load()),
            "history-help": lambda: self.run_worker(self.show_help()),
            "history-back": lambda: self.run_worker(self._back()),
        }
        does[command_id]()

    def _copy_for_ticket(self) -> None:
        if (entry := self._table.current) is not None:
            self._copy(ticket_text(entry, __version__), "All that is known of the entry, for a support ticket.")

    async def _copy_for_administrator(self) -> None:
        entry = self._table.current
        if entry is None:
            return
        if not entry.arn:
            entry = await attempt(self, _LOG_NAME, partial(self._ask_arn, entry), step=_ASKING) or entry
        self._copy(administrator_text(entry), "A text for an administrator: who you are, and the exact call.")

    def _ask_arn(self, entry: Entry, scope: CancelScope) -> Entry:
        return with_arn(Operation(self.app_state.context, scope, partial(self.report, _LOG_NAME)), entry)

    def _copy(self, text: str, about: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify_success("Sent to the clipboard", about)

    def _toggle_failures(self) -> None:
        entry = self._table.current
        self._entries.toggle_failures()
        self._show(entry)

    async def _back(self) -> None:
        """Stop what is running, else show all entries again, else leave."""
        if self.situation.running:
            await self.go_back()
        elif self._filter.wanted:
            self._filter.clear()
        elif self._entries.only_failures:
            self._toggle_failures()
        else:
            self.dismiss("")
