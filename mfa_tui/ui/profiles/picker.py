"""The picker: the main screen's list, to choose one profile from, below the prompt.

What is typed goes into the filter, digits too, so no command is on a key that types. Its keys are its own: those that a
user's keymap gives to the main screen's commands may be letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from mfa_tui.core.profiles.kind import USABLE_BY_SDKS
from mfa_tui.services.listing.preferences import count_use
from mfa_tui.ui.commands.keymap import key_label
from mfa_tui.ui.commands.profile_commands import BY_ID
from mfa_tui.ui.profiles.actions import Actions
from mfa_tui.ui.profiles.screen import MainScreen
from mfa_tui.ui.widgets.filter_bar import FilterBar
from mfa_tui.ui.widgets.filter_line import FilterLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.worker import Worker

    from mfa_tui.ui.commands.profile_commands import Situation
    from mfa_tui.ui.runtime.key_gate import HasKeyGate
    from mfa_tui.ui.text.spans import Line
    from mfa_tui.ui.widgets.command_bar import Item


def _why_not(now: Situation) -> str:
    """Why the profile cannot be picked; nothing if it can."""
    if now.row is None:
        return "no profile is selected"
    if now.entry.running:
        return _RUNNING
    profile = now.row.profile
    return "" if profile.can_log_in or profile.kind in USABLE_BY_SDKS else profile.problem


_RUNNING = "another action is running"
PICKER_KEYS = {"login": "enter", "renew": "ctrl+r", "help": "f1", "cancel": "escape"}
"""The keys of the picker's commands."""
PICKER_COMMANDS = (
    BY_ID["login"]._replace(
        label="Use", help="Use the profile in this shell, after logging in if needed.", why_not=_why_not
    ),
    BY_ID["renew"],
    BY_ID["help"],
    BY_ID["cancel"]._replace(
        label="Leave",
        help="Stop what is running, clear the filter, or leave the shell as it is. ^q leaves at once.",
        why_not=lambda _: "",
        in_footer=True,
    ),
)
"""The commands of the picker: a few of the main screen's, two of them with another meaning."""
_MOVES = (
    ("a-z", "Filter: some letters of a name, in their order. The best match and what you use most come first."),
    ("↑ ↓", "Move; page up, page down, home and end do too."),
    ("⇧↑ ⇧↓", "Scroll the details."),
    ("^p", "All commands, by name."),
)


class PickScreen(MainScreen, inherit_bindings=False):
    """Ends the program with the name of the profile that was chosen, or with none."""

    TABLE = PICKER_COMMANDS
    AUTO_FOCUS = "FilterLine"
    # Picking a profile unsets them.
    WARNS = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def on_mount(self) -> None:
        """The filter keeps the focus."""
        self._list.can_focus = False

    def make_filter(self) -> FilterBar:
        """The line in which letters, and all keys, are handled in the order in which they are typed."""
        commands = {PICKER_KEYS[command_id]: command_id for command_id in ("renew", "help")}
        return FilterBar(lambda: "›", FilterLine("type to filter", commands=commands), id="filter")

    @classmethod
    def shown_keys(cls, keymap: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG003 - see above
        """The labels of the commands' keys, by the commands' ids."""
        return {command_id: key_label(key) for command_id, key in PICKER_KEYS.items()}

    def make_actions(self) -> Actions:
        """The picker's own."""
        return PickerActions(self)

    def bar_items(self) -> list[Item]:
        """The bottom line; it says what letters do."""
        items = super().bar_items()
        at = 1 if self.app_state.matching(self._filter.wanted) else 0
        return [("", "a-z", "Filter", True), *items[:at], *[("", "↑↓", "Move", True)] * at, *items[at:]]

    def _first_frame(self) -> None:
        """The first frame is drawn: what was typed for the filter before goes into it now."""
        for key in cast("HasKeyGate", self.app).keys.open():
            self._filter.line.post_message(key)

    def _begin(self) -> None:
        """After the first frame, prepare the filter, too."""
        super()._begin()
        self.run_worker(self.threads.run(self.app_state.prepare_filter))

    def on_filter_line_command(self, message: FilterLine.Command) -> None:
        """Run the command of a key."""
        message.stop()
        self.action_key(message.command_id)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Go back by one step. The filter keeps the focus."""
        message.stop()
        message.prevent_default()
        if message.clear:
            self.action_key("cancel")

    @property
    def filtered(self) -> bool:
        """Whether a filter hides profiles."""
        return bool(self._filter.wanted)


class PickerActions(Actions):
    """The commands of the picker, by their ids: as on the main screen, except that choosing a profile ends it."""

    def __init__(self, screen: PickScreen) -> None:
        super().__init__(screen, screen, screen.presenter, screen.TABLE)
        self._picker = screen
        self._handlers |= {"login": self._use, "cancel": self._step_back}

    def _use(self, name: str) -> None:
        if self._app_state.action_log.running():
            self._app_state.action_log.set_hint(name, f"{self._table['login'].label}: {_RUNNING}.")
        elif self._app_state.can_log_in(name):
            login: Worker[Any] = self._start_login(name, and_then=self._picker.app.exit)
            # The choice is made: what is typed meanwhile must not move the cursor.
            cast("HasKeyGate", self._picker.app).keys.hold(
                login, cast("Screen[Any]", self._picker), f"the login to {name} is running"
            )
        else:
            count_use(self._app_state.context.paths, name, self._app_state.context.clock.now())
            self._picker.app.exit(name)

    def _step_back(self, name: str) -> None:
        """Stop what is running, else clear the filter, else leave the picker."""
        running = self._app_state.action_log.running()
        for scope in running:
            scope.cancel()
        if not running and self._picker.filtered:
            self._picker.show_all()
        elif not running:
            self._handlers["quit"](name)

    def list_help(self, width: int) -> list[Line]:
        """The help's lines about the list: its other keys, and its signs."""
        from mfa_tui.ui.help.command_lines import list_lines

        return list_lines(width, _MOVES, ascii_only=self._app_state.ascii_only)
