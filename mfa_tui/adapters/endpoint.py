"""A credentials endpoint on the loopback, as AWS SDKs ask one in containers: for one command, and nobody else.

The protocol is that of the container credential provider (AWS SDKs and Tools Reference Guide): a GET of
AWS_CONTAINER_CREDENTIALS_FULL_URI whose Authorization header is AWS_CONTAINER_AUTHORIZATION_TOKEN, word for word. SDKs
take plain http from a loopback address only. They ask again when the credentials near their end.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Self

from mfa_tui.core.expiry import format_utc
from mfa_tui.errors import MfaTuiError, NetworkProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from mfa_tui.models import Session

_LOOPBACK = "127.0.0.1"
_PATH = "/session"


class Endpoint:
    """Serves what *current* returns, from entering the context to leaving it; it may be called in several threads.

    ``variables`` lead SDKs here. Whoever does not know the token among them is told nothing, not even whether there is
    a session. A failure of *current* is told in the body, where SDKs look for it: 503 if trying again may help, else
    400, which most SDKs do not try again. (botocore asks three times, whatever the status, for two seconds each.)
    """

    def __init__(self, current: Callable[[], Session]) -> None:
        self._server = _Server(current, secrets.token_urlsafe(32))
        self._thread = threading.Thread(target=self._server.serve_forever, name="mfa-tui-endpoint", daemon=True)
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
        stopping = threading.Thread(target=self._server.shutdown, daemon=True)
        stopping.start()
        # It looks whether to stop when something comes in, else twice a second.
        with contextlib.suppress(OSError):
            socket.create_connection((_LOOPBACK, self._server.port), timeout=1).close()
        stopping.join()
        self._server.server_close()


class _Server(ThreadingMixIn, TCPServer):
    """Not HTTPServer, which looks up its own name in the DNS."""

    daemon_threads = True
    block_on_close = False
    # Many processes may ask at the same moment.
    request_queue_size = 128

    def __init__(self, current: Callable[[], Session], token: str) -> None:
        super().__init__((_LOOPBACK, 0), _Handler)
        self.current = current
        self.token = token
        self.port: int = self.socket.getsockname()[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: it is one that hung up, and standard error is the command's."""


class _Handler(BaseHTTPRequestHandler):
    """One request. Its lines and headers are limited by http.client: 64 KiB a line, 100 headers."""

    server: _Server
    timeout = 10
    """Seconds in which the next part of a request must come in."""

    def do_GET(self) -> None:
        port = self.server.port
        hosts = self.headers.get_all("Host", [])
        # A web page whose name was made to point here (DNS rebinding) names itself.
        if len(hosts) != 1 or hosts[0].strip().lower() not in (f"{_LOOPBACK}:{port}", f"localhost:{port}"):
            self._answer(403)
        elif not self._is_authorized():
            self._answer(401)
        elif self.path != _PATH:
            self._answer(404)
        else:
            self._answer(*_outcome(self.server.current))

    def _is_authorized(self) -> bool:
        given = self.headers.get_all("Authorization", [])
        return len(given) == 1 and secrets.compare_digest(
            given[0].encode("utf-8", "replace"), self.server.token.encode()
        )

    def _answer(self, status: int, body: Mapping[str, str] | None = None) -> None:
        content = json.dumps(body).encode() if body is not None else b""
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """An empty answer to what is no GET, or no HTTP."""
        self.close_connection = True
        self._answer(code)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def _outcome(current: Callable[[], Session]) -> tuple[int, dict[str, str]]:
    try:
        session = current()
    except MfaTuiError as error:
        return 503 if isinstance(error, NetworkProblem) else 400, {
            "Code": error.slug,
            "Message": " ".join(error.lines()),
        }
    except Exception as error:  # noqa: BLE001 - a command is waiting for an answer; no text that could hold a secret
        return 500, {
            "Code": "unexpected",
            "Message": f"mfa-tui met an error that it does not know: {type(error).__name__}",
        }
    return 200, {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key.reveal(),
        "Token": session.session_token.reveal(),
        "Expiration": format_utc(session.expires_at),
    }
