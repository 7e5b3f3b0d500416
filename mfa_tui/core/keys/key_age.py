"""The age of long-term keys."""

from __future__ import annotations

from mfa_tui.core.text.display import counted

DAY = 86_400
"""Seconds."""


def age_in_days(created_at: float, now: float) -> int:
    """Whole days since a key was created; both in seconds since the epoch."""
    return max(0, int((now - created_at) // DAY))


def age_words(created_at: float, now: float) -> str:
    """The age of a key: ``less than a day old``, ``1 day old``, ``91 days old``."""
    days = age_in_days(created_at, now)
    return f"{counted(days, 'day')} old" if days else "less than a day old"
