"""What the list is sorted by if the title of a column was chosen: a key for each profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.services.listing.order import Order
from mfa_tui.services.sessions.lookup import State

if TYPE_CHECKING:
    from mfa_tui.core.keys.known_user import KnownUser
    from mfa_tui.core.settings.values import AccountSettings
    from mfa_tui.services.listing.overview import ProfileRow

SortKey = tuple[bool, float, str]
"""Whether nothing is known, which comes last; a number; a text."""
_SESSIONS = {State.ENDING: 0, State.LIVE: 0, State.UNVERIFIED: 1, State.ENDED: 2}
"""The valid sessions first, of which those that expire soonest are on top."""
_LATER = 1e11
"""More seconds since the epoch than any session's end."""


def column_key(
    order: str, row: ProfileRow, now: float, *, label: AccountSettings | None, known: KnownUser, created: int | None
) -> SortKey:
    """The key of a profile for one of the orders by a column.

    *label* is what the user calls its account, *known* what AWS has said of it, *created* when its long-term key was
    created, in seconds since the epoch like *now*.
    """
    profile, session = row.profile, row.session
    if order == Order.SESSION:
        rank = _SESSIONS.get(session.at(now))
        return (True, 0, "") if rank is None else (False, rank * _LATER + (session.expires_at or 0), "")
    if order == Order.KEY:
        return created is None, created or 0, ""
    serial = profile.serial.name if profile.serial is not None else known.serial.rpartition("/")[2]
    text = {
        Order.ACCOUNT: (label.name if label is not None else "") or known.alias or known.account,
        # Of a role, the profile that it is assumed from.
        Order.DEVICE: profile.chain[1] if len(profile.chain) > 1 else serial,
        Order.REGION: profile.region,
        Order.ROLE: profile.roles[-1].name if profile.roles else "",
    }[order]
    return not text, 0, text.casefold()
