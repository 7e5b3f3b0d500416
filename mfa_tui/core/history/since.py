"""Moments in the past as users write them: ``2h``, ``7d``, ``2026-11-28``."""

from __future__ import annotations

import re
from datetime import datetime

from mfa_tui.errors import UsageError

_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
"""Seconds."""


def parse_since(text: str, now: float) -> float:
    """The moment that *text* means, in seconds since the epoch: so long before *now*, or a date and time.

    Without a time zone it is local time. Raises UsageError (``since-malformed``).
    """
    if found := re.fullmatch(r"([0-9]{1,6})([mhdw])", text.strip().lower()):
        return now - int(found[1]) * _UNITS[found[2]]
    try:
        return datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            "since-malformed",
            f"{text[:40]!r} is not a time.",
            "",
            "Write it as 90m, 12h, 7d or 2w, or as a date: 2026-11-28 or 2026-11-28T14:30",
        ) from None
