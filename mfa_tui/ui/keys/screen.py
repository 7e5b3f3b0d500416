"""The long-term keys of a profile's user, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll

from mfa_tui.ui.commands.command import bar_items, command_action
from mfa_tui.ui.commands.key_commands import COMMAND_LINE, KEY_COMMANDS, SPARE
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.flows.host_screen import HOST_SCREEN_CSS, HostScreen, palette_commands
from mfa_tui.ui.keys.actions import KeyActions
from mfa_tui.ui.keys.state import KeyList
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, wrapped
from mfa_tui.ui.text.status_lines import key_hints, notice_lines, problem_lines, progress_lines
from mfa_tui.ui.widgets.choice_list import ChoiceList
from mfa_tui.ui.widgets.command_bar import CommandBar
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.commands.key_commands import KeySituation
    from mfa_tui.ui.flows.host_screen import PaletteCommand

_WIDEST = 96


class KeysScreen(HostScreen):
    """Opened for *profile* from *opener*, which also shows the result."""

    TABLE: ClassVar[tuple[Command[KeySituation], ...]] = KEY_COMMANDS
    CSS_PATH = HOST_SCREEN_CSS
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(c.key, f"key({c.id!r})", c.label, id=c.id, tooltip=c.help, priority=True) for c in KEY_COMMANDS),
        Binding("up,k", "move(-1)", show=False, priority=True),
        Binding("down,j", "move(1)", show=False, priority=True),
    ]

    def __init__(self, opener: HostScreen, profile: str) -> None:
        super().__init__(opener.app_state, opener.threads, opener.demo)
        self._opener = opener
        self.key_list = KeyList(profile)
        self._masked = False
        self.hint = ""
        """Why the last key did nothing."""
        self.keys = keys_of(self.app_state.context.settings.keymap, KEY_COMMANDS)
        self._actions = KeyActions(self, self)

    def compose(self) -> ComposeResult:
        """Lay out the screen from top to bottom."""
        yield Lines(id="title")
        yield Lines(id="phone")
        yield ChoiceList(id="table")
        yield Lines(id="empty")
        with VerticalScroll(id="details", can_focus=False):
            yield Lines()
        yield CommandBar(spare=[command_action(name) for name in SPARE])

    def on_mount(self) -> None:
        """Ask AWS for the keys."""
        self.redraw()
        self.set_interval(1.0, self.redraw)
        self.run_worker(self._actions.reload())

    async def reload(self) -> None:
        """Read the files again, and show what they contain."""
        await self._opener.reload()
        self.redraw()

    def mask(self, masked: bool) -> None:
        """Hide the codes of the demo's phone while a screenshot is taken."""
        self._masked = masked
        self.redraw()

    def on_resize(self) -> None:
        """Lay everything out again."""
        self.redraw()

    def draw(self) -> None:
        """Draw the current state."""
        if not self.is_attached:
            return
        shown, state = self.key_list, self.app_state
        self.query_one("#title", Lines).show([shown.title(self.size.width - 2)])
        self.draw_phone(masked=self._masked)
        table = self.query_one("#table", ChoiceList)
        table.display = bool(shown.keys)
        # The first line has the column titles.
        rows = shown.table(state.now(), state.context.settings.key_age_days, self.size.width - 1)
        table.offer(rows, cursor=shown.cursor + 1)
        self.query_one("#empty").display = False
        width = min(_WIDEST, self.size.width - 4)
        parts = [part for part in (shown.about(self.keys, state.now(), width), self._activity(width)) if part]
        self.query_one("#details").display = bool(parts)
        self.query_one("#details > Lines", Lines).show([line for part in parts for line in (EMPTY, *part)][1:])
        self.query_one(CommandBar).show(bar_items(self.TABLE, self.situation, self.keys))

    @property
    def situation(self) -> KeySituation:
        """What the commands depend on now."""
        row = self.app_state.row(self.base)
        kind = row.profile.kind if row is not None else ""
        return self.key_list.situation(kind, running=self.app_state.action_log.entry(self.base).running)

    @property
    def base(self) -> str:
        """The profile that holds the user's keys, under which the action log has what is running."""
        row = self.app_state.row(self.key_list.profile)
        return row.profile.base if row is not None else self.key_list.profile

    def _activity(self, width: int) -> list[Line]:
        """What is running, how the last action went, and why the last key did nothing."""
        entry = self.app_state.action_log.entry(self.base)
        if entry.running:
            lines = progress_lines(entry.progress, width, self.app_state.context.clock.monotonic())
        elif entry.problem is not None:
            problem = entry.problem
            lines = [*problem_lines(problem, width), *key_hints(problem, COMMAND_LINE, self.keys, width)]
        else:
            lines = notice_lines(entry.notices, width)
        if self.hint:
            lines = [*lines, *wrapped(self.hint, width, Tone.DIM, first=Span("– ", Tone.WARN))]
        return lines

    # What the user does.

    def action_key(self, command_id: str) -> None:
        """Run the command of a key. The hint of the one before has been seen."""
        self.app.clear_notifications()
        self.action_command(command_id)

    def available_commands(self) -> Iterable[PaletteCommand]:
        """All commands that can be run now."""
        return palette_commands(self.TABLE, self.situation, self.action_command)

    def action_command(self, command_id: str) -> None:
        """Run a command for the key under the cursor, or say why it cannot be run."""
        self._actions.do(command_id)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.hint = ""
        self.key_list.point(self.key_list.cursor + by)
        self.redraw()

    def on_choice_list_chosen(self, message: ChoiceList.Chosen) -> None:
        """Put the cursor on the key that was clicked; the first line has the titles."""
        message.stop()
        if message.index:
            self.key_list.point(message.index - 1)
            self.action_move(0)
