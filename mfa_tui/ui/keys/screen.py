"""The long-term keys of a profile's user, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mfa_tui.ui.commands.command import key_bindings
from mfa_tui.ui.commands.key_commands import COMMAND_LINE, KEY_COMMANDS, SPARE
from mfa_tui.ui.flows.user_list_screen import UserListScreen
from mfa_tui.ui.keys.actions import KeyActions
from mfa_tui.ui.keys.state import KeyList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from mfa_tui.ui.commands.key_commands import KeySituation
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.text.spans import Line


class KeysScreen(UserListScreen):
    """The screen of keys."""

    TABLE = KEY_COMMANDS
    SPARE = SPARE
    COMMAND_LINE = COMMAND_LINE
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(KEY_COMMANDS)]

    def __init__(self, opener: HostScreen, profile: str) -> None:
        super().__init__(opener, profile)
        self._keys = KeyList(profile)
        self._actions = KeyActions(self, self._keys)

    async def load(self) -> None:
        """Ask AWS for the keys."""
        await self._actions.reload()

    def run_command(self, command_id: str) -> None:
        """Run a command for the key under the cursor."""
        self._actions.run(command_id)

    @property
    def situation(self) -> KeySituation:
        """What the commands depend on now."""
        row = self.app_state.row(self.base)
        kind = row.profile.kind if row is not None else ""
        return self._keys.situation(kind, running=self.app_state.action_log.entry(self.base).running)

    def heading(self, width: int) -> Line:
        """Whose keys they are, and how many."""
        return self._keys.title(width)

    def rows(self, width: int) -> list[list[Line]]:
        """The column titles, and a row for each key."""
        return self._keys.table(self.app_state.now(), self.app_state.context.settings.key_age_days, width)

    @property
    def cursor(self) -> int:
        """The index of the key under the cursor."""
        return self._keys.cursor

    def point(self, index: int) -> None:
        """Put the cursor on a key."""
        self._keys.point(index)

    def about(self, width: int) -> list[list[Line]]:
        """The key under the cursor."""
        return [self._keys.about(self.keys, self.app_state.now(), width)]
