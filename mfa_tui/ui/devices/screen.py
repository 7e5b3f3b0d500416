"""The MFA devices of a profile's user, and what can be done with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mfa_tui.ui.commands.command import key_bindings
from mfa_tui.ui.commands.device_commands import COMMAND_LINE, DEVICE_COMMANDS, SPARE
from mfa_tui.ui.devices.actions import DeviceActions
from mfa_tui.ui.devices.state import DeviceList
from mfa_tui.ui.flows.user_list_screen import UserListScreen
from mfa_tui.ui.text.status_lines import problem_lines, troubleshooting_hint

if TYPE_CHECKING:
    from textual.binding import BindingType

    from mfa_tui.errors import MfaTuiError
    from mfa_tui.ui.commands.device_commands import DeviceSituation
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.text.spans import Line


class DevicesScreen(UserListScreen):
    """The screen of devices."""

    TABLE = DEVICE_COMMANDS
    SPARE = SPARE
    COMMAND_LINE = COMMAND_LINE
    BINDINGS: ClassVar[list[BindingType]] = [*key_bindings(DEVICE_COMMANDS)]

    def __init__(self, opener: HostScreen, profile: str) -> None:
        super().__init__(opener, profile)
        self._devices = DeviceList(profile)
        self._actions = DeviceActions(self, self._devices)

    async def load(self) -> None:
        """Ask AWS for the devices."""
        await self._actions.reload()

    def run_command(self, command_id: str) -> None:
        """Run a command for the device under the cursor."""
        self._actions.run(command_id)

    @property
    def _places(self) -> dict[str, str]:
        return self.app_state.context.seeds.places()

    @property
    def situation(self) -> DeviceSituation:
        """What the commands depend on now."""
        kept = bool(self.app_state.context.seeds.stored())
        running = self.app_state.action_log.entry(self.base).running
        return self._devices.situation(self._places, kept=kept, running=running)

    def heading(self, width: int) -> Line:
        """Whose devices they are, and how many."""
        return self._devices.title(width)

    def rows(self, width: int) -> list[list[Line]]:
        """The column titles, and a row for each device."""
        return self._devices.table(self._places, width)

    @property
    def cursor(self) -> int:
        """The index of the device under the cursor."""
        return self._devices.cursor

    def point(self, index: int) -> None:
        """Put the cursor on a device."""
        self._devices.point(index)

    def nothing(self, width: int) -> list[Line]:
        """What to do where there is no device."""
        return self._devices.nothing(self.keys, width)

    def about(self, width: int) -> list[list[Line]]:
        """The device under the cursor, and what is wrong with the list of secrets."""
        problem = self.app_state.context.seeds.index_problem()
        parts = [self._devices.about(self._places, self.keys, width)]
        return [*parts, problem_lines(problem, width)] if problem else parts

    def more_help(self, problem: MfaTuiError, width: int) -> list[Line]:
        """The key that opens troubleshooting, where that helps."""
        return troubleshooting_hint(problem, self.keys["device-trouble"], width)
