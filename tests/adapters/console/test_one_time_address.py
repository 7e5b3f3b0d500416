"""The one-time address: one redirect, to one browser, that nothing stores."""

import http.client
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from mfa_tui.adapters.console.one_time_address import OneTimeAddress
from mfa_tui.models import Secret

LINK = "https://signin.aws.amazon.com/federation?Action=login&SigninToken=SECRET"


@pytest.fixture
def address() -> Iterator[OneTimeAddress]:
    with OneTimeAddress(Secret(LINK)) as address:
        yield address


def get(
    address: OneTimeAddress, path: str | None = None, method: str = "GET", **headers: str
) -> http.client.HTTPResponse:
    parts = urlsplit(address.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request(method, parts.path if path is None else path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_redirects_once(address: OneTimeAddress) -> None:
    parts = urlsplit(address.url)
    assert parts.hostname == "127.0.0.1"
    assert "SECRET" not in address.url
    assert not address.wait(0)
    answer = get(address)
    assert (answer.status, answer.headers["Location"]) == (302, LINK)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert address.wait(10)
    again = get(address)
    assert (again.status, again.headers["Location"]) == (404, None)


def test_other_requests_get_nothing_and_use_nothing_up(address: OneTimeAddress) -> None:
    netloc = urlsplit(address.url).netloc
    port = netloc.rpartition(":")[2]
    for path in ("/", "/favicon.ico", f"{urlsplit(address.url).path}x", f"{urlsplit(address.url).path}?x"):
        assert get(address, path).status == 404
    for host in ("evil.example", f"evil.example:{port}", f"localhost:{port}", "127.0.0.1", ""):
        refused = get(address, Host=host)
        assert (refused.status, refused.headers["Location"]) == (403, None)
    for method in ("HEAD", "POST", "OPTIONS"):
        assert get(address, method=method).headers["Location"] is None
    assert not address.wait(0)
    assert get(address).headers["Location"] == LINK


def test_silent_connections_do_not_hold_it_up(address: OneTimeAddress) -> None:
    parts = urlsplit(address.url)
    silent = [socket.create_connection((parts.hostname, parts.port), timeout=10) for _ in range(20)]
    assert get(address).status == 302
    for each in silent:
        each.close()


def test_of_many_at_once_one_gets_the_link(address: OneTimeAddress) -> None:
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(get(address).headers["Location"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [None] * 7 + [LINK]


def test_it_is_gone_afterwards() -> None:
    with OneTimeAddress(Secret(LINK)) as address:
        parts = urlsplit(address.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname, parts.port), timeout=10)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as another user")
@pytest.mark.parametrize(("family", "host"), [("AF_INET", "127.0.0.1"), ("AF_INET6", "::ffff:127.0.0.1")])
def test_another_user_is_not_quicker_than_the_browser(address: OneTimeAddress, family: str, host: str) -> None:
    program = (
        "import os, socket, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        f"connection = socket.socket(socket.{family})\n"
        f"connection.connect(('{host}', int(sys.argv[1])))\n"
        "connection.sendall(f'GET {sys.argv[2]} HTTP/1.1\\r\\nHost: 127.0.0.1:{sys.argv[1]}\\r\\n\\r\\n'.encode())\n"
        "print(connection.recv(1000).decode())\n"
    )
    parts = urlsplit(address.url)
    other = subprocess.run(
        [sys.executable, "-I", "-c", program, str(parts.port), parts.path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert other.stdout.startswith("HTTP/1.0 403"), other.stderr
    assert "SECRET" not in other.stdout
    assert not address.wait(0)
    assert get(address).headers["Location"] == LINK
