"""Every HTTP request that botocore makes in this process: where it may go, and how much of its answer is read.

All of them pass ``URLLib3Session.send``: those of our clients, those of the clients that botocore makes by itself for a
profile's credentials (web identity, IAM Identity Center), and those to the metadata services, for which there is no
client. Only there is the real address known: endpoint rules, ``data_path`` and the environment all have had their say.
"""

from __future__ import annotations

import threading
from functools import partialmethod
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mfa_tui.core.problems.catalogue import problem
from mfa_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
    from botocore.httpsession import ProxyConfiguration, URLLib3Session

    T = TypeVar("T")

LARGEST = 1 << 20
"""Bytes of a body that are read at most. AWS's longest answer here, a page of MFA devices, has some 50 kB."""
_PIECE = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_METADATA = ("169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23")
"""Link-local: what answers there is the machine that this one runs on. AWS offers it by plain http only."""
_BODILESS = (204, 304)

_lock = threading.Lock()
_guarded = False


def guard_requests() -> None:
    """From now on check every request of botocore, and bound every answer. Calling it again does nothing."""
    global _guarded  # noqa: PLW0603 - it says what was done to classes, which are as global
    with _lock:
        if not _guarded:
            from botocore import awsrequest
            from botocore.httpsession import ProxyConfiguration, URLLib3Session

            _guard_connections(awsrequest.AWSHTTPSConnection)
            for pool in (awsrequest.AWSHTTPConnectionPool, awsrequest.AWSHTTPSConnectionPool):
                _guard_redirects(pool)
            _guard_sending(URLLib3Session)
            _guard_proxies(ProxyConfiguration)
            _guarded = True


def _guard_sending(transport: type[URLLib3Session]) -> None:
    plain_send = transport.send

    def send(self: URLLib3Session, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        _check_address(str(request.url))
        if request.stream_output:
            return plain_send(self, request)
        # Otherwise it would be read at once, to its end.
        request.stream_output = True
        try:
            return _whole(plain_send(self, request), request)
        finally:
            request.stream_output = False

    transport.send = send  # type: ignore[method-assign]


def _guard_redirects(pool: Any) -> None:
    # botocore follows none, but has urllib3 prepare for one, which fails as if nothing had been sent.
    pool.urlopen = partialmethod(pool.urlopen, redirect=False)


def _guard_connections(connection: Any) -> None:
    """Tell TLS that breaks once the request is out, whose answer is lost, from a handshake that fails before."""
    import ssl

    def broken_off(method: Callable[..., T]) -> Callable[..., T]:
        def guarded(*arguments: Any, **named: Any) -> T:
            try:
                return method(*arguments, **named)
            except ssl.SSLError as error:
                raise ConnectionResetError(str(error)) from None

        return guarded

    # urllib3 has made the connection before it calls them.
    connection.request = broken_off(connection.request)
    connection.getresponse = broken_off(connection.getresponse)


def _guard_proxies(proxies: type[ProxyConfiguration]) -> None:
    proxy_url_for = proxies.proxy_url_for

    def proxy_unless_plain(self: ProxyConfiguration, url: str) -> str | None:
        # Plain http goes to this machine only, so a proxy is the one place where it could be read.
        return proxy_url_for(self, url) if url.lower().startswith("https:") else None

    proxies.proxy_url_for = proxy_unless_plain  # type: ignore[method-assign,assignment]


def is_protected(url: str) -> bool:
    """Whether what is sent to *url* is encrypted, or stays on this machine; True, too, if no connection can be made."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        # As the connection is made: other parsers find other hosts in http://example.com\\@localhost.
        parts = parse_url(url)
    except LocationParseError:
        return True
    host = (parts.host or "").strip("[]")
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK + _METADATA)


def _check_address(url: str) -> None:
    """Raises ConfigError (``endpoint-plain``), wherever an unprotected address came from."""
    if not is_protected(url):
        parts = urlsplit(url)
        found = problem("endpoint-plain", endpoint=f"{parts.scheme}://{parts.hostname}")
        raise ConfigError(found.code, found.what, found.why, found.remedy)


def _whole(response: AWSResponse, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
    """*response* with its body read. One that is too long counts as empty, which AWS's never is.

    Raises botocore's exceptions.
    """
    import urllib3.exceptions as u
    from botocore import exceptions as b
    from botocore.awsrequest import AWSResponse

    raw: Any = response.raw
    url = response.url
    body = bytearray()
    try:
        # Not stream(): it reads the length of a chunk as one line, however long.
        while len(body) <= LARGEST and (piece := raw.read(_PIECE)):
            body += piece
    except u.ReadTimeoutError as error:
        raise b.ReadTimeoutError(endpoint_url=url, error=error) from None
    except (u.ProtocolError, u.SSLError) as error:
        raise b.ConnectionClosedError(endpoint_url=url, error=error, request=request) from None
    if len(body) > LARGEST:
        raw.close()
        body.clear()
    elif response.status_code not in _BODILESS and len(body) < _announced(response):
        raise b.ConnectionClosedError(endpoint_url=url, error="cut short", request=request)
    headers: Any = response.headers
    return AWSResponse(url, response.status_code, headers, _Read(bytes(body)))


def _announced(response: AWSResponse) -> int:
    """How many bytes the answer said that it has; 0 if it did not say."""
    length = str(response.headers.get("Content-Length", ""))
    return int(length) if length.isascii() and length.isdigit() else 0


class _Read:
    """A body that was read, as botocore's response wants it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]
