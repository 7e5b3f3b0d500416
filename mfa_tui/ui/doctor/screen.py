"""What is wrong with the setup: each finding with its details, and its fix one key away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from mfa_tui.core.doctor.fixes import FixKind
from mfa_tui.core.profiles.kind import USERS
from mfa_tui.services.doctor.examine import examine
from mfa_tui.services.doctor.repair import repair
from mfa_tui.services.progress import Progress
from mfa_tui.services.sessions.outcomes import LoginRequest
from mfa_tui.ui.commands.command import bar_items, command_action, key_bindings
from mfa_tui.ui.commands.doctor_commands import DOCTOR_COMMANDS, DoctorSituation
from mfa_tui.ui.doctor.rows import COLUMNS, SPARE, about, index_of, rows_of, summary
from mfa_tui.ui.flows.activity import activity_lines
from mfa_tui.ui.flows.attempt import attempt
from mfa_tui.ui.flows.list_screen import ListScreen
from mfa_tui.ui.text.spans import Span, Tone, justified, line
from mfa_tui.ui.widgets.column_table import ColumnTable
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.adapters.system.cancellation import CancelScope
    from mfa_tui.core.doctor.fixes import Fix
    from mfa_tui.core.problems.finding import Finding
    from mfa_tui.errors import MfaTuiError
    from mfa_tui.services.doctor.examine import Diagnosis
    from mfa_tui.ui.doctor.rows import Row
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.widgets.command_bar import Item
    from mfa_tui.ui.widgets.line_list import LineList

_LOG_NAME = "doctor:"
"""What runs here, in the action log. No profile has this name: a section's name cannot end with a colon there."""
_CHECKING = Progress("checking", "Examining the setup")


class DoctorScreen(ListScreen):
    """Opened from *opener*, on everything."""

    TABLE = DOCTOR_COMMANDS
    AUTO_FOCUS = "ColumnTable"
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(DOCTOR_COMMANDS)]

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self._diagnosis: Diagnosis | None = None
        self._rows: list[Row] = []
        self._table = ColumnTable(COLUMNS, SPARE)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield Lines(id="empty")
        yield self._table
        with VerticalScroll(id="details", can_focus=False):
            yield Lines()
        yield Lines(id="activity")
        yield CommandBar()

    async def load(self) -> None:
        """Examine everything. The cursor stays on its finding; where that is fixed, on the next one."""
        row, env = self._row, self.app_state.context.env
        diagnosis = await attempt(self, _LOG_NAME, lambda _: examine(env), step=_CHECKING)
        if diagnosis is not None:
            self._diagnosis, self._rows = diagnosis, rows_of(diagnosis)
            home = self.app_state.context.paths.home
            cells = [each.cells(home) for each in self._rows]
            self._table.show(cells, index_of(self._rows, row, self._table.cursor))
        self.redraw()

    @property
    def _row(self) -> Row | None:
        """The row under the cursor; None if there is none."""
        return self._rows[self._table.cursor] if self._table.cursor < len(self._rows) else None

    # What it shows.

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        width, row = self.size.width, self._row
        title = justified("Doctor", summary(self._diagnosis), width - 2, left_tone=Tone.STRONG)
        self.query_one("#title", Lines).show([title])
        nothing = self._diagnosis is not None and not self._rows
        empty = [line(Span("✓ ", Tone.GOOD), "No problems found.")] if nothing else []
        self.query_one("#empty", Lines).show(empty)
        self.query_one("#empty").display = bool(empty)
        for part in ("#table", "#details"):
            self.query_one(part).display = bool(self._rows)
        lines = about(row, self.keys, min(100, width - 4)) if row is not None else []
        self.query_one("#details > Lines", Lines).show(lines)
        activity = activity_lines(self, _LOG_NAME, width - 4, self.hint)
        self.query_one("#activity", Lines).show(activity)
        self.query_one("#activity").display = bool(activity)
        self.query_one(CommandBar).show(self._bar())

    def _bar(self) -> list[Item]:
        """The bottom line; it calls the fix what it does."""
        fix, fixes = self.situation.fix, command_action("doctor-fix")
        items = bar_items(self.TABLE, self.situation, self.keys)
        return [
            (action, key, fix.label if fix is not None and action == fixes else label, able)
            for action, key, label, able in items
        ]

    @property
    def situation(self) -> DoctorSituation:
        """What the commands depend on now."""
        row, running = self._row, self.app_state.action_log.entry(_LOG_NAME).running
        return DoctorSituation(row is not None, row.fix if row is not None else None, running)

    @property
    def takes_keys(self) -> bool:
        """Nothing is typed here."""
        return True

    @property
    def log_name(self) -> str:
        """What runs here belongs to no profile."""
        return _LOG_NAME

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the finding."""
        message.stop()
        self.hint = ""
        self.query_one("#details").scroll_home(animate=False)
        self.redraw()

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        """Fix the finding, after a double click."""
        message.stop()
        self.action_command("doctor-fix")

    # Commands.

    def run_command(self, command_id: str) -> None:
        """Run a command for the finding under the cursor."""
        does: dict[str, Callable[[], object]] = {
            "doctor-fix": lambda: self.run_worker(self._fix()),
            "doctor-copy": self._copy,
            "doctor-reload": lambda: self.run_worker(self.load()),
            "doctor-help": lambda: self.run_worker(self.show_help()),
            "doctor-back": lambda: self.run_worker(self.go_back()),
        }
        does[command_id]()

    def _copy(self) -> None:
        if (row := self._row) is not None:
            self.app.copy_to_clipboard(row.copied)
            self.notify_success("Sent to the clipboard", row.copied if row.copied != row.text else "The whole finding.")

    async def _fix(self) -> None:
        """Fix the finding, and check whether it is gone."""
        row = self._row
        if row is None or row.finding is None or row.fix is None:
            return
        if row.fix.kind == FixKind.REPAIR:
            if await attempt(self, _LOG_NAME, partial(_repair, row.finding), step=_CHECKING) is None:
                return
            failure = None
        else:
            failure = await self._open(row.fix, row.finding)
        await self.reload()
        await self.load()
        if failure is not None:
            self.app_state.action_log.end(_LOG_NAME, problem=failure)
            self.redraw()
        self._tell(row.finding)

    def _tell(self, finding: Finding) -> None:
        left = [row.finding for row in self._rows]
        same = any(each is not None and (each.code, each.what) == (finding.code, finding.what) for each in left)
        if not same:
            self.notify_success("Fixed", finding.what)

    async def _open(self, fix: Fix, finding: Finding) -> MfaTuiError | None:
        """Open the screen on which a finding is fixed, and wait until it is closed; returns why a login failed."""
        from mfa_tui.ui.devices.screen import DevicesScreen
        from mfa_tui.ui.enrollment.offer import offer_device
        from mfa_tui.ui.keys.screen import KeysScreen
        from mfa_tui.ui.sessions.login_flow import LoginFlow
        from mfa_tui.ui.settings.screen import SettingsScreen
        from mfa_tui.ui.setup.screen import SetupScreen

        profile = finding.profile
        if fix.command == "devices" and not profile and not (profile := await self._ask_profile(finding)):
            return None
        if fix.command == "login":
            flow = LoginFlow(self, LoginRequest(profile=profile, renew=True, remember_serial=True))
            if not await flow.run() and flow.problem is not None:
                await offer_device(self, profile, flow.problem)
            return flow.problem
        screens: dict[str, Callable[[], HostScreen]] = {
            "settings": lambda: SettingsScreen(self),
            "devices": lambda: DevicesScreen(self, profile),
            "keys": lambda: KeysScreen(self, profile),
            "setup": lambda: SetupScreen(self, profile),
        }
        await self.app.push_screen_wait(screens[fix.command]())
        return None

    async def _ask_profile(self, finding: Finding) -> str:
        """Ask for a profile of the user whom a finding is about, if there are several users; empty if there is none."""
        from mfa_tui.ui.dialogs.choose import Answer, Choose

        overview = self.app_state.overview
        profiles = [overview.profile(name) for name in overview.names] if overview is not None else []
        users = [profile.name for profile in profiles if profile.kind in USERS and profile.can_log_in]
        if len(users) == 1:
            return users[0]
        about = [" ".join(filter(None, (finding.what, finding.why))), "Which profile has the keys of that user?"]
        chosen = await self.ask(Choose("Whose device?", about, [Answer(name) for name in users], leave="Cancel"))
        return users[chosen] if chosen is not None else ""


def _repair(finding: Finding, _: CancelScope) -> bool:
    return repair(finding)
