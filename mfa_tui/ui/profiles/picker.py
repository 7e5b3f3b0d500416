"""The picker: the main screen's list, to choose one profile from, below the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mfa_tui.services.listing.preferences import update_preferences
from mfa_tui.ui.commands.profile_commands import BY_ID, COMMANDS
from mfa_tui.ui.profiles.actions import Actions
from mfa_tui.ui.profiles.screen import MainScreen, bindings

if TYPE_CHECKING:
    from textual.binding import BindingType

    from mfa_tui.ui.commands.profile_commands import Situation


def _why_not(now: Situation) -> str:
    """Why the profile cannot be picked; nothing if it can."""
    from mfa_tui.services.profiles.switching import USABLE_BY_SDKS

    if now.row is None:
        return "no profile is selected"
    if now.entry.running:
        return "another action is running"
    profile = now.row.profile
    return "" if profile.can_log_in or profile.kind in USABLE_BY_SDKS else profile.problem


_IN_FOOTER = ("login", "renew", "filter", "help", "cancel")
_OFFERED = (*_IN_FOOTER, "quit")
"""The picker has no other commands of the main screen: a stray letter must not do anything else."""
_USE = BY_ID["login"]._replace(
    label="Use", help="Use the profile in this shell, after logging in if needed.", why_not=_why_not
)
_LEAVE = BY_ID["cancel"]._replace(
    label="Leave",
    help="Stop what is running, clear the filter, or leave the shell as it is.",
    why_not=lambda _: "",
)
PICKER_COMMANDS = tuple(
    {"login": _USE, "cancel": _LEAVE}.get(command.id, command)._replace(in_footer=command.id in _IN_FOOTER)
    for command in COMMANDS
    if command.id in _OFFERED
)
"""The commands of the picker: a few of the main screen's, two of them with another meaning."""


class PickScreen(MainScreen, inherit_bindings=False):
    """Ends the program with the name of the profile that was chosen, or with none."""

    TABLE = PICKER_COMMANDS
    # Picking a profile unsets them.
    WARNS = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PICKER_COMMANDS)]

    def make_actions(self) -> Actions:
        """The picker's own."""
        return PickerActions(self)

    @property
    def filtered(self) -> bool:
        """Whether a filter hides profiles."""
        return bool(self._filter.wanted)

    def choose(self, name: str) -> None:
        """End the program with a profile that can be used."""
        used = self.app_state.context.clock.now()
        update_preferences(self.app_state.context.paths, lambda now: now.with_last_used(name, used))
        self.app.exit(name)


class PickerActions(Actions):
    """The commands of the picker, by their ids: as on the main screen, except that choosing a profile ends it."""

    def __init__(self, screen: PickScreen) -> None:
        super().__init__(screen, screen, screen.presenter, screen.TABLE)
        self._picker = screen
        self._handlers |= {"login": self._use, "cancel": self._step_back}

    def _use(self, name: str) -> None:
        if self._app_state.can_log_in(name):
            self._log_in(name)
        else:
            self._after_login(name)

    def _after_login(self, name: str) -> None:
        self._picker.choose(name)

    def _step_back(self, name: str) -> None:
        """Stop what is running, else clear the filter, else leave the picker."""
        if self._app_state.action_log.entry(name).running or self._picker.filtered:
            self._cancel(name)
        else:
            self._handlers["quit"](name)
