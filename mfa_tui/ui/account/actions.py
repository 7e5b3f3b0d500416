"""What the commands do that the account screen and the screen of a row have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mfa_tui.core.account.account import User
    from mfa_tui.core.account.audit import Audit
    from mfa_tui.ui.account.rows import AccountRow
    from mfa_tui.ui.account.user_flows import Administrator, ChangedUser
    from mfa_tui.ui.flows.host_screen import HostScreen


class UserView(Protocol):
    """A screen with a user, as far as the commands need it."""

    @property
    def row(self) -> AccountRow | None:
        """The row that the commands are for."""

    @property
    def administrator(self) -> Administrator | None:
        """Who acts for the user; None before there is a session."""

    async def use_changed(self, changed: ChangedUser) -> None:
        """Show a user that was changed."""


class AccountView(UserView, Protocol):
    """The screen of an account, as far as the screen of a row needs it."""

    profile: str
    """The profile whose account it is."""

    @property
    def audit(self) -> Audit | None:
        """The audit so far."""

    def row_of(self, key: str) -> AccountRow | None:
        """The row of something, as it is now; None if it is not there any more."""


class UserActions:
    """Enroll, reset and disable for the user of a row."""

    def __init__(self, host: HostScreen, view: UserView) -> None:
        self._host = host
        self._view = view

    async def enroll(self) -> None:
        """Enroll a device for the user."""
        from mfa_tui.ui.account.user_flows import enroll_for

        await self._run(enroll_for)

    async def reset(self) -> None:
        """Reset a device that the user has lost."""
        from mfa_tui.ui.account.user_flows import reset_for

        await self._run(reset_for)

    async def change_key(self) -> None:
        """Disable a key, or enable it again."""
        from mfa_tui.ui.account.user_flows import change_key_for

        await self._run(change_key_for)

    async def _run(self, flow: Callable[[HostScreen, Administrator, User], Awaitable[ChangedUser | None]]) -> None:
        row, administrator = self._view.row, self._view.administrator
        if row is None or row.user is None or administrator is None:
            return
        self._host.expect_dialog()
        changed = await flow(self._host, administrator, row.user)
        if changed is not None:
            await self._view.use_changed(changed)
        self._host.redraw()
