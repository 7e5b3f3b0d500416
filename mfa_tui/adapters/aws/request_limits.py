"""Limits for every HTTP request of botocore in this process: where it may go, and how much of the response is read.

All requests pass through ``URLLib3Session.send``: those of our clients, those of clients that botocore makes by itself
for a profile's credentials (web identity, IAM Identity Center), and those to the metadata services, which have no
client. Only there is the real address known, after endpoint rules, ``data_path`` and the environment.
"""

from __future__ import annotations

import threading
from functools import partialmethod
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mfa_tui.adapters.aws.direct.http_answer import LARGEST, has_body
from mfa_tui.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
    from botocore.httpsession import ProxyConfiguration, URLLib3Session

    T = TypeVar("T")

LARGEST_REPORT = 1 << 25
"""The same for what describes a whole account: 5,000 users take 3 MB of a credential report, and a page of a thousand
roles up to 12 MB of trust policies."""
_REPORTS = ("GetCredentialReport", "GetAccountAuthorizationDetails", "ListRoles", "ListVirtualMFADevices")
"""IAM's actions that describe a whole account."""
_PIECE = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_METADATA = ("169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23")
"""Link-local addresses, answered by the host that this machine runs on. AWS offers them by plain http only."""

_lock = threading.Lock()
_guarded = False


def guard_requests() -> None:
    """From now on check every request of botocore and limit every response. Calling it again does nothing."""
    global _guarded  # noqa: PLW0603 - it records a change of classes, which are global too
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
        # Otherwise botocore would read all of it at once.
        request.stream_output = True
        try:
            return _read_body(plain_send(self, request), request)
        finally:
            request.stream_output = False

    transport.send = send  # type: ignore[method-assign]


def _guard_redirects(pool: Any) -> None:
    # botocore follows no redirect, but lets urllib3 prepare for one, which fails as if nothing had been sent.
    pool.urlopen = partialmethod(pool.urlopen, redirect=False)


def _guard_connections(connection: Any) -> None:
    """Tell a failure after the request was sent, whose response is lost, from a failed handshake or proxy before it.

    urllib3 takes an error of TLS for the handshake's, and one with which http.client closes the connection for the
    proxy's.
    """
    import ssl

    from urllib3.exceptions import ProtocolError

    def with_protocol_error(method: Callable[..., T], kinds: tuple[type[OSError], ...]) -> Callable[..., T]:
        def guarded(*arguments: Any, **named: Any) -> T:
            try:
                return method(*arguments, **named)
            except kinds as error:
                raise ProtocolError(str(error)) from None

        return guarded

    # urllib3 has connected before it calls these. It reads on if the other end has closed the connection meanwhile.
    connection.request = with_protocol_error(connection.request, (ssl.SSLError,))
    connection.getresponse = with_protocol_error(connection.getresponse, (ssl.SSLError, ConnectionError))


def _guard_proxies(proxies: type[ProxyConfiguration]) -> None:
    proxy_url_for = proxies.proxy_url_for

    def proxy_unless_plain(self: ProxyConfiguration, url: str) -> str | None:
        # Plain http goes only to this machine: only a proxy could read it.
        return proxy_url_for(self, url) if url.lower().startswith("https:") else None

    proxies.proxy_url_for = proxy_unless_plain  # type: ignore[method-assign,assignment]


def is_protected(url: str) -> bool:
    """Whether what is sent to *url* is encrypted, or stays on this machine; True, too, if no connection can be made."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    try:
        # Parsed as for the connection: other parsers find other hosts in http://example.com\\@localhost.
        parts = parse_url(url)
    except LocationParseError:
        return True
    host = (parts.host or "").strip("[]")
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK + _METADATA)


def _check_address(url: str) -> None:
    """Raises ConfigError (``endpoint-plain``), wherever an unprotected address came from."""
    if not is_protected(url):
        from mfa_tui.core.problems.catalogue import problem

        parts = urlsplit(url)
        raise problem("endpoint-plain", endpoint=f"{parts.scheme}://{parts.hostname}").as_error(ConfigError)


def _read_body(response: AWSResponse, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
    """*response* with its body read. A body that is too long counts as empty, which AWS's never is.

    Raises botocore's exceptions.
    """
    import urllib3.exceptions as u
    from botocore import exceptions as b
    from botocore.awsrequest import AWSResponse

    raw: Any = response.raw
    url = response.url
    largest = LARGEST_REPORT if _is_report(request) else LARGEST
    body = bytearray()
    try:
        # Not stream(), which reads a line of any length for the size of a chunk.
        while len(body) <= largest and (piece := raw.read(_PIECE)):
            body += piece
    except u.ReadTimeoutError as error:
        raise b.ReadTimeoutError(endpoint_url=url, error=error) from None
    except (u.ProtocolError, u.SSLError, ValueError) as error:
        # ValueError: a chunk of negative size.
        raise b.ConnectionClosedError(endpoint_url=url, error=error, request=request) from None
    if len(body) > largest:
        raw.close()
        body.clear()
    elif has_body(response.status_code) and len(body) < _announced_length(response):
        raise b.ConnectionClosedError(endpoint_url=url, error="cut short", request=request)
    headers: Any = response.headers
    return AWSResponse(url, response.status_code, headers, _ReadBody(bytes(body)))


def _is_report(request: AWSRequest | AWSPreparedRequest) -> bool:
    """Whether the request is for one of the actions whose responses may be large."""
    body: object = getattr(request, "body", None)
    text = body[:200].decode("latin-1") if isinstance(body, bytes) else body
    return isinstance(text, str) and text.startswith(tuple(f"Action={action}&" for action in _REPORTS))


def _announced_length(response: AWSResponse) -> int:
    """The length of the body that the response announced, in bytes; 0 if it did not."""
    length = str(response.headers.get("Content-Length", ""))
    return int(length) if length.isascii() and length.isdigit() else 0


class _ReadBody:
    """A body that has been read, in the form that botocore's response expects."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]
