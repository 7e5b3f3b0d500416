"""An address on this machine that redirects one browser, once, to a link that is secret.

A browser gets its address as an argument, which every user of this machine can read. So it is given this address, which
leads nowhere once it was opened. The link itself goes only through the loopback connection, and on Linux only to a
process of the same user: nobody else can be quicker than the browser.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from mfa_tui.models import Secret

_LOOPBACK = "127.0.0.1"
_LIMIT = 10.0
"""Seconds that a connection may be silent."""


_SOCKETS = ("/proc/net/tcp", "/proc/net/tcp6")
"""Where Linux lists sockets with their users (proc(5)). One of IPv6 can connect to an address of IPv4 as well."""
_USER = 7
"""The column with the user's id, counted from 0."""


class OneTimeAddress:
    """A context in which ``url`` redirects to *link*: the first request gets it, all others 404.

    The redirect must not be stored, and sends no referrer. Requests for another host name get 403: a web page whose
    name was made to point here (DNS rebinding) sends its own.
    """

    def __init__(self, link: Secret) -> None:
        self._server = _Server((_LOOPBACK, 0), _Handler)
        self._server.prepare(link)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://{_LOOPBACK}:{self._server.server_port}{self._server.path}"
        """The address for the browser."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self, seconds: float) -> bool:
        """Wait up to so many *seconds*; returns whether a browser has fetched the redirect."""
        return self._server.fetched.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Whoever keeps a connection open does not hold up the end.
    block_on_close = False

    def prepare(self, link: Secret) -> None:
        """Make the path, and keep the link until it is taken."""
        self.path = f"/{secrets.token_urlsafe(32)}"
        self.fetched = threading.Event()
        self._link: Secret | None = link
        self._lock = threading.Lock()

    def take(self, path: str) -> Secret | None:
        """The link, if *path* is right and nobody has taken it."""
        with self._lock:
            if not secrets.compare_digest(path.encode("utf-8", "replace"), self.path.encode()):
                return None
            link, self._link = self._link, None
            return link

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a connection that was broken off is not worth a traceback on the terminal."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _LIMIT

    def do_GET(self) -> None:
        port = self.server.server_port
        hosts = self.headers.get_all("Host", [])
        is_ours = len(hosts) == 1 and hosts[0].strip().lower() == f"{_LOOPBACK}:{port}"
        if not is_ours or _is_another_users(self.client_address[1], port):
            self._answer(403)
        elif (link := self.server.take(self.path)) is None:
            self._answer(404)
        else:
            self._answer(302, link)
            self.server.fetched.set()

    def _answer(self, status: int, link: Secret | None = None) -> None:
        self.close_connection = True
        self.send_response_only(status)
        if link is not None:
            self.send_header("Location", link.reveal())
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """An empty answer to anything but a GET, or to what is not HTTP."""
        self._answer(code)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def _is_another_users(client_port: int, server_port: int) -> bool:
    """Whether the other end of a loopback connection belongs to another user, as far as the system says.

    Root counts as ours: it can read our memory anyway, and in WSL it passes on the connections of browsers in Windows.
    """
    if not hasattr(os, "geteuid"):
        return False
    rows = []
    for path in _SOCKETS:
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            rows += [line.split() for line in file]
    ends = f":{client_port:04X}", f":{server_port:04X}"
    for row in rows:
        # 0: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000 …
        if len(row) > _USER and row[1].endswith(ends[0]) and row[2].endswith(ends[1]):
            return row[_USER] not in ("0", str(os.geteuid()))
    return False
