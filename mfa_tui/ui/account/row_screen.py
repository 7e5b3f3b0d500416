"""The details of one row of the account: findings, and for a user the devices and keys at AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll

from mfa_tui.ui.account.actions import UserActions
from mfa_tui.ui.account.details_text import about_loaded, about_row, title
from mfa_tui.ui.account.signs import sign_lines
from mfa_tui.ui.account.user_flows import load_user
from mfa_tui.ui.commands.account_commands import DETAILS_COMMANDS, SPARE, AccountSituation
from mfa_tui.ui.commands.command import bar_items, command_action, key_bindings
from mfa_tui.ui.flows.activity import activity_lines
from mfa_tui.ui.flows.command_screen import CommandScreen
from mfa_tui.ui.text.spans import titled
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.ui.account.actions import AccountView
    from mfa_tui.ui.account.rows import AccountRow
    from mfa_tui.ui.account.user_flows import Administrator, ChangedUser, LoadedUser
    from mfa_tui.ui.flows.host_screen import HostScreen

_WIDEST = 100


class RowScreen(CommandScreen):
    """Opened for a *row* of the *account* from *opener*, which is the screen of the account."""

    TABLE = DETAILS_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = [
        *key_bindings(DETAILS_COMMANDS),
        Binding("up,k", "scroll_text(-1)", show=False, priority=True),
        Binding("down,j", "scroll_text(1)", show=False, priority=True),
        Binding("pageup", "scroll_text(-10)", show=False, priority=True),
        Binding("pagedown", "scroll_text(10)", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, account: AccountView, row: AccountRow) -> None:
        super().__init__(opener)
        self._account = account
        self._key = row.key
        self._row = row
        self._loaded: LoadedUser | None = None
        self._actions = UserActions(self, self)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        with VerticalScroll(id="about", can_focus=False):
            yield Lines()
        yield Lines(id="activity")
        yield CommandBar(spare=[command_action(name) for name in SPARE])

    @property
    def row(self) -> AccountRow:
        """The row, as the account screen has it now."""
        self._row = self._account.row_of(self._key) or self._row
        return self._row

    @property
    def administrator(self) -> Administrator | None:
        """Who acts for the user."""
        return self._account.administrator

    @property
    def log_name(self) -> str:
        """What runs for the user is under the profile that acts."""
        return self._account.profile

    async def load(self) -> None:
        """Ask AWS for the devices and keys of the user."""
        if self._row.user is None or self.administrator is None:
            return
        loaded = await load_user(self, self.administrator, self._row.name)
        if loaded is not None:
            self._loaded = loaded
        self.redraw()

    async def use_changed(self, changed: ChangedUser) -> None:
        """Show a user that was changed."""
        await self._account.use_changed(changed)
        self._loaded = changed.loaded
        self.redraw()

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        row, audit, width = self.row, self._account.audit, min(_WIDEST, self.size.width - 4)
        self.query_one("#title", Lines).show([title(self.log_name, audit, self.size.width - 2, row.name)])
        lines = titled(row.name, row.key, width)
        if audit is not None:
            lines += about_row(row, audit, width)
        if self._loaded is not None:
            lines += about_loaded(self._loaded, self.keys, width)
        self.query_one("#about > Lines", Lines).show(lines)
        activity = activity_lines(self, self.log_name, width, self.hint)
        self.query_one("#activity", Lines).show(activity)
        self.query_one("#activity").display = bool(activity)
        self.query_one(CommandBar).show(bar_items(self.TABLE, self.situation, self.keys))

    @property
    def situation(self) -> AccountSituation:
        """What the commands depend on now."""
        running = self.app_state.action_log.entry(self.log_name).running
        loaded = self._loaded
        return AccountSituation(
            selected=True,
            is_user=self.row.user is not None,
            no_devices=loaded is not None and loaded.has_no_devices,
            no_keys=loaded is not None and loaded.keys == (),
            examined=True,
            running=running,
        )

    def run_command(self, command_id: str) -> None:
        """Run a command for the user."""
        does = {
            "account-enroll": self._actions.enroll,
            "account-reset": self._actions.reset,
            "account-keys": self._actions.change_key,
            "account-reload": self.load,
            "account-help": lambda: self.show_help(more=sign_lines),
            "account-back": self.go_back,
        }
        self.run_worker(does[command_id]())

    def action_scroll_text(self, by: int) -> None:
        """Scroll, where the text does not fit."""
        self.query_one("#about").scroll_relative(y=by, animate=False)
