"""The sessions that are valid now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.services.sessions.lookup import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfa_tui.services.listing.overview import ProfileRow


class LiveSession(NamedTuple):
    """A session that is valid now."""

    name: str
    """The profile."""
    begins: float
    """When AWS gave it, in seconds since the epoch."""
    expires: float
    """When it expires."""
    ending: bool
    """Whether it expires soon."""


def live_sessions(rows: Iterable[ProfileRow], now: float) -> list[LiveSession]:
    """The valid sessions of *rows*, by their expiry."""
    found = []
    for row in rows:
        session, state = row.session, row.session.at(now)
        if state in (State.LIVE, State.ENDING) and session.expires_at is not None:
            begins = session.expires_at - session.duration if session.duration else now
            found.append(LiveSession(row.profile.name, min(begins, now), session.expires_at, state == State.ENDING))
    return sorted(found, key=lambda one: (one.expires, one.name))
