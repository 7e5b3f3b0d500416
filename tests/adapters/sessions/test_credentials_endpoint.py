"""The credentials endpoint: one command is served, everybody else is told nothing."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from botocore.credentials import ContainerProvider
from botocore.exceptions import CredentialRetrievalError
from botocore.utils import ContainerMetadataFetcher

from mfa_tui.adapters.sessions import credentials_endpoint
from mfa_tui.adapters.sessions.credentials_endpoint import CredentialsEndpoint
from mfa_tui.errors import MfaTuiError, NetworkProblem, NoTerminal
from mfa_tui.models import Secret, Session

SESSION = Session(
    access_key_id="ASIAEXAMPLE",
    secret_access_key=Secret("the secret key"),
    session_token=Secret("the session token"),
    expires_at=4_102_444_800,
    duration=3600,
    source_key_id="AKIAEXAMPLE",
    serial="arn:aws:iam::111122223333:mfa/ana",
)
GOOD = {
    "AccessKeyId": "ASIAEXAMPLE",
    "SecretAccessKey": "the secret key",
    "Token": "the session token",
    "Expiration": "2100-01-01T00:00:00Z",
}


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]


class Served:
    """An endpoint that is asked over real HTTP; what it hands out can be replaced by a failure."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.asked = 0
        self.endpoint = CredentialsEndpoint(self._current)
        address = urlsplit(self.endpoint.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
        assert address.hostname == "127.0.0.1"
        assert address.port
        self.port = address.port
        self.path = address.path
        self.token = self.endpoint.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]

    def _current(self) -> Session:
        self.asked += 1
        if self.failure:
            raise self.failure
        return SESSION

    def ask(self, method: str = "GET", path: str | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path or self.path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()

    def ask_raw(self, text: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(text.encode("latin-1"))
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    with served.endpoint:
        yield served


def test_the_command_is_given_the_session(served: Served) -> None:
    answer = served.ask(Authorization=served.token)
    assert (answer.status, json.loads(answer.body)) == (200, GOOD)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_localhost_is_here_too(served: Served) -> None:
    assert served.ask(Authorization=served.token, Host=f"localhost:{served.port}").status == 200


@pytest.mark.parametrize("token", ["", "x", "Bearer {}", "{}x", "{} {}", "é", None])
def test_without_the_token_nothing_is_revealed(served: Served, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token.format(served.token, served.token)}
    for path in (served.path, "/", "/no-such-path"):
        answer = served.ask(path=path, **headers)
        assert (answer.status, answer.body) == (401, b"")
    assert served.asked == 0


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{}", ""]
)
def test_another_host_name_is_refused(served: Served, host: str) -> None:
    """A page in the browser that made its name point to the loopback."""
    answer = served.ask(Authorization=served.token, Host=host.format(served.port))
    assert (answer.status, answer.body, served.asked) == (403, b"", 0)


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "DELETE", "get"])
def test_only_get_is_understood(served: Served, method: str) -> None:
    answer = served.ask(method, Authorization=served.token)
    assert (answer.status, answer.body, served.asked) == (501, b"", 0)


def test_only_its_own_path_is_served(served: Served) -> None:
    for path in ("/", served.path + "/", served.path + "?x", "/../" + served.path):
        assert served.ask(path=path, Authorization=served.token).status == 404
    assert served.asked == 0


def test_headers_given_twice_are_refused(served: Served) -> None:
    host, token = f"Host: 127.0.0.1:{served.port}\r\n", f"Authorization: {served.token}\r\n"
    for headers, status in (
        (host + token, b"200"),
        (host + token + token, b"401"),
        (host + host + token, b"403"),
        (token, b"403"),
    ):
        assert served.ask_raw(f"GET {served.path} HTTP/1.1\r\n{headers}\r\n").split()[1] == status


@pytest.mark.parametrize(
    "request_text",
    [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n",
        f"GET /{'x' * 100_000} HTTP/1.1\r\n\r\n",
        f"GET / HTTP/1.1\r\nX: {'x' * 100_000}\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "X: x\r\n" * 200 + "\r\n",
    ],
    ids=["no HTTP", "no path", "empty", "long path", "long header", "many headers"],
)
def test_malformed_requests_are_refused_and_harmless(
    served: Served, request_text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        answer = served.ask_raw(request_text)
    except ConnectionError:
        # It does not read to the end of what is too long.
        answer = b""
    assert b" 200 " not in answer
    assert served.ask(Authorization=served.token).status == 200
    assert capfd.readouterr() == ("", "")


def test_one_who_hangs_up_is_not_mentioned(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    socket.create_connection(("127.0.0.1", served.port)).close()
    assert served.ask(Authorization=served.token).status == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("failure", "status", "body"),
    [
        (
            NoTerminal("no-terminal", "A code is needed.", "", "Log in."),
            400,
            ("no-terminal", "A code is needed. Log in."),
        ),
        (NetworkProblem("offline", "AWS did not answer."), 503, ("offline", "AWS did not answer.")),
        (ValueError("a secret"), 500, ("unexpected", "mfa-tui ran into an unexpected error: ValueError")),
    ],
)
def test_a_failure_is_reported_to_the_command_only(
    served: Served, failure: Exception, status: int, body: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    served.failure = failure
    answer = served.ask(Authorization=served.token)
    assert (answer.status, json.loads(answer.body)) == (status, dict(zip(("Code", "Message"), body, strict=True)))
    assert served.ask().body == b""
    served.failure = None
    assert served.ask(Authorization=served.token).status == 200
    assert capfd.readouterr() == ("", "")


def test_botocore_takes_it_and_shows_its_failures(served: Served) -> None:
    fetcher = ContainerMetadataFetcher(sleep=lambda _: None)
    # The stubs name another class.
    provider = ContainerProvider(served.endpoint.variables, fetcher)  # type: ignore[arg-type]
    credentials = provider.load()
    assert credentials is not None
    assert credentials.get_frozen_credentials().token == "the session token"
    served.failure = MfaTuiError("code-needed", "A code is needed.", "", "Run mfa-tui login dev in another terminal.")
    with pytest.raises(CredentialRetrievalError, match="Run mfa-tui login dev in another terminal"):
        provider.load()


def test_it_listens_on_the_loopback_only_and_ends(served: Served) -> None:
    other = Served()
    with other.endpoint:
        assert other.ask(Authorization=served.token).status == 401
        assert other.token != served.token
    with pytest.raises((OSError, HTTPException)):
        other.ask(Authorization=other.token)


def test_who_is_slow_or_many_does_not_keep_the_command_from_its_session(served: Served) -> None:
    """Any user of the machine can connect; 600 of them, each with a byte now and then."""
    address = ("127.0.0.1", served.port)
    slow = [socket.create_connection(address, timeout=30) for _ in range(600)]
    try:
        for _ in range(3):
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.send(b"G")
            assert served.ask(Authorization=served.token).status == 200
        assert threading.active_count() < 50
    finally:
        for connection in slow:
            connection.close()


def test_a_whole_request_has_one_deadline_however_it_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials_endpoint, "_LIMIT", 0.5)
    served = Served()
    with served.endpoint, socket.create_connection(("127.0.0.1", served.port), timeout=0.1) as connection:
        ended = False
        # It would go on for 100 seconds.
        for _ in range(1000):
            try:
                connection.send(b"G")
                ended = connection.recv(100) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            if ended:
                break
        assert ended


def test_more_requests_than_can_be_answered_get_503(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not through monkeypatch: the thread that answers releases it, perhaps after this test.
    served.endpoint._server._answers = threading.BoundedSemaphore(1)
    asked, go_on = threading.Event(), threading.Event()

    def current() -> Session:
        asked.set()
        assert go_on.wait(20)
        return SESSION

    monkeypatch.setattr(served.endpoint._server, "current", current)
    statuses: list[int] = []
    first = threading.Thread(target=lambda: statuses.append(served.ask(Authorization=served.token).status))
    first.start()
    assert asked.wait(20)
    assert served.ask(Authorization=served.token).status == 503
    go_on.set()
    first.join(20)
    assert statuses == [200]
