"""The account of a profile: its users and what is wrong, how much is protected, and help for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from mfa_tui.services.account.examine import thresholds
from mfa_tui.ui.account.actions import UserActions
from mfa_tui.ui.account.details_text import about_row, no_match, progress_of, title
from mfa_tui.ui.account.examination import Examiner
from mfa_tui.ui.account.pictures import pictures, small_pictures
from mfa_tui.ui.account.row_screen import RowScreen
from mfa_tui.ui.account.signs import sign_lines
from mfa_tui.ui.account.state import AccountList
from mfa_tui.ui.account.table import AccountTable
from mfa_tui.ui.commands.account_commands import ACCOUNT_COMMANDS, SPARE, AccountSituation
from mfa_tui.ui.commands.command import bar_items, command_action, key_bindings
from mfa_tui.ui.flows.activity import activity_lines
from mfa_tui.ui.flows.list_screen import FilteredScreen
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.empty_list import EmptyList
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from mfa_tui.core.account.audit import Audit
    from mfa_tui.ui.account.examination import Examined
    from mfa_tui.ui.account.rows import AccountRow, AuditView
    from mfa_tui.ui.account.user_flows import Administrator, ChangedUser
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.text.spans import Line
    from mfa_tui.ui.widgets.command_bar import Item
    from mfa_tui.ui.widgets.line_list import LineList

_WIDE, _HIGH = 110, 30
"""Columns and rows from which the pictures are side by side, with several lines each."""


class AccountScreen(FilteredScreen):
    """Opened for *profile* from *opener*."""

    TABLE = ACCOUNT_COMMANDS
    AUTO_FOCUS = "AccountTable"
    FILTER_ENTER = "account-open"
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(ACCOUNT_COMMANDS)]

    def __init__(self, opener: HostScreen, profile: str) -> None:
        super().__init__(opener)
        self.profile = profile
        """The profile whose account it is."""
        context = self.app_state.context
        self._thresholds = thresholds(context.settings)
        self._rows = AccountList()
        self._table = AccountTable(self._rows, id="table")
        self._filter = FilterBar(lambda: self.keys["account-filter"], id="filter")
        self._examiner = Examiner(self, profile, self._thresholds)
        self._actions = UserActions(self, self)
        self._pictured: tuple[AuditView | None, int, bool] = (None, 0, False)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield from self.compose_phone()
        yield Lines(id="pictures")
        yield self._filter
        yield EmptyList()
        yield self._table
        with VerticalScroll(id="details", can_focus=False):
            yield Lines()
        yield Lines(id="activity")
        yield CommandBar(spare=[command_action(name) for name in SPARE])

    async def load(self) -> None:
        """Examine the account."""
        await self._examiner.examine()

    def on_unmount(self) -> None:
        """Nobody looks at the rest of the audit."""
        self._stop_audit()

    # What other screens and the commands use.

    @property
    def audit(self) -> Audit | None:
        """The audit so far."""
        return self._rows.audit

    @property
    def row(self) -> AccountRow | None:
        """The row under the cursor."""
        return self._table.current

    @property
    def administrator(self) -> Administrator | None:
        """Who acts for users."""
        return self._examiner.administrator

    def row_of(self, key: str) -> AccountRow | None:
        """The row of something, as it is now; None if it is not there any more."""
        rows = self._rows.view.rows if self._rows.view is not None else ()
        return next((row for row in rows if row.key == key), None)

    async def use_changed(self, changed: ChangedUser) -> None:
        """Show a user that was changed, with what is wrong now."""
        self._examiner.changed[changed.user.arn] = changed.user
        audit = self.audit
        if audit is not None:
            self._rows.take(await self.threads.run(lambda: self._examiner.view_of(audit)), self.row)
            self._table.show()
        self.redraw()

    # What it shows.

    def on_examined(self, message: Examined) -> None:
        """Show a new state of the audit. The cursor stays on its row once it was moved."""
        message.stop()
        self._rows.take(message.view, self.row if self._table.cursor else None)
        self._table.show()
        self.redraw()

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        audit, width = self.audit, self.size.width
        self.query_one("#title", Lines).show([title(self.profile, audit, width - 2)])
        ready = audit is not None and audit.has_first_table
        self.draw_phone(shown=not ready, masked=self._masked)
        nothing = self._nothing(width - 8)
        for part in ("#pictures", "#filter"):
            self.query_one(part).display = ready
        for part in ("#table", "#details"):
            self.query_one(part).display = not nothing
        self.query_one(EmptyList).show(nothing)
        if audit is not None and ready and self._rows.view is not None:
            self._draw_pictures(self._rows.view)
            self._filter.show(len(self._rows.shown), len(self._rows.view.rows))
            about = about_row(self.row, audit, width - 4) if self.row is not None else []
            self.query_one("#details > Lines", Lines).show(about)
        activity = self._activity(width - 4)
        self.query_one("#activity", Lines).show(activity)
        self.query_one("#activity").display = bool(activity)
        self.query_one(CommandBar).show(self._bar())

    def _bar(self) -> list[Item]:
        """The bottom line; where nothing is known as there was no session, it begins with what gets one."""
        now = self.situation
        items = bar_items(self.TABLE, now, self.keys)
        if now.examined or now.examining or now.running:
            return items
        return [(command_action("account-reload"), self.keys["account-reload"], "Log in", True), *items]

    def _nothing(self, width: int) -> list[Line]:
        """What is shown in place of the table; no lines if there are rows to show."""
        if self.audit is not None and self.audit.has_first_table:
            rows = self._rows.view.rows if self._rows.view is not None else ()
            return [] if self._rows.shown else no_match(self._rows.wanted, len(rows), width)
        now = self.situation
        return progress_of(self.audit, width, running=now.examining or now.running, key=self.keys["account-reload"])

    def _draw_pictures(self, view: AuditView) -> None:
        """Draw the pictures, if the audit or the room for them has changed."""
        width = self.size.width - 2
        roomy = self.size.width >= _WIDE and self.size.height >= _HIGH
        if self._pictured[0] is view and self._pictured[1:] == (width, roomy):
            return
        self._pictured = (view, width, roomy)
        draw = pictures if roomy else small_pictures
        self.query_one("#pictures", Lines).show(draw(view, width))

    def _activity(self, width: int) -> list[Line]:
        """What is running for the audit and for a user, and why the last key did nothing."""
        audit = activity_lines(self, self._examiner.log_name, width)
        return [*audit, *activity_lines(self, self.profile, width, self.hint)]

    @property
    def situation(self) -> AccountSituation:
        """What the commands depend on now."""
        log = self.app_state.action_log
        row, audit = self.row, self.audit
        return AccountSituation(
            selected=row is not None,
            is_user=row is not None and row.user is not None,
            examined=audit is not None and audit.has_first_table,
            running=log.entry(self.profile).running,
            examining=log.entry(self._examiner.log_name).running,
        )

    # The cursor, the filter and the order.

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the row."""
        message.stop()
        self.hint = ""
        self.redraw()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        """Open the details, after a double click."""
        message.stop()
        self.action_command("account-open")

    def on_account_table_sort_wanted(self, message: AccountTable.SortWanted) -> None:
        """Sort by the column whose title was clicked."""
        message.stop()
        self._sort(message.column)

    def _sort(self, column: int) -> None:
        self._rows.sort(column, self.row)
        self._table.show()
        self.redraw()

    def use_filter(self, wanted: str) -> None:
        """Show what matches."""
        self._rows.filter(wanted, self.row)
        self._table.show()
        self.redraw()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Open the details: Enter does so in the filter, too."""
        message.stop()
        self.action_command(self.FILTER_ENTER)

    # Commands.

    @property
    def log_name(self) -> str:
        """What runs for a user is under the profile; the audit has a name of its own."""
        return self.profile

    def run_command(self, command_id: str) -> None:
        """Run a command for the row under the cursor."""
        self._does[command_id]()

    @property
    def _does(self) -> dict[str, Callable[[], object]]:
        return {
            "account-open": self._open,
            "account-enroll": lambda: self.run_worker(self._actions.enroll()),
            "account-reset": lambda: self.run_worker(self._actions.reset()),
            "account-keys": lambda: self.run_worker(self._actions.change_key()),
            "account-sort": lambda: self._sort(self._table.next_column),
            "account-reverse": lambda: self._sort(self._rows.sorted_by),
            "account-filter": lambda: self.set_focus(self._filter.line),
            "account-export": lambda: self.run_worker(self._export()),
            "account-reload": lambda: self.run_worker(self.load()),
            "account-help": lambda: self.run_worker(self.show_help(more=sign_lines)),
            "account-back": self._back,
        }

    def _open(self) -> None:
        if self.row is not None:
            self.app.push_screen(RowScreen(self, self, self.row))

    async def _export(self) -> None:
        from mfa_tui.ui.account.export_flow import export_audit

        if self.audit is not None:
            await export_audit(self, self.profile, self.audit, self._thresholds)

    def _stop_audit(self) -> bool:
        scope = self.app_state.action_log.entry(self._examiner.log_name).scope
        if scope is not None:
            scope.cancel()
        return scope is not None

    def _back(self) -> None:
        """Stop what is running for a user, else the audit, else clear the filter, else leave."""
        scope = self.app_state.action_log.entry(self.profile).scope
        if scope is not None:
            scope.cancel()
        elif self._stop_audit():
            pass
        elif self._filter.wanted:
            self._filter.clear()
        else:
            self.dismiss("")
