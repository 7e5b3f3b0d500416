"""The cache in front of all that makes sessions: a valid session is used, a new one is made once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.core.sessions.expiry import USED_AT_ONCE
from mfa_tui.errors import Cancelled, KeyringProblem
from mfa_tui.models import Session
from mfa_tui.services.sessions.lookup import live_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.profiles.role import Role
    from mfa_tui.services.operation import Operation
    from mfa_tui.services.sessions.prepare import PreparedLogin

T = TypeVar("T")


class CachedSessions:
    """The cached sessions of one login. *roles* are the first roles of its profile; none mean the user's session."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._context = operation.context
        self.made = ""
        """The access key ID of the session that was made last; empty if none was."""
        self.is_cached = True
        """Whether all that was made could be cached."""
        self.unreadable = ""
        """Why a valid session could not be used, in a sentence; empty if there was none such."""

    def look_up(self, login: PreparedLogin, roles: tuple[Role, ...], margin: int = 0) -> Session | None:
        """A session that is valid for more than *margin* seconds. Its secrets may still be in the keyring."""
        serial = login.serial.text if login.serial else ""
        return live_session(self._context, login.profile, serial=serial, margin=margin, roles=roles)

    def find(self, login: PreparedLogin, roles: tuple[Role, ...]) -> Session | None:
        """The cached session to use, with its secrets; None if there is none, or the keyring does not give it.

        Raises Cancelled.
        """
        itself = roles == login.profile.roles
        found = self.look_up(login, roles, self._context.settings.margin if itself else USED_AT_ONCE)
        if found is None:
            return None
        if itself and login.request.renew and found.access_key_id == login.continuation.stale:
            return None
        if not roles and found.access_key_id == login.continuation.refused_source:
            return None
        try:
            return self._context.cache.load_secrets(found, self._operation.cancel)
        except KeyringProblem as problem:
            self.unreadable = f"The keyring did not return the session that is still valid: {problem.what}"
            self._operation.notify(self.unreadable)
            return None

    def find_or_make(
        self,
        login: PreparedLogin,
        roles: tuple[Role, ...],
        make: Callable[[], Session | T],
        *,
        timeout: float,
    ) -> Session | T:
        """The session at the end of *roles*, from the cache or from *make*, which may return something else instead.

        One process at a time makes it; the others wait for it, at most *timeout* seconds. Raises what *make* raises.
        """

        def report_wait(holder: str) -> None:
            self._operation.progress("waiting", f"Waiting for {holder}, which is getting this session")

        cancelled = self._operation.cancel.cancelled
        name = login.session_name(roles)
        with self._context.single_flight.hold(name, seconds=timeout, cancelled=cancelled, waiting=report_wait):
            if found := self.find(login, roles):
                return found
            made = make()
            if isinstance(made, Session):
                self.made = made.access_key_id
                try:
                    self._context.cache.store(made, self._operation.cancel)
                except (OSError, KeyringProblem, Cancelled) as error:
                    # The session is used all the same, even if the call was cancelled: its code is spent.
                    why = reason(error) if isinstance(error, OSError) else error.what.rstrip(".")
                    self._operation.notify(
                        f"The session could not be cached ({why}): the next login needs a code again."
                    )
                    self.is_cached = False
        return made
