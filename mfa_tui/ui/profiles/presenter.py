"""From the state to what the main screen shows: the cells of the list, the details, and what its commands depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.errors import MfaTuiError
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.commands.profile_commands import Situation
from mfa_tui.ui.profiles import columns
from mfa_tui.ui.profiles.details import ProfileDetails
from mfa_tui.ui.text.spans import Span

if TYPE_CHECKING:
    from mfa_tui.core.settings.values import Settings
    from mfa_tui.services.listing.overview import ProfileRow
    from mfa_tui.ui.profiles.columns import Cells
    from mfa_tui.ui.state.app_state import AppState

_MOST_STILL = 500
"""Rows whose cells are kept: some screens full of them."""


class Presenter:
    """Presents the profiles of a state, by their names."""

    def __init__(self, app_state: AppState) -> None:
        self._app_state = app_state
        self._still: dict[str, tuple[ProfileRow, Settings, bool, Cells]] = {}

    def cells(self, name: str) -> Cells:
        """The cells of a profile's row. Those that time does not change are made once: the list asks each second."""
        state = self._app_state
        row = state.row(name)
        if row is None:
            return columns.Cells(Span(""), Span(""), Span(""))
        settings, kept = state.context.settings, name in state.keep_alive.kept
        still = self._still.get(name)
        if still is not None and still[0] is row and still[1] is settings and still[2] == kept:
            if not state.has_news(name):
                return still[3]
            del self._still[name]
        cells = self._cells(name, row)
        if not state.has_news(name) and row.session.expires_at is None and state.key_created(row.profile) is None:
            if len(self._still) > _MOST_STILL:
                self._still.clear()
            self._still[name] = (row, settings, kept, cells)
        return cells

    def moves(self, name: str) -> bool:
        """Whether time may change the cells of a profile's row: their texts, or its session, which others renew."""
        row = self._app_state.row(name)
        return name not in self._still or (row is not None and row.process)

    def _cells(self, name: str, row: ProfileRow) -> Cells:
        state = self._app_state
        return columns.cells(
            row,
            state.action_log.entry(name),
            now=state.now(),
            monotonic=state.context.clock.monotonic(),
            kept=name in state.keep_alive.kept,
            key_created=state.key_created(row.profile),
            key_age_days=state.context.settings.key_age_days,
            label=state.accounts.label(row),
            known=state.accounts.known(row),
            last_used=state.last_used.get(name),
        )

    def situation(self, name: str) -> Situation:
        """What the commands depend on, with the cursor on *name* (empty: on none)."""
        state = self._app_state
        row = state.row(name) if name else None
        session = row.session.at(state.now()) if row else State.NONE
        kept, empty = name in state.keep_alive.kept, state.overview is not None and not state.overview.names
        return Situation(row, state.action_log.entry(name), session, kept=kept, empty=empty)

    def details(self, name: str, *, masked: bool = False) -> ProfileDetails | None:
        """The details of a profile; None if there is none. Without codes if *masked*."""
        state = self._app_state
        row = state.row(name) if name else None
        if row is None:
            return None
        serial = row.profile.serial.text if row.profile.serial else ""
        return ProfileDetails(
            row,
            state.action_log.entry(name),
            None if row.profile.can_log_in else self._problem(name),
            state.codes.code(serial) if row.has_seed else None,
            state.codes.problem(serial) if row.has_seed else None,
            state.now(),
            state.context.clock.monotonic(),
            state.keys,
            masked,
            picks=state.picks,
            in_shell=name == state.active,
            overriding=state.overriding,
            kept=name in state.keep_alive.kept,
            source_expiry=state.source_expiry(row.profile),
            key_created=state.key_created(row.profile),
            key_age_days=state.context.settings.key_age_days,
            ascii_only=state.ascii_only,
            label=state.accounts.label(row),
            known=state.accounts.known(row),
        )

    def _problem(self, name: str) -> MfaTuiError | None:
        """Why a profile cannot log in, in the words of login itself."""
        from mfa_tui.core.profiles.profile import read_profile
        from mfa_tui.services.profiles.resolve import check_can_log_in, check_encoding

        state = self._app_state
        if state.overview is None:
            return None
        try:
            check_encoding(state.overview.aws)
            check_can_log_in(state.overview.aws, read_profile(state.overview.aws, name), state.context.env)
        except MfaTuiError as error:
            return error
        return None
