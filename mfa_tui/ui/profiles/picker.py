"""The picker: the main screen's list, made to choose one profile from, below the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mfa_tui.services.listing.preferences import remember
from mfa_tui.ui.commands.keymap import keys_of
from mfa_tui.ui.commands.profile_commands import BY_ID, COMMANDS
from mfa_tui.ui.profiles.picking import Picking, why_not
from mfa_tui.ui.profiles.screen import MainScreen, bindings

if TYPE_CHECKING:
    from textual.binding import BindingType

    from mfa_tui.ui.flows.host_screen import HostScreen
    from mfa_tui.ui.profiles.actions import Actions
    from mfa_tui.ui.runtime.threads import Threads
    from mfa_tui.ui.state.app_state import AppState
    from mfa_tui.ui.state.demo_phone import Demo

_IN_FOOTER = ("login", "renew", "filter", "help", "cancel")
_OFFERED = (*_IN_FOOTER, "quit")
"""What else the main screen can do has no place where one profile is to be chosen: a stray letter must not do it."""
_USE = BY_ID["login"]._replace(
    label="Use", help="Use the profile in this shell; logs in first if it has no live session.", why_not=why_not
)
_LEAVE = BY_ID["cancel"]._replace(
    label="Leave",
    help="Stop what is running; else clear the filter; else leave, with the shell as it was.",
    why_not=lambda _: "",
)
TABLE = tuple(
    {"login": _USE, "cancel": _LEAVE}.get(command.id, command)._replace(in_footer=command.id in _IN_FOOTER)
    for command in COMMANDS
    if command.id in _OFFERED
)
"""The commands of the picker: a few of the main screen's, of which two do something else."""


class PickScreen(MainScreen, inherit_bindings=False):
    """Ends the program with the name of the profile that was chosen, or with none."""

    TABLE = TABLE
    # What the picked profile is for takes them away.
    WARNS = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TABLE)]

    def __init__(self, app_state: AppState, threads: Threads, demo: Demo | None, first: str) -> None:
        super().__init__(app_state, threads, demo, first)
        # Only these do anything here, so no text is to name another.
        app_state.keys = keys_of(app_state.context.settings.keymap, TABLE)

    def make_actions(self, host: HostScreen) -> Actions:
        """The picker's own."""
        return Picking(self, host)

    @property
    def filtered(self) -> bool:
        """Whether a filter hides profiles."""
        return bool(self._filter.wanted)

    def choose(self, name: str) -> None:
        """The profile is chosen, and can be used."""
        remember(self.app_state.context.paths, lambda now: now.having_used(name))
        self.app.exit(name)
