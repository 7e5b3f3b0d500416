"""Watching over sessions: which are to be renewed now, and of which it is to be told that they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.profiles.profile import ROLES
from mfa_tui.core.text.display import in_words
from mfa_tui.services.listing.preferences import recall, remember
from mfa_tui.services.sessions.lookup import State
from mfa_tui.ui.text.spans import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.services.listing.overview import Row

RETRY = 300.0
"""Seconds after which a renewal that failed is tried again."""


class Due(NamedTuple):
    """What is to be done now: the profile to renew (or nothing), and the rows whose end is to be told of."""

    renew: str = ""
    tell: tuple[Row, ...] = ()


class KeepAlive:
    """The sessions of profiles that are ``kept`` alive are renewed, one at a time; the end of the others is told once.

    It looks at times only: what it says is done by others, who tell it with :meth:`ended` how a renewal went.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.kept = frozenset(recall(paths).kept)
        self._renewing = ""
        self._again: dict[str, float] = {}
        self._told: set[tuple[str, int | None]] = set()

    def keep(self, name: str) -> bool:
        """Keep *name* alive, or do so no more; returns whether it is kept now."""
        kept = name not in self.kept
        self.kept = frozenset(remember(self._paths, lambda now: now.having_kept(name, kept=kept)).kept)
        self._again.pop(name, None)
        return kept

    def look(self, rows: Iterable[Row], busy: Callable[[str], bool], now: float, monotonic: float) -> Due:
        """What is due at *now* (AWS's time) among *rows*; *busy* tells of a profile whether something runs for it.

        *monotonic* is the clock that retries go by. A session that has ended is still one to renew: the machine may
        have slept. What ended otherwise is nothing to tell of, nor what renews when it is asked for (``process``).
        """
        renew = ""
        tell = []
        for row in rows:
            name, state = row.profile.name, row.session.at(now)
            if state not in (State.ENDING, State.ENDED):
                continue
            if name not in self.kept:
                by_itself = row.process and not why_not(row)
                if state == State.ENDING and not by_itself and self.first_time(row):
                    tell.append(row)
            elif not renew and not self._renewing and not busy(name) and self._again.get(name, monotonic) <= monotonic:
                renew = self._renewing = name
                self._again[name] = monotonic + RETRY
        return Due(renew, tuple(tell))

    def first_time(self, row: Row) -> bool:
        """Whether nothing was told of the end of this session yet; from now on, something was."""
        mark = (row.profile.name, row.session.expires_at)
        new = mark not in self._told
        self._told.add(mark)
        return new

    def ended(self, name: str, *, renewed: bool) -> None:
        """The renewal of *name* has ended; without success, the next attempt has to wait."""
        self._renewing = ""
        if renewed:
            self._again.pop(name, None)

    def retry_now(self) -> None:
        """Somebody has logged in: what lacked a code before may go without one now."""
        self._again.clear()


def why_not(row: Row) -> str:
    """Why the profile's session cannot be renewed without a person; nothing if it can, or might."""
    if row.has_seed or row.profile.kind in ROLES:
        return ""
    return "each renewal takes a code, and no secret is stored to make it from"


def ending(rows: tuple[Row, ...], now: float, keys: Mapping[str, str]) -> tuple[str, str]:
    """Title and text of the warning that these sessions are about to end."""
    first = min(rows, key=lambda row: row.session.expires_at or 0)
    until = moment(first.session.expires_at or 0, now)
    if len(rows) > 1:
        names = in_words([row.profile.name for row in rows], _NAMED)
        return f"{len(rows)} sessions are about to end", f"{names}; the first at {until}."
    keep = "" if why_not(first) or "keep" not in keys else f" {keys['keep']} keeps it alive."
    name = first.profile.name
    return f"The session of {name} is about to end", f"Good until {until}. {keys['renew']} renews it.{keep}"


def unrenewed(row: Row, now: float) -> tuple[str, str]:
    """Title and text of the warning that a session which is kept alive could not be renewed."""
    name, until = row.profile.name, moment(row.session.expires_at or 0, now)
    return f"The session of {name} could not be renewed", f"Good until {until}. The details of {name} say why."


_NAMED = 5
"""How many are named in one warning."""
