"""A credentials endpoint on the loopback address, for one command only, as AWS SDKs use one in containers.

The protocol is that of the container credential provider (AWS SDKs and Tools Reference Guide): a GET of
AWS_CONTAINER_CREDENTIALS_FULL_URI whose Authorization header is exactly AWS_CONTAINER_AUTHORIZATION_TOKEN. SDKs accept
plain http only from a loopback address. They ask again when the credentials are about to expire.
"""

from __future__ import annotations

import contextlib
import io
import json
import secrets
import selectors
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Self

from mfa_tui.core.sessions.expiry import format_utc
from mfa_tui.errors import MfaTuiError, NetworkProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from mfa_tui.models import Session

_LOOPBACK = "127.0.0.1"
_PATH = "/session"
_LIMIT = 10.0
"""Seconds in which a whole request must arrive, and in which its response must be read."""
_MOST = 128
"""How many connections may be open that have not sent the token; any user of this machine can open them. With one
more, the oldest is closed: an SDK sends its request as soon as it is connected."""
_MOST_ANSWERS = 64
"""How many requests with the token are answered at a time; others get 503, try again."""
_LONGEST = 16 * 1024
"""The most bytes of a request, with its headers."""
_END = b"\r\n\r\n"


class CredentialsEndpoint:
    """A context that serves the session that *current* returns, which may be called in several threads.

    ``variables`` are the environment variables that lead SDKs here. Without the token among them, a client learns
    nothing, not even whether there is a session. If *current* fails, the body says why, where SDKs look for it: with
    503 if trying again may help, else with 400, which most SDKs do not retry. (botocore asks three times, whatever the
    status, for two seconds each.)
    """

    def __init__(self, current: Callable[[], Session]) -> None:
        self._server = _Server(current, secrets.token_urlsafe(32))
        self._thread = threading.Thread(target=self._server.serve, name="mfa-tui-endpoint", daemon=True)
        self.variables = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{_LOOPBACK}:{self._server.port}{_PATH}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self._server.token,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()


class _Waiting:
    """A connection whose request has not arrived completely."""

    def __init__(self, deadline: float) -> None:
        self.received = b""
        self.deadline = deadline


class _Server:
    """One thread reads all requests and refuses those without the token; each other is answered in its own thread."""

    def __init__(self, current: Callable[[], Session], token: str) -> None:
        self.current = current
        self.token = token
        self._listener = socket.create_server((_LOOPBACK, 0), backlog=_MOST)
        self._listener.settimeout(0)
        self.port: int = self._listener.getsockname()[1]
        self._stop_receiver, self._stop_sender = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._waiting: dict[socket.socket, _Waiting] = {}
        self._answers = threading.BoundedSemaphore(_MOST_ANSWERS)

    def stop(self) -> None:
        """End :meth:`serve`; may be called from any thread."""
        self._stop_sender.close()

    def serve(self) -> None:
        """Accept connections until :meth:`stop`."""
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._stop_receiver, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in self._selector.select(self._seconds_to_deadline()):
                    if key.fileobj is self._stop_receiver:
                        return
                    if key.fileobj is self._listener:
                        self._accept()
                    elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._waiting:
                        self._read(key.fileobj)
                self._drop_late()
        finally:
            for connection in [*self._waiting]:
                self._drop(connection)
            self._listener.close()
            self._stop_receiver.close()
            self._selector.close()

    def _seconds_to_deadline(self) -> float | None:
        """Seconds until the first deadline, which is the oldest connection's: all wait equally long."""
        oldest = next(iter(self._waiting.values()), None)
        return None if oldest is None else max(0.0, oldest.deadline - time.monotonic())

    def _accept(self) -> None:
        for _ in range(_MOST):
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(0)
            if len(self._waiting) >= _MOST:
                self._drop(next(iter(self._waiting)))
            self._waiting[connection] = _Waiting(time.monotonic() + _LIMIT)
            self._selector.register(connection, selectors.EVENT_READ)
            # Usually the request has arrived already.
            self._read(connection)

    def _read(self, connection: socket.socket) -> None:
        waiting = self._waiting[connection]
        try:
            more = connection.recv(_LONGEST)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        waiting.received += more
        whole = _END in waiting.received
        if whole or not more or len(waiting.received) > _LONGEST:
            self._waiting.pop(connection)
            self._selector.unregister(connection)
            self._take(connection, waiting.received if whole else b"")

    def _take(self, connection: socket.socket, request: bytes) -> None:
        """Answer a request. One that is too long or incomplete gets no answer."""
        handler = _Handler(request, self) if request and len(request) <= _LONGEST else None
        if handler is not None and handler.granted:
            if self._answers.acquire(blocking=False):
                threading.Thread(target=self._send_session, args=(connection, handler), daemon=True).start()
                return
            handler.answer(503)
        with contextlib.suppress(OSError):
            if handler is not None:
                # This fits into the system's buffer.
                connection.send(handler.written)
        connection.close()

    def _send_session(self, connection: socket.socket, handler: _Handler) -> None:
        try:
            handler.answer(*_response_for(self.current))
            with connection, contextlib.suppress(OSError):
                connection.settimeout(_LIMIT)
                connection.sendall(handler.written)
        finally:
            self._answers.release()

    def _drop_late(self) -> None:
        now = time.monotonic()
        for connection in [each for each, waiting in self._waiting.items() if waiting.deadline <= now]:
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        self._waiting.pop(connection)
        self._selector.unregister(connection)
        connection.close()


class _Handler(BaseHTTPRequestHandler):
    """One complete request. ``granted`` says that it may have the session; else ``written`` is the refusal."""

    def __init__(self, request: bytes, server: _Server) -> None:
        self.granted = False
        self._server = server
        # This reads and writes the files that setup makes, and handles the request.
        super().__init__(request, (_LOOPBACK, 0), server)  # type: ignore[arg-type]  # neither a socket nor its server

    def setup(self) -> None:
        """In place of a connection's two files."""
        self.rfile = io.BytesIO(bytes(self.request))
        self.wfile = io.BytesIO()

    def finish(self) -> None:
        """What was written stays to be sent."""

    @property
    def written(self) -> bytes:
        """The answer."""
        return self.wfile.getvalue() if isinstance(self.wfile, io.BytesIO) else b""

    def do_GET(self) -> None:
        port = self._server.port
        hosts = self.headers.get_all("Host", [])
        # A web page whose host name was made to point here (DNS rebinding) sends its own name.
        if len(hosts) != 1 or hosts[0].strip().lower() not in (f"{_LOOPBACK}:{port}", f"localhost:{port}"):
            self.answer(403)
        elif not self._is_authorized():
            self.answer(401)
        elif self.path != _PATH:
            self.answer(404)
        else:
            self.granted = True

    def _is_authorized(self) -> bool:
        given = self.headers.get_all("Authorization", [])
        return len(given) == 1 and secrets.compare_digest(
            given[0].encode("utf-8", "replace"), self._server.token.encode()
        )

    def answer(self, status: int, body: Mapping[str, str] | None = None) -> None:
        """Write an answer."""
        content = json.dumps(body).encode() if body is not None else b""
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """An empty answer to anything but a GET, or to what is not HTTP."""
        self.close_connection = True
        self.answer(code)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def _response_for(current: Callable[[], Session]) -> tuple[int, dict[str, str]]:
    try:
        session = current()
    except MfaTuiError as error:
        return 503 if isinstance(error, NetworkProblem) else 400, {
            "Code": error.slug,
            "Message": " ".join(error.lines()),
        }
    except Exception as error:  # noqa: BLE001 - the command waits for an answer; the text is left out, as it might hold a secret
        return 500, {
            "Code": "unexpected",
            "Message": f"mfa-tui ran into an unexpected error: {type(error).__name__}",
        }
    return 200, {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "Token": session.session_token.reveal(),
        "Expiration": format_utc(session.expires_at),
    }
