"""The main screen: the profiles, the details of the one under the cursor, and the commands."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Container
from textual.widgets import Static

from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.errors import MfaTuiError
from mfa_tui.ui.commands.command import command_action
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import COMMANDS, SPARE, list_bindings, main_bar
from mfa_tui.ui.flows.host_screen import palette_commands
from mfa_tui.ui.profiles import empty_state
from mfa_tui.ui.profiles.actions import Actions
from mfa_tui.ui.profiles.day_widget import Day
from mfa_tui.ui.profiles.details_widget import Body, Details
from mfa_tui.ui.profiles.filtered_list import FilteredList
from mfa_tui.ui.profiles.header import Header, header, named_at
from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.profiles.presenter import Presenter
from mfa_tui.ui.state.warnings import warning_lines
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.empty_list import EmptyList
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.timer import Timer

    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.commands.profile_commands import Situation
    from mfa_tui.ui.flows.host_screen import PaletteCommand
    from mfa_tui.ui.runtime.key_gate import HasKeyGate
    from mfa_tui.ui.runtime.threads import Threads
    from mfa_tui.ui.sessions.heartbeat import Heartbeat
    from mfa_tui.ui.state.app_state import AppState
    from mfa_tui.ui.state.demo_phone import DemoPhone
    from mfa_tui.ui.state.live_sessions import LiveSession
    from mfa_tui.ui.widgets.command_bar import Item
    from mfa_tui.ui.widgets.line_list import LineList


READ_DELAY = 0.3
"""Seconds that the cursor rests on a profile before the keyring is asked for its secret."""
WIDE = 120
"""Terminal columns from which the details are beside the list, and leave its columns readable."""
WITH_ACCOUNT = 100
"""Terminal columns from which the list has room for accounts."""
_WARNING = "mfa-tui: warning:"


class MainScreen(FilteredList):
    """The list of profiles."""

    AUTO_FOCUS = "ProfileList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual declares it as it is
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (45, "-high")]  # noqa: RUF012 - likewise
    TABLE: ClassVar[tuple[Command[Situation], ...]] = COMMANDS
    """The commands of the screen."""
    WARNS: ClassVar[bool] = True
    """Whether it shows what is wrong around the profiles: see :func:`warning_lines`."""
    BINDINGS: ClassVar[list[BindingType]] = [*list_bindings()]

    def __init__(self, app_state: AppState, threads: Threads, demo: DemoPhone | None, first: str) -> None:
        """*first* is the profile that was asked for, or nothing."""
        super().__init__(app_state, threads, demo)
        self.presenter = Presenter(app_state)
        self._first = first
        self._masked = False
        self._sessions: list[LiveSession] = []
        self._resting: Timer | None = None
        self._list = ProfileList(self.presenter.cells, app_state.can_log_in, self.presenter.moves, id="list")
        self._details = Details(id="details")
        self._day = Day(id="day")
        self._filter = self.make_filter()
        self._bar = CommandBar(spare=[command_action(name) for name in SPARE], drawn=self._first_frame)
        self._actions = self.make_actions()

    @cached_property
    def heartbeat(self) -> Heartbeat:
        """What the screen does by itself; from the first frame on, which need not wait for it."""
        from mfa_tui.ui.sessions.heartbeat import Heartbeat

        return Heartbeat(self, self)

    @classmethod
    def shown_keys(cls, keymap: Mapping[str, str]) -> dict[str, str]:
        """The labels of the commands' keys, by the commands' ids; *keymap* is the user's."""
        return keys_of(keymap, cls.TABLE)

    def make_filter(self) -> FilterBar:
        """The line above the list."""
        return FilterBar(lambda: self.app_state.keys["filter"], id="filter")

    def make_actions(self) -> Actions:
        """What the screen's commands do."""
        return Actions(self, self, self.presenter, self.TABLE)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Header(id="header")
        if self.demo is not None:
            yield Static(self.demo.banner, id="banner", markup=False)
        yield from self.compose_phone()
        yield Lines(id="warnings")
        yield self._filter
        with Body(self._details, id="body"):
            yield self._list
            yield EmptyList()
            with Container(id="side"):
                yield self._details
        if not self.app_state.picks:
            yield self._day
        yield self._bar

    def on_mount(self) -> None:
        """Prepare the first frame, and nothing else."""
        if self.app_state.overview is not None:
            self.show_list(keep=self.app_state.first_choice(self._first))
        self.on_resize()
        self.app.begin_capture_print(self, stdout=False)
        self.call_after_refresh(self._begin)

    def expect_size(self, size: Size) -> None:
        """As for any screen; and the timeline is beside what was done last where there is room."""
        super().expect_size(size)
        self._day.set_class(size.width >= WIDE, "-both", update=False)

    def _first_frame(self) -> None:
        """The first frame is drawn: keys are meant for it from now on."""
        cast("HasKeyGate", self.app).keys.open()

    def _begin(self) -> None:
        """After the first frame, follow the time and the files, and import what the commands need."""
        self.heartbeat.start()
        self.run_worker(self.threads.run(self._actions.preload), group="preload")

    # What is shown.

    def show_list(self, *, keep: str) -> None:
        """Show the profiles that match the filter, with the cursor on *keep*, a profile or the title of a group."""
        self._list.active, self._list.overridden = self.app_state.active, bool(self.app_state.overriding)
        self._list.wanted, self._list.account = self._filter.wanted, self.app_state.accounts.longest
        self._list.signs = self.app_state.accounts.any_colored
        self._list.pinned = frozenset(self.app_state.list_order.pinned)
        self._list.order = self.app_state.order if not self.app_state.picks else ""
        self._list.show(self.app_state.lines(self._filter.wanted), keep=keep, longest=self.app_state.longest)

    def go_on(self) -> None:
        """Move the cursor to the next profile."""
        self._list.action_move(1)

    def toggle_timeline(self) -> None:
        """Show the day's timeline, or hide it: where there is little room, in place of the details."""
        self.toggle_class("-timeline")
        self.call_after_refresh(self.redraw)

    async def reload(self) -> None:
        """Read the files again, and show the profiles, with the cursor where it was."""
        self.app_state.use_files(await self.threads.run(self.app_state.load_files))
        self.heartbeat.read_recent()
        self.show_list(keep=self._list.current or self._list.current_title)
        # Its profile may have a secret now, of a device that was just enrolled.
        self._read_at_rest()
        self.redraw()

    def draw(self) -> None:
        """Show the state as it is now."""
        self._list.marked, self._list.unknown = frozenset(self.app_state.marked), self.app_state.unknown
        self._list.refresh()
        nothing = empty_state.lines(self.app_state, self._filter.wanted, min(72, self.size.width - 10))
        self.set_class(bool(nothing), "-empty")
        self.query_one(EmptyList).show(nothing)
        warnings = warning_lines(self.app_state, self.size.width - 2) if self.WARNS else []
        self.query_one("#warnings", Lines).show(warnings)
        self.query_one("#warnings").display = bool(warnings)
        total = len(self.app_state.overview.names) if self.app_state.overview else 0
        self._filter.show(len(self.app_state.matching(self._filter.wanted)), total, self.app_state.summary)
        self._draw_sessions()
        self._draw_current()

    def _draw_sessions(self) -> None:
        """Draw the top line, and look up the sessions that are valid, which the timeline shows."""
        self._sessions = self.app_state.sessions()
        self.query_one(Header).show([header(self.app_state, self._sessions, self.size.width - 2)])

    def _draw_current(self) -> None:
        """Draw the details and the commands, which depend on the profile under the cursor; see :meth:`redraw`."""
        if not self.display:
            return
        self._draw_timed()
        self._bar.show(self.bar_items())
        self.draw_phone(masked=self._masked)

    def _draw_timed(self) -> None:
        """Draw what time changes even where there is no session: codes, and how long ago something was done."""
        name = self.shown_profile = self._list.current
        if self._day.is_mounted:
            entries, key = self.app_state.recent.entries, self.app_state.keys["history"]
            self._day.show(self._sessions, entries, self.app_state.now(), current=name, key=key)
        self._details.show(self.presenter.details(name, masked=self._masked))

    def bar_items(self) -> list[Item]:
        """The bottom line."""
        return main_bar(self.TABLE, self.situation, self.app_state.keys)

    def mask(self, masked: bool) -> None:
        """Hide every code while a picture is taken, or show them again."""
        self._masked = masked
        self._draw_current()

    def show_time(self) -> None:
        """Draw what time has changed, and nothing else."""
        self._list.tick()
        if self.app_state.has_targets or self.demo is not None:
            self._draw_sessions()
            self._draw_current()
        elif self.display:
            self._draw_timed()

    def show_recent(self) -> None:
        """Draw what was done last, which the timeline has."""
        self._draw_current()

    def on_unmount(self) -> None:
        """Watch nothing any more."""
        self.heartbeat.stop()

    def on_print(self, event: events.Print) -> None:
        """Show warnings of the services, which go to standard error, where the screen is."""
        if event.text.startswith(_WARNING):
            self.notify(event.text.removeprefix(_WARNING).strip(), severity="warning", markup=False)

    def on_resize(self) -> None:
        """Show accounts and the details beside the list if there is room now."""
        self._list.with_account = self.app.size.width >= WITH_ACCOUNT
        self._details.wide = self.app.size.width >= WIDE
        self._day.set_class(self.app.size.width >= WIDE, "-both")
        self.redraw()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The keys of the commands as hints show them."""
        return self.app_state.keys

    @property
    def situation(self) -> Situation:
        """What the commands depend on now."""
        return self.presenter.situation(self._list.current)

    # The cursor.

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        """Show the details of the profile, and read its secret once the cursor rests."""
        message.stop()
        self.app_state.action_log.clear_hints()
        self._draw_current()
        self._read_at_rest()

    def _read_at_rest(self) -> None:
        """Read the secret of the profile under the cursor, once that rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(READ_DELAY, self._read_seed)

    def _read_seed(self) -> None:
        # Not its coroutine: at the program's end, a worker may be cancelled before it has begun.
        self.run_worker(self._read_current_seed, group="seed")  # type: ignore[arg-type]  # it fits in two ways

    async def _read_current_seed(self) -> None:
        from mfa_tui.ui.seeds.read_flow import read_seed

        await read_seed(self, self._list.current)

    def on_header_clicked(self, message: Header.Clicked) -> None:
        """Move the cursor to the profile that was clicked in the top line."""
        message.stop()
        if name := named_at(self.app_state, self._sessions, message.line, message.cell):
            if not self.app_state.shows(name, self._filter.wanted):
                self.show_all()
                self._filter.wanted = ""
                self.app_state.open_group_of(name)
            self.show_list(keep=name)
            self.redraw()

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are commands unless the filter has the focus."""
        if action in ("key", "digit", "move", "fold"):
            # Nothing has it once the list is hidden as there are no profiles any more.
            return self.focused is not self._filter.line
        return super().check_action(action, parameters)

    def action_key(self, command_id: str) -> None:
        """Run the command of a key. The notifications of the one before have been seen."""
        self.app.clear_notifications()
        self.action_command(command_id)

    def action_digit(self, digit: str) -> None:
        """Open the code dialog: digits on the list are a code."""
        self.app.clear_notifications()
        self._actions.type_code(self._list.current, digit)

    def action_scroll_details(self, lines: int) -> None:
        """Scroll the details, where they do not fit."""
        (self.empty_list or self._details).scroll_relative(y=lines, animate=False)

    async def action_move(self, action: str) -> None:
        """Move the cursor, or scroll what is shown in place of the list."""
        await (self.empty_list or self._list).run_action(action)

    def available_commands(self) -> Iterable[PaletteCommand]:
        """All commands that can be done now."""
        return palette_commands(self.TABLE, self.situation, self.action_command)

    def action_command(self, command_id: str) -> None:
        """Run a command for the profile under the cursor, or show why it cannot be done. Enter opens a closed group."""
        if command_id == "login" and self._list.current_title:
            self.action_fold(closed=False)
            return
        self._actions.run(command_id, self._list.current)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        """Log in, after a double click."""
        message.stop()
        self.action_command("login")

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted code as if it was typed."""
        try:
            code = checked_code(event.text)
        except MfaTuiError:
            return
        event.stop()
        self._actions.type_code(self._list.current, code.reveal())

    def progressed(self) -> None:
        """Show what is being done for a profile."""
        self._list.update_rows()
        self._draw_current()
