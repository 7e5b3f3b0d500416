"""The keys of all commands: a new key is pressed, and clashes are shown before anything is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message

from mfa_tui.core.settings.interface import key_problem
from mfa_tui.core.settings.key_names import Key
from mfa_tui.core.settings.table import KEYMAP
from mfa_tui.errors import ConfigError
from mfa_tui.services.settings.change import set_value, unset
from mfa_tui.ui.commands.account_commands import ACCOUNT_COMMANDS
from mfa_tui.ui.commands.command import key_bindings
from mfa_tui.ui.commands.device_commands import DEVICE_COMMANDS
from mfa_tui.ui.commands.doctor_commands import DOCTOR_COMMANDS
from mfa_tui.ui.commands.history_commands import HISTORY_COMMANDS
from mfa_tui.ui.commands.key_commands import KEY_COMMANDS
from mfa_tui.ui.commands.keymap import key_labels
from mfa_tui.ui.commands.profile_commands import COMMANDS
from mfa_tui.ui.commands.settings_commands import KEYMAP_COMMANDS, SETTINGS_COMMANDS, SettingsSituation
from mfa_tui.ui.settings.rows import about_command, key_rows
from mfa_tui.ui.settings.table_screen import TableScreen
from mfa_tui.ui.text.spans import Line, Span, Tone, line
from mfa_tui.ui.widgets.styled import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from mfa_tui.ui.commands.command import Command
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.settings.rows import KeyRow
    from mfa_tui.ui.widgets.command_bar import Item

_TABLES: tuple[tuple[Command[Any], ...], ...] = (
    COMMANDS, DEVICE_COMMANDS, ACCOUNT_COMMANDS, KEY_COMMANDS, HISTORY_COMMANDS, DOCTOR_COMMANDS,
    SETTINGS_COMMANDS, KEYMAP_COMMANDS,
)  # fmt: skip
_BY_ID: dict[str, Command[Any]] = {command.id: command for table in _TABLES for command in table}


class KeyCatcher(Lines, can_focus=True):
    """Takes the next key that is pressed, whatever it is, and posts it as ``Caught``; Escape posts ``Left``."""

    DEFAULT_CSS = """
    KeyCatcher { margin: 1 0 0 0; }
    """

    class Caught(Message):
        """A key was pressed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key
            """Its name in Textual."""

    class Left(Message):
        """No key is wanted."""

    def on_key(self, event: events.Key) -> None:
        """Take the key before anything else does."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Left() if event.key == "escape" else self.Caught(event.key))


class KeymapScreen(TableScreen["KeyRow"]):
    """Opened from *opener*, the screen of settings."""

    TABLE = KEYMAP_COMMANDS
    TITLE = "Keys of commands"
    THING = "command"
    FILTER, FILTER_ENTER = "keymap-filter", "keymap-change"
    COLUMNS: ClassVar[Mapping[str, int]] = {"COMMAND": 18, "KEYS": 12, "FROM": 8, "SCREEN": 11, "DOES": 30}
    # A few words of what a command does say nothing; the details say it all.
    SPARE = ("SCREEN", "DOES")
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(KEYMAP_COMMANDS)]

    def __init__(self, opener: HostScreen) -> None:
        super().__init__(opener)
        self._keymap: dict[str, str] = {}
        self._catcher = KeyCatcher(id="catcher")
        self._adds = False

    def answer_widgets(self) -> Sequence[Widget]:
        """What takes the next key."""
        return (self._catcher,)

    def make_rows(self) -> list[KeyRow]:
        """A row for each command."""
        found = self.values.find(Key((KEYMAP,), None)).value if self.values is not None else {}
        keymap = found if isinstance(found, dict) else {}
        self._keymap = {name: keys for name, keys in keymap.items() if isinstance(keys, str)}
        return key_rows(self._keymap, _BY_ID)

    def cells(self) -> list[Mapping[str, Span]]:
        """The rows of the table."""
        return [
            {
                "COMMAND": Span(row.command.id),
                "KEYS": Span(key_labels(row.keys, ascii_only=self.app_state.ascii_only), Tone.KEY),
                "FROM": row.source,
                "SCREEN": Span(row.screen, Tone.DIM),
                "DOES": Span(row.command.help, Tone.DIM),
            }
            for row in self.rows
        ]

    def about(self, width: int) -> list[Line]:
        """The details of the command under the cursor."""
        if self.row is None:
            return []
        return about_command(self.row, width, short=self.is_refused, ascii_only=self.app_state.ascii_only)

    @property
    def situation(self) -> SettingsSituation:
        """What the commands depend on now."""
        why_not = "" if self.row is not None else "there is no command here"
        return SettingsSituation(
            is_set=self.row is not None and self.row.is_set, why_not=why_not, is_empty=self.is_empty
        )

    # A new key.

    def answer_bar(self) -> list[Item]:
        """The bottom line while a key is awaited."""
        return [("screen.leave_answer", "esc", "Leave it as it is", True)]

    def run_command(self, command_id: str) -> None:
        """Run a command for the command under the cursor."""
        does: dict[str, Callable[[], object]] = {
            "keymap-change": lambda: self._begin(adds=False),
            "keymap-add": lambda: self._begin(adds=True),
            "keymap-default": self._reset,
            "keymap-filter": self.focus_filter,
            "keymap-help": lambda: self.run_worker(self.show_help()),
            "keymap-back": lambda: self.run_worker(self.go_back()),
        }
        does[command_id]()

    def _begin(self, *, adds: bool) -> None:
        if self.row is None:
            return
        self._adds = adds
        asked = "one more key" if adds else "the new key"
        self._catcher.show([line(Span(f" Press {asked} for {self.row.command.label}. ", Tone.LOUD))])
        self.begin_answer(self._catcher)

    def on_key_catcher_left(self, message: KeyCatcher.Left) -> None:
        """Leave the keys as they are."""
        message.stop()
        self.action_leave_answer()

    def on_key_catcher_caught(self, message: KeyCatcher.Caught) -> None:
        """Save the key, or show why it cannot be the command's, and wait for another."""
        message.stop()
        if (row := self.answered) is None:
            return
        keys = f"{row.keys},{message.key}" if self._adds else message.key
        if problem := key_problem({**self._keymap, row.command.id: keys}, row.command.id):
            self.problem = ConfigError("settings-value", f"{problem}.", "", "Press another key.")
            self.redraw()
            return
        self.end_answer()
        self.redraw()
        paths = self.app_state.context.paths
        self.run_worker(self.change(lambda: set_value(paths, row.key, keys), reloads=False))

    def _reset(self) -> None:
        row, paths = self.row, self.app_state.context.paths
        if row is not None:
            self.run_worker(self.change(lambda: unset(paths, row.key), reloads=False))
