"""Proxies and certificates for STS with botocore and without: the same outcome."""

import os
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from botocore.httpsession import create_urllib3_context, get_cert_path
from botocore.utils import get_environ_proxies

from mfa_tui.adapters.aws import ca_bundle
from mfa_tui.adapters.aws.caller import Caller
from mfa_tui.adapters.aws.direct import sts_calls
from mfa_tui.adapters.aws.direct.https import tls_context
from mfa_tui.adapters.aws.direct.open_connections import OpenConnections
from mfa_tui.adapters.aws.sts import Aws
from mfa_tui.adapters.filesystem.paths import Paths
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.adapters.system.clock import Clock
from mfa_tui.core.aws.sts_route import Route
from mfa_tui.models import Secret
from tests.support.aws.hostile import Hostile, answer, certificate, nobody, saying
from tests.support.aws.two_ways import AWS_HOST, KEYS, ROLE, SERIAL, both, issued, outcome, refused

pytestmark = pytest.mark.usefixtures("config")

PROXIES = {
    "407": answer("407 Proxy Authentication Required"),
    "403": answer("403 Forbidden canary"),
    "502": answer("502 \x1b[2JBad Gateway"),
    "204": answer("204 No Content"),
    "nothing": b"",
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "another version": b"HTTP/2 403 Forbidden\r\n\r\n",
    "an odd status": b"HTTP/1.1 +403 Forbidden\r\n\r\n",
    "to go on": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n",
    "then nothing": answer("200 OK").replace(b"Content-Length: 0\r\n", b""),
    "then no TLS": answer("200 OK").replace(b"Content-Length: 0\r\n", b"") + b"x" * 90,
}


@pytest.mark.parametrize("name", PROXIES)
def test_what_a_proxy_answers(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def run() -> object:
        with Hostile(saying(PROXIES[name])) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://ana:c%40nary@127.0.0.1:{proxy.port}")
            told = outcome()
        connects = [head.split(b" ")[1] for head in proxy.requests]
        logins = [line for head in proxy.requests for line in head.split(b"\r\n") if line.startswith(b"Proxy-Auth")]
        return told, connects, logins

    both(monkeypatch, run)


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody() as url:
        for address in (url.removeprefix("http://"), "nobody.invalid:3128"):
            monkeypatch.setenv("https_proxy", address)
            told = both(monkeypatch, outcome)
            assert isinstance(told, tuple)
            assert (told[0], told[3]) == ("proxy", "https_proxy")


@pytest.mark.parametrize("proxy", ["http://proxy:3128", "", "proxy"])
@pytest.mark.parametrize(
    "without",
    [
        "", "*", "sts.eu-central-1.amazonaws.com", ".amazonaws.com", "amazonaws.com", "AMAZONAWS.COM", "s.com",
        "other, eu-central-1.amazonaws.com", "sts.eu-central-1.amazonaws.com:443", "sts.*", "10.0.0.0/8",
    ],
)  # fmt: skip
def test_proxies_are_found_as_botocore_finds_them(monkeypatch: pytest.MonkeyPatch, proxy: str, without: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("no_proxy", without)
    monkeypatch.setenv("ALL_PROXY", "http://other")
    host = AWS_HOST.removeprefix("https://")
    assert sts_calls._proxy_of(host) == get_environ_proxies(f"{AWS_HOST}/").get("https", "")


def serve_tls(pem: Path, say: Callable[[], bytes] = lambda: answer("200 OK", issued())) -> Hostile:
    """A server for TLS with the certificate in *pem* that gives a session, or says something else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def handle(connection: socket.socket) -> None:
        with closing(context.wrap_socket(connection, server_side=True)) as tls:
            head = b""
            while b"TokenCode" not in head and (part := tls.recv(65536)):
                head += part
            tls.sendall(say())

    return Hostile(at_once=handle)


def told_by_server(monkeypatch: pytest.MonkeyPatch, pem: Path) -> tuple[object, ...]:
    """What comes of a call, by either way, to a server that has the certificate in *pem*."""

    def run() -> object:
        with serve_tls(pem) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://localhost:{server.port}")
            return outcome()

    told = both(monkeypatch, run)
    assert isinstance(told, tuple)
    return told


@pytest.mark.parametrize(
    ("host", "days", "comes"),
    [
        ("localhost", (-1, 1), "ASIAIOSFODNN7EXAMPLE"),
        ("localhost", (-1, 2), "tls"),
        ("example.com", (-1, 1), "tls"),
        ("localhost", (-9, -1), "tls-time"),
        ("localhost", (1, 9), "tls-time"),
    ],
    ids=["trusted", "unknown", "another-host", "expired", "not-yet"],
)
def test_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, days: tuple[int, int], comes: str
) -> None:
    pem = certificate(tmp_path, host=host, days=days)
    if days != (-1, 2):
        monkeypatch.setenv("AWS_CA_BUNDLE", str(pem))
    told = told_by_server(monkeypatch, pem)
    assert told[0] == comes


def test_tls_through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy opens a tunnel, and the certificate is that of the host behind it."""
    pem = certificate(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(pem))

    def run() -> object:
        with serve_tls(pem) as server, Hostile(open_tunnel) as proxy:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://localhost:{server.port}")
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            told = outcome()
            return told, len(proxy.requests)

    told = both(monkeypatch, run)
    assert isinstance(told, tuple)
    assert (told[0][0], told[1]) == ("ASIAIOSFODNN7EXAMPLE", 1)


def open_tunnel(connection: socket.socket, head: bytes) -> None:
    """What a proxy does."""
    port = int(head.split(b" ")[1].rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port)) as onward:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        _pass_on(connection, onward)


@pytest.mark.parametrize("proxied", [False, True])
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 2"])
def test_a_request_that_is_not_answered_may_have_been_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes, *, proxied: bool
) -> None:
    """The connection breaks after the request, not before it: the code counts as used, whatever stood in between."""
    pem = certificate(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(pem))

    def run() -> object:
        with serve_tls(pem, lambda: said) as server, Hostile(open_tunnel) as proxy:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://localhost:{server.port}")
            if proxied:
                monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            return outcome()[0]

    assert both(monkeypatch, run) == "dropped"


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Pass on what either says, until one of them closes."""
    import select

    while True:
        for ready in select.select([one, other], [], [], 20)[0]:
            part = ready.recv(65536)
            if not part:
                return
            (other if ready is one else one).sendall(part)


def test_tls_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> object:
        with Hostile(at_once=lambda connection: connection.sendall(answer("400 Bad Request"))) as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL_STS", f"https://localhost:{server.port}")
            return outcome()

    told = both(monkeypatch, run)
    assert isinstance(told, tuple)
    assert told[0] == "tls"


def test_a_bundle_that_is_garbage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = certificate(tmp_path)
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(garbage))
    told = told_by_server(monkeypatch, pem)
    assert told[0] == "tls"


def test_a_bundle_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/not/there.pem")
    told = both(monkeypatch, outcome)
    assert isinstance(told, tuple)
    assert told[0] == "ca-bundle"


def test_tls_is_no_weaker_than_botocores() -> None:
    ours, theirs = tls_context(ca_bundle.default_bundle()), create_urllib3_context()
    assert ours.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert (ours.check_hostname, ours.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert ours.options & theirs.options == theirs.options
    assert ours.verify_flags & theirs.verify_flags == theirs.verify_flags
    assert [cipher["name"] for cipher in ours.get_ciphers()] == [cipher["name"] for cipher in theirs.get_ciphers()]


def test_the_built_in_certificates_are_botocores() -> None:
    assert ca_bundle.default_bundle() == get_cert_path(verify=True)
    assert ca_bundle._names_own_file(str(Path(ca_bundle.default_bundle()).parent))


def serving(times: int, said: list[int]) -> Hostile:
    """A server that answers *times* requests on each connection; *said* gets the number of requests of each."""

    def handle(connection: socket.socket) -> None:
        said.append(0)
        at = len(said) - 1
        while said[at] < times and connection.recv(65536):
            said[at] += 1
            connection.sendall(answer("200 OK", issued("AssumeRole")))

    return Hostile(at_once=handle)


def assume(aws: Aws) -> str:
    caller = Caller("dev", KEYS, "eu-central-1", "aws")
    return aws.assume_role(caller, ROLE, "ana", 3600, CancelScope()).access_key_id


@pytest.mark.parametrize(("times", "used"), [(9, [3]), (1, [1, 1, 1]), (2, [2, 1])])
def test_a_connection_is_used_again(monkeypatch: pytest.MonkeyPatch, times: int, used: list[int]) -> None:
    said: list[int] = []
    with serving(times, said) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        aws = Aws(Clock(), Paths(os.environ))
        for _ in range(3):
            assert assume(aws) == "ASIAIOSFODNN7EXAMPLE"
        aws._direct._kept.close()
    assert [each for each in said if each] == used


def test_a_code_goes_by_a_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end may have closed an old one, which is noticed only when the code is sent."""
    said: list[int] = []
    with serving(9, said) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        aws = Aws(Clock(), Paths(os.environ))
        caller = Caller("dev", KEYS, "eu-central-1", "aws")
        for _ in range(2):
            aws.assume_role(caller, ROLE, "ana", 3600, CancelScope(), serial=SERIAL, code=Secret("123456"))
        assume(aws)
    assert said == [2, 1]


def test_the_last_attempt_goes_by_a_new_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end may close the old one, and no attempt would be left."""
    said: list[int] = []

    def handle(connection: socket.socket) -> None:
        said.append(0)
        throttled = refused("Throttling", "Rate exceeded", "400 Bad Request")
        if connection.recv(65536):
            said[-1] += 1
            connection.sendall(throttled if len(said) == 1 else answer("200 OK", issued("AssumeRole")))
            connection.recv(65536)

    with Hostile(at_once=handle) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
        aws = Aws(Clock(), Paths(os.environ))
        assert assume(aws) == "ASIAIOSFODNN7EXAMPLE"
        aws._direct._kept.close()
    assert said == [1, 1]


def test_which_connections_are_kept() -> None:
    now = [0.0]
    kept = OpenConnections(lambda: now[0])
    route = Route("a", 443, encrypted=True, region="r", ca_bundle="", proxy=None)
    pairs = [socket.socketpair() for _ in range(10)]
    for ours, _ in pairs:
        kept.put(route, ours)
    assert [ours.fileno() for ours, _ in pairs][:2] == [-1, -1], "eight at most"
    assert kept.take(route._replace(port=1)) is None
    assert kept.take(route._replace(ca_bundle="/other")) is None
    pairs[2][1].close()
    pairs[3][1].sendall(b"x")
    assert kept.take(route._replace(region="another")) is pairs[4][0]
    assert (pairs[2][0].fileno(), pairs[3][0].fileno()) == (-1, -1), "closed, or out of step"
    now[0] = 11.0
    assert kept.take(route) is None
    for pair in pairs:
        for each in pair:
            each.close()
