"""The dates of HTTP (RFC 9110, 5.6.7), by which AWS's clock is known."""

from __future__ import annotations

import re

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = r"(?a:\w{3}, (\d\d) (\w{3}) ([12]\d{3}) (\d\d):(\d\d):(\d\d) GMT)"


def parse_date(text: str) -> float | None:
    """The seconds since the epoch of a Date header; None if it is none. Other forms of e-mail's dates are read, too."""
    if not text:
        return None
    found = re.fullmatch(_DATE, text)
    try:
        if found and found[2] in _MONTHS:
            from datetime import UTC, datetime

            day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
            return datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC).timestamp()
        from email.utils import parsedate_to_datetime

        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
