"""Times as the command line shows them, in the local time zone."""

from __future__ import annotations

import time

from mfa_tui.core.sessions.expiry import format_duration

_DAY = 86_400


def day(epoch: int) -> str:
    """``2026-11-24``; *epoch* in epoch seconds."""
    return time.strftime("%Y-%m-%d", time.localtime(epoch))


def until(epoch: int, now: float) -> str:
    """``14:55 (11 h 59 m left)``, with the weekday if it is not today; ``expired`` if past. In epoch seconds."""
    if epoch <= now:
        return "expired"
    there, here = time.localtime(epoch), time.localtime(now)
    weekday = "" if there.tm_yday == here.tm_yday and epoch - now < _DAY else "%a "
    return f"{time.strftime(weekday + '%H:%M', there)} ({format_duration(epoch - now)} left)"
