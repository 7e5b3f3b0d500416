"""The main screen: the profiles, what there is to say of the one under the cursor, and the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Input, Static

from mfa_tui.adapters.programs import desktop_notification
from mfa_tui.core.seeds.totp import checked_code
from mfa_tui.errors import MfaTuiError
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.commands.command import bar_items, command_action
from mfa_tui.ui.commands.profile_commands import COMMANDS, SPARE
from mfa_tui.ui.flows.host_screen import HostScreen, command_offers
from mfa_tui.ui.profiles import empty_state
from mfa_tui.ui.profiles.actions import Actions
from mfa_tui.ui.profiles.details_widget import Details
from mfa_tui.ui.profiles.filter_bar import FilterBar
from mfa_tui.ui.profiles.header import header, shadowed
from mfa_tui.ui.profiles.list_widget import ProfileList
from mfa_tui.ui.state import keep_alive
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from mfa_tui.services.progress import Progress
    from mfa_tui.ui.commands.command import Command, S
    from mfa_tui.ui.commands.profile_commands import Situation
    from mfa_tui.ui.flows.host_screen import Offer
    from mfa_tui.ui.profiles.filter_line import FilterLine
    from mfa_tui.ui.runtime.key_gate import HasKeyGate
    from mfa_tui.ui.runtime.threads import Threads
    from mfa_tui.ui.state.app_state import AppState
    from mfa_tui.ui.state.demo_phone import Demo


REST = 0.3
"""Seconds that the cursor rests on a profile before the keyring is asked for its secret."""
WATCH = 2.0
"""Seconds between two looks at the files' time stamps."""
WIDE = 120
"""Columns from which the details stand beside the list, and leave its columns readable."""
WITH_ACCOUNT = 100
"""Columns from which the list has room for accounts."""
_WARNING = "mfa-tui: warning:"


def bindings(commands: Iterable[Command[S]]) -> list[Binding]:
    """The keys of a screen with these commands, and those that move in it.

    All have priority, so that keys typed in a burst take effect in their order: a binding without it is looked for
    only after the key has been through the focused widget's queue, when later keys may be on their way already.
    """
    moves = {
        "up,k": "move('move(-1)')",
        "down,j": "move('move(1)')",
        "pageup": "move('page(-1)')",
        "pagedown": "move('page(1)')",
        "home,g": "move('move(-1000000)')",
        "end,G": "move('move(1000000)')",
        "shift+down,ctrl+down": "scroll_details(1)",
        "shift+up,ctrl+up": "scroll_details(-1)",
    }
    return [
        *(Binding(c.key, f"key({c.id!r})", c.label, id=c.id, tooltip=c.help, priority=True) for c in commands),
        *(Binding(digit, f"digit({digit!r})", show=False, priority=True) for digit in "0123456789"),
        *(Binding(keys, action, show=False, priority=True) for keys, action in moves.items()),
    ]


class MainScreen(HostScreen):
    """See the module. *first* is the profile that was asked for, or nothing."""

    AUTO_FOCUS = "ProfileList"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual declares it as it is
    TABLE: ClassVar[tuple[Command[Situation], ...]] = COMMANDS
    """The commands of the screen."""
    WARNS: ClassVar[bool] = True
    """Whether it tells of keys in the environment that outrank every profile."""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS)]

    def __init__(self, app_state: AppState, threads: Threads, demo: Demo | None, first: str) -> None:
        super().__init__(app_state, threads, demo)
        self._first = first
        self._masked = False
        self._resting: Timer | None = None
        self._list = ProfileList(app_state.cells, app_state.able, id="list")
        self._details = Details(id="details")
        self._filter = FilterBar(id="filter")
        self._bar = CommandBar(spare=[command_action(name) for name in SPARE], drawn=self._stands)
        self._actions = self.make_actions(self)

    def make_actions(self, host: HostScreen) -> Actions:
        """What the screen's commands do."""
        return Actions(self, host)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Lines(id="header")
        yield Static(self.demo.banner if self.demo else "", id="banner", markup=False)
        yield Lines(id="phone")
        yield Static(shadowed(self.app_state), id="shadow", markup=False)
        yield self._filter
        with Container(id="body"):
            yield self._list
            yield Lines(id="empty")
            yield self._details
        yield self._bar

    def on_mount(self) -> None:
        """Everything that the first picture needs, and nothing else."""
        self.query_one("#shadow").display = self.WARNS and bool(self.app_state.shadows)
        self.query_one("#banner").display = self.demo is not None
        if self.app_state.overview is not None:
            self._show_list(keep=self.app_state.first_choice(self._first))
        self.redraw()
        self.app.begin_capture_print(self, stdout=False)
        self.call_after_refresh(self._begin)

    def _stands(self) -> None:
        """The first picture is there; keys are meant for it."""
        cast("HasKeyGate", self.app).keys.stand()

    def _begin(self) -> None:
        """After the first picture: the clock ticks, the files are watched, and the AWS library is loaded."""
        self.set_interval(1.0, self._tick)
        self.set_interval(WATCH, self._look)
        self.run_worker(self.threads.run(self.app_state.context.aws.preload), group="preload")

    # What is shown.

    def _show_list(self, *, keep: str) -> None:
        self._list.active, self._list.outranked = self.app_state.active, bool(self.app_state.shadows)
        self._list.wanted = self._filter.wanted
        self._list.pinned = frozenset(self.app_state.list_order.pinned)
        self._list.show(self.app_state.matching(self._filter.wanted), keep=keep, longest=self.app_state.longest)

    def rearrange(self) -> None:
        """The user chose another order; the cursor stays on its profile."""
        self.app_state.arrange()
        self._show_list(keep=self._list.current)
        self.redraw()

    async def reload(self) -> None:
        """Read the files again, and show what they hold, with the cursor where it was."""
        self.app_state.take(await self.threads.run(self.app_state.read))
        self._show_list(keep=self._list.current)
        self.redraw()

    def redraw(self) -> None:
        """Show what the state is now."""
        self._list.refresh()
        nothing = empty_state.lines(self.app_state, self._filter.wanted, min(72, self.size.width - 10))
        self.set_class(bool(nothing), "-empty")
        self.query_one("#empty", Lines).show(nothing)
        self._filter.show(len(self._list.names), len(self.app_state.overview.names) if self.app_state.overview else 0)
        self.query_one("#header", Lines).show([header(self.app_state, self.size.width - 2)])
        self._draw_current()

    def _draw_current(self) -> None:
        """The details and the commands, which speak of the profile under the cursor."""
        name = self._list.current
        self._details.show(self.app_state.pane(name, masked=self._masked))
        self._bar.show(bar_items(self.TABLE, self.situation, self.app_state.keys))
        self.draw_phone(masked=self._masked)

    def mask(self, masked: bool) -> None:
        """A picture is taken: hide every code."""
        self._masked = masked
        self._draw_current()

    def _tick(self) -> None:
        """Once a second: what time has changed, and nothing else."""
        self._list.tick()
        self._draw_current()
        due = self.app_state.due()
        if due.tell:
            self._alert(*keep_alive.ending(due.tell, self.app_state.now(), self.app_state.keys))
        if due.renew:
            self.run_worker(self._renew_by_itself(due.renew), group="vigil")

    async def _renew_by_itself(self, name: str) -> None:
        """Renew the session of a profile that is kept alive; if that fails while it lives, say so once."""
        renewed = await self._actions.renew_by_itself(name)
        self.app_state.keep_alive.ended(name, renewed=renewed)
        row = self.app_state.row(name)
        ends = row is not None and row.session.at(self.app_state.now()) == State.ENDING
        if row is not None and not renewed and ends and self.app_state.keep_alive.first_time(row):
            self._alert(*keep_alive.unrenewed(row, self.app_state.now()))

    def _alert(self, title: str, message: str) -> None:
        """Tell of what should not be missed, by sound and outside of the terminal, too."""
        self.notify(message, title=title, severity="warning", markup=False)
        self.app.bell()
        if self.app_state.context.settings.notify:
            desktop_notification.send(title, message)

    async def _look(self) -> None:
        """Another program may have written the files."""
        if await self.threads.run(self.app_state.stale):
            await self.reload()
        elif self.app_state.look_again():
            self._list.tick()

    def on_print(self, event: events.Print) -> None:
        """Warnings of the services are meant for standard error, where the screen is now."""
        if event.text.startswith(_WARNING):
            self.notify(event.text.removeprefix(_WARNING).strip(), severity="warning", markup=False)

    def on_resize(self) -> None:
        """There is room for accounts and a second column, or not."""
        self._list.with_account = self.size.width >= WITH_ACCOUNT
        self._details.wide = self.size.width >= WIDE
        self.redraw()

    @property
    def situation(self) -> Situation:
        """What the commands go by now."""
        return self.app_state.situation(self._list.current)

    # The cursor.

    def on_profile_list_highlighted(self, message: ProfileList.Highlighted) -> None:
        """The details follow; the keyring is asked once the cursor rests."""
        message.stop()
        self.app_state.action_log.clear_hints()
        self._draw_current()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._read_seed)

    def _read_seed(self) -> None:
        if self.app_state.unread_seed(self._list.current):
            self.run_worker(self.read_seed(self._list.current), group="seed")

    # The filter.

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show what matches, with the cursor where it was if that is among it."""
        message.stop()
        self._show_list(keep=self._list.current)
        self.redraw()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter logs in from the filter, too."""
        message.stop()
        self.action_command("login")

    async def on_filter_line_moved(self, message: FilterLine.Moved) -> None:
        """Arrows move the list while the filter is typed in."""
        await self._list.run_action(message.action)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Back to the list."""
        if message.clear:
            self.show_all()
        self.set_focus(self._list)

    # Commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are commands as long as no filter is typed in."""
        if action in ("key", "digit", "move"):
            return self.focused is self._list
        return super().check_action(action, parameters)

    def action_key(self, command_id: str) -> None:
        """The key of a command. What was told of the one before has been seen."""
        self.app.clear_notifications()
        self.action_command(command_id)

    def action_digit(self, digit: str) -> None:
        """Digits on the list are a code."""
        self.app.clear_notifications()
        self._actions.type_code(self._list.current, digit)

    def action_scroll_details(self, lines: int) -> None:
        """Keys that scroll the details, where they do not fit."""
        self._details.scroll_relative(y=lines, animate=False)

    async def action_move(self, action: str) -> None:
        """Keys that move the cursor."""
        await self._list.run_action(action)

    def offers(self) -> Iterable[Offer]:
        """All commands that can be done now."""
        return command_offers(self.TABLE, self.situation, self.action_command)

    def action_command(self, command_id: str) -> None:
        """Do a command for the profile under the cursor, or say why it cannot be done."""
        self._actions.do(command_id, self._list.current)

    def on_profile_list_chosen(self, message: ProfileList.Chosen) -> None:
        """A double click logs in."""
        message.stop()
        self.action_command("login")

    def on_paste(self, event: events.Paste) -> None:
        """A pasted code is one that was typed."""
        try:
            code = checked_code(event.text)
        except MfaTuiError:
            return
        event.stop()
        self._actions.type_code(self._list.current, code.reveal())

    def progressed(self) -> None:
        """Show what is being done for a profile."""
        self._list.tick()
        self._draw_current()

    async def read_seed(self, name: str, *, disturbing: bool = False) -> None:
        """Have the profile's secret read from where it is, if it was not yet; see ``Desk.unread_seed``."""
        serial = self.app_state.unread_seed(name, disturbing=disturbing)
        if serial:

            def touch(progress: Progress) -> None:
                self.app.call_from_thread(self.notify, progress.text, severity="warning", markup=False)

            await self.threads.run(lambda: self.app_state.codes.read(name, serial, touch))
            self._draw_current()

    def find(self) -> None:
        """Type into the filter."""
        self.run_worker(self.threads.run(self.app_state.prepare_filter))
        self.set_focus(self._filter.line)

    def show_all(self) -> None:
        """Clear the filter."""
        self._filter.clear()
