"""The server's own clock, which can be set off the machine's."""

import calendar
import datetime as dt
import email.utils
import time

COMPACT = "%Y%m%dT%H%M%SZ"
"""How SigV4 writes a time."""


class ServerClock:
    """AWS's time as the embedded AWS keeps it: the machine's wall clock plus ``offset`` seconds."""

    def __init__(self) -> None:
        self.offset: float = 0.0
        """Seconds that the server is ahead of this machine (negative: behind). May be set at any time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self.offset


def compact(seconds: float) -> str:
    """``20261124T115542Z``, as SigV4 writes it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime(COMPACT)


def from_compact(text: str) -> float:
    """Seconds since the epoch of ``20261124T115542Z``; raises ValueError."""
    return dt.datetime.strptime(text, COMPACT).replace(tzinfo=dt.UTC).timestamp()


def iso(seconds: float) -> str:
    """``2026-11-24T11:55:42Z``, as STS and IAM answer."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(moment: dt.datetime) -> int:
    """Seconds since the epoch of a time that moto keeps. Without a zone it is UTC."""
    return calendar.timegm(moment.utctimetuple())


def http_date(seconds: float) -> str:
    """``Tue, 24 Nov 2026 11:55:42 GMT``, as a Date header."""
    return email.utils.formatdate(seconds, usegmt=True)
