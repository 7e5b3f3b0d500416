"""Connections that stay open after an answer, for the next call to the same host: a role's session after another's."""

from __future__ import annotations

import contextlib
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from mfa_tui.core.aws.sts_route import Proxy, Route

    Key = tuple[str, int, bool, str, Proxy | None]

_MOST = 8
"""Connections that are kept; so many calls are made at a time."""
_LONGEST = 10.0
"""Seconds that one is kept."""


class OpenConnections:
    """The connections that are open and not in use; any thread may take one or put one back."""

    def __init__(self, now: Callable[[], float]) -> None:
        """*now* gives seconds that only increase."""
        self._now = now
        self._lock = threading.Lock()
        self._kept: list[tuple[float, Key, socket.socket]] = []

    def take(self, route: Route) -> socket.socket | None:
        """One for *route* that the other end has not closed; None if there is none."""
        wanted = _key(route)
        while True:
            with self._lock:
                at = next((at for at, (_, key, _) in enumerate(self._kept) if key == wanted), None)
                if at is None:
                    return None
                since, _, connection = self._kept.pop(at)
            if self._now() - since < _LONGEST and not _has_something_to_read(connection):
                return connection
            _close(connection)

    def put(self, route: Route, connection: socket.socket) -> None:
        """Keep *connection*, which leads where *route* says and has nothing left to read."""
        with self._lock:
            self._kept.append((self._now(), _key(route), connection))
            gone = [self._kept.pop(0)[2]] if len(self._kept) > _MOST else []
        for each in gone:
            _close(each)

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            gone, self._kept = self._kept, []
        for _, _, connection in gone:
            _close(connection)

    def __del__(self) -> None:
        self.close()


def _key(route: Route) -> Key:
    return route.host, route.port, route.encrypted, route.ca_bundle, route.proxy


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.close()


def _has_something_to_read(connection: socket.socket) -> bool:
    """Whether the other end has closed it, or said something that nobody asked for."""
    import select

    try:
        return bool(select.select([connection], [], [], 0)[0])
    except (OSError, ValueError):
        return True
