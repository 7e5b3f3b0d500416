"""When sessions expire: formats, durations, and the rule that decides whether a session is still worth using."""

from __future__ import annotations

MINIMUM_DURATION = 900
"""The shortest session of GetSessionToken, in seconds (STS API reference)."""
MAXIMUM_DURATION = 129_600
"""The longest session of GetSessionToken for an IAM user, in seconds (STS API reference)."""
DEFAULT_DURATION = 43_200
"""The duration of a session if the request does not give one, in seconds (STS API reference)."""
DEFAULT_MARGIN = 900
"""A session with less than this left, in seconds, is renewed: AWS SDKs refresh at 15 minutes."""
USED_AT_ONCE = 60
"""Seconds that a session must have left that is used at once, and only once: to assume a role or to call IAM."""
RENEWAL_THRESHOLD = 900
"""With less than this left, in seconds, SDKs run a credential process at every use (botocore: from 15 minutes down)."""

_DAY = 86_400
"""Seconds."""
_ERA = 146_097
"""Days in 400 years, after which the calendar repeats itself."""
_EPOCH = 719_468
"""Days from the first of March of the year 0 to the first of January 1970."""
_DURATION = r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s?)?"


def parse_duration(text: str) -> int:
    """Seconds in ``12h``, ``90m``, ``1h30m`` or ``3600``, within what GetSessionToken allows.

    Raises UsageError (slugs ``duration-malformed``, ``duration-range``).
    """
    return checked_duration(seconds_in(text))


def seconds_in(text: str) -> int:
    """Seconds in ``12h``, ``90m``, ``1h30m`` or ``3600``; raises UsageError (``duration-malformed``)."""
    import re

    found = re.fullmatch(_DURATION, text.strip().lower().replace(" ", ""))
    if not found or not any(found.groups()):
        from mfa_tui.errors import UsageError

        raise UsageError(
            "duration-malformed",
            f"{text[:20]!r} is not a duration.",
            "",
            "Write it as 12h, 90m, 1h30m or in seconds.",
        )
    hours, minutes, seconds = (int(group or 0) for group in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def checked_duration(seconds: int) -> int:
    """*seconds* if GetSessionToken allows it; raises UsageError (``duration-range``) otherwise."""
    if not MINIMUM_DURATION <= seconds <= MAXIMUM_DURATION:
        from mfa_tui.errors import UsageError

        raise UsageError(
            "duration-range",
            f"AWS does not allow a session of {format_duration(seconds)}.",
            "Sessions last from 15 minutes to 36 hours (one hour at most for root).",
            "Use --duration between 15m and 36h.",
        )
    return seconds


def format_utc(epoch: int) -> str:
    """*epoch* seconds as ``2026-11-24T11:55:42Z``."""
    # By hand, because datetime takes too long to import while `aws` waits. Years begin in March here
    # (Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    days, second = divmod(epoch, _DAY)
    era, day = divmod(days + _EPOCH, _ERA)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year += 400 * era + month // 10
    month = (month + 2) % 12 + 1
    return f"{year:04}-{month:02}-{day + 1:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def parse_expiry(text: str) -> int | None:
    """The seconds since the epoch of an expiry as mfa-tui, aws-mfa or an SDK writes it; None if it is malformed.

    Without a time zone it is in UTC, as aws-mfa writes it: ``2026-11-24 11:55:42``.
    """
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return int(moment.timestamp())
    except (OverflowError, ValueError):
        return None


def margin_for(duration: int, margin: int = DEFAULT_MARGIN) -> int:
    """The seconds that a session of *duration* seconds must have left: *margin*, but at most a quarter of it."""
    return min(margin, duration // 4)


def renewal_threshold(duration: int) -> int:
    """The seconds left below which a session of *duration* seconds is renewed for a credential process.

    Short sessions are renewed later: one of 900 s would otherwise be renewed at every use.
    """
    return min(RENEWAL_THRESHOLD, duration * 3 // 4)


def is_valid(expires_at: int, now: float, margin: int = 0) -> bool:
    """Whether a session is still valid at *now*, with more than *margin* seconds left."""
    return expires_at - now > margin


def is_live(expires_at: int, duration: int, now: float, margin: int = DEFAULT_MARGIN) -> bool:
    """Whether a session of *duration* seconds has more than the margin for that duration left at *now*."""
    return is_valid(expires_at, now, margin_for(duration, margin))


def is_due(expires_at: int, duration: int, now: float) -> bool:
    """Whether a credential process should renew a session of *duration* seconds at *now*."""
    return expires_at - now < renewal_threshold(duration)


def age(expires_at: int, duration: int, now: float) -> float:
    """How many seconds before *now* a session of *duration* seconds was made."""
    return now - (expires_at - duration)


def format_duration(seconds: float) -> str:
    """A duration as people read it: ``11 h 20 m``, ``14 m``, ``19 s``."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours} h {minutes} m" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} m"
    return f"{whole} s"
