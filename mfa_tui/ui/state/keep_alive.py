"""Sessions that expire soon: which to renew now, and which to warn about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.profiles.kind import ROLES
from mfa_tui.core.text.display import in_words
from mfa_tui.services.listing.preferences import load_preferences, update_preferences
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.text.spans import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.services.listing.overview import ProfileRow

RETRY = 300.0
"""Seconds after which a renewal that failed is tried again."""
_NAMED = 5
"""How many profiles one warning names."""


class Due(NamedTuple):
    """What to do about sessions now."""

    renew: str = ""
    """The profile whose session is to be renewed; empty if none."""
    expiring: tuple[ProfileRow, ...] = ()
    """The profiles to warn about: their sessions expire soon."""


class KeepAlive:
    """Decides when to renew the sessions of profiles that are kept alive, one at a time, and when to warn about others.

    It only compares times. Others renew and warn, and report with :meth:`end_renewal` how a renewal went.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.kept = frozenset(load_preferences(paths).kept)
        """The names of the profiles whose sessions are kept alive."""
        self._renewing = ""
        self._retry_at: dict[str, float] = {}
        self._warned: set[tuple[str, int | None]] = set()

    def toggle(self, name: str) -> bool:
        """Turn keep-alive on or off for *name*; returns whether it is on now."""
        kept = name not in self.kept
        self.kept = frozenset(update_preferences(self._paths, lambda now: now.with_kept_alive(name, kept=kept)).kept)
        self._retry_at.pop(name, None)
        return kept

    def check(self, rows: Iterable[ProfileRow], busy: Callable[[str], bool], now: float, monotonic: float) -> Due:
        """What is due at *now* (AWS's time) among *rows*.

        *busy* says whether something is running for a profile; *monotonic* is the clock for retries. A session that is
        kept alive is renewed even after it has expired: the machine may have slept. Of the others there is a warning
        before they expire, not after, and none if they renew on demand (``process``).
        """
        renew = ""
        expiring = []
        for row in rows:
            name, state = row.profile.name, row.session.at(now)
            if state not in (State.ENDING, State.ENDED):
                continue
            if name not in self.kept:
                on_demand = row.process and not why_not(row)
                if state == State.ENDING and not on_demand and self.mark_warned(row):
                    expiring.append(row)
            elif (
                not renew and not self._renewing and not busy(name) and self._retry_at.get(name, monotonic) <= monotonic
            ):
                renew = self._renewing = name
                self._retry_at[name] = monotonic + RETRY
        return Due(renew, tuple(expiring))

    def mark_warned(self, row: ProfileRow) -> bool:
        """Remember that there was a warning about this session; returns whether it is the first one."""
        mark = (row.profile.name, row.session.expires_at)
        new = mark not in self._warned
        self._warned.add(mark)
        return new

    def end_renewal(self, name: str, *, renewed: bool) -> None:
        """Record that the renewal of *name* is over; if it failed, the next attempt has to wait."""
        self._renewing = ""
        if renewed:
            self._retry_at.pop(name, None)

    def retry_now(self) -> None:
        """Let failed renewals be tried again at once: a login may have given what they needed."""
        self._retry_at.clear()


def why_not(row: ProfileRow) -> str:
    """Why the profile's session cannot be renewed without a person; empty if it can, or might."""
    if row.has_seed or row.profile.kind in ROLES:
        return ""
    return "each renewal needs a code, and no secret is stored to generate it"


def expiry_warning(rows: tuple[ProfileRow, ...], now: float, keys: Mapping[str, str]) -> tuple[str, str]:
    """Title and text of the warning that these sessions expire soon; *keys* are those of the screen, as shown."""
    first = min(rows, key=lambda row: row.session.expires_at or 0)
    at = format_time(first.session.expires_at or 0, now)
    if len(rows) > 1:
        names = in_words([row.profile.name for row in rows], _NAMED)
        return f"{len(rows)} sessions expire soon", f"{names}. The first expires at {at}."
    keep = "" if why_not(first) or "keep" not in keys else f", or {keys['keep']} to keep it alive"
    return (
        f"{first.profile.name}: session expires soon",
        f"It expires at {at}. Press {keys['renew']} to renew it{keep}.",
    )


def renewal_failed_warning(row: ProfileRow, now: float) -> tuple[str, str]:
    """Title and text of the warning that a session which is kept alive could not be renewed."""
    at = format_time(row.session.expires_at or 0, now)
    return f"{row.profile.name}: session was not renewed", f"It expires at {at}. The details show why."
