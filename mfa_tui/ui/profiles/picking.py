"""What the commands of the picker do: as on the main screen, except that choosing a profile ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.ui.profiles.actions import Actions

if TYPE_CHECKING:
    from mfa_tui.ui.commands.profile_commands import Situation
    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.profiles.picker import PickScreen


class Picking(Actions):
    """The commands of the picker, by their ids in its table."""

    def __init__(self, screen: PickScreen, host: HostScreen) -> None:
        super().__init__(screen, host)
        self._picker = screen
        self._does |= {"login": self._use, "cancel": self._step_back}

    def _use(self, name: str) -> None:
        if self._app_state.able(name):
            self._log_in(name)
        else:
            self._logged_in(name)

    def _logged_in(self, name: str) -> None:
        self._picker.choose(name)

    def _step_back(self, name: str) -> None:
        """Escape: out of what runs, else out of the filter, else out of the picker."""
        if self._app_state.action_log.entry(name).running or self._picker.filtered:
            self._cancel(name)
        else:
            self._does["quit"](name)


def why_not(now: Situation) -> str:
    """Why the profile cannot be picked; nothing if it can."""
    from mfa_tui.services.profiles.switching import SDKS_CAN

    if now.row is None:
        return "there is no profile here"
    if now.entry.running:
        return "it is logging in already"
    profile = now.row.profile
    return "" if profile.can_log_in or profile.kind in SDKS_CAN else profile.problem
