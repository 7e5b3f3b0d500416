"""One request by HTTP: through a proxy or not, encrypted or to this machine, with limits for time and size.

It fails as botocore and urllib3 would fail, so that an error has the same name and words whichever way was taken; tests
compare the two. Nothing is read from the environment here.
"""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import Any, NamedTuple

from mfa_tui.adapters.aws.caller import AwsUnreachable
from mfa_tui.adapters.aws.direct.http_answer import LARGEST, HttpAnswer, HttpError, TwoLengths, read_http, read_status
from mfa_tui.adapters.aws.unreachable import tls_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from mfa_tui.core.aws.sts_request import StsRequest
    from mfa_tui.core.aws.sts_route import Proxy, Route

_OK = 200


class Timeouts(NamedTuple):
    """How long a request may take, in seconds."""

    connect: float
    """To connect, for the proxy's answer, and for each step of the TLS handshake."""
    read: float
    """For each piece of the answer."""


def tls_context(ca_bundle: str) -> ssl.SSLContext:
    """How TLS is spoken: with the certificates in the file *ca_bundle*, host names checked, TLS 1.2 or newer.

    Otherwise as botocore does it (``httpsession.create_urllib3_context``, 1.44). Raises OSError if there are none.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
    context.post_handshake_auth = True
    context.load_verify_locations(ca_bundle)
    return context


def send(
    request: StsRequest, route: Route, timeouts: Timeouts, tls: Callable[[], ssl.SSLContext], proxy_variable: str
) -> HttpAnswer:
    """Send *request* once and read the answer. *tls* makes the context if there is to be TLS.

    *proxy_variable* is the environment variable that names the proxy. Raises AwsUnreachable.
    """
    where, proxy = route.host, route.proxy
    opened = _connect_to_proxy(where, proxy, timeouts, proxy_variable) if proxy else _connect(route, timeouts)
    with closing(opened):
        if proxy:
            _open_tunnel(opened, route, proxy, proxy_variable)
        connection = _encrypt(opened, where, tls) if route.encrypted else opened
        with closing(connection):
            _transmit(connection, request, where)
            connection.settimeout(timeouts.read)
            return _receive(connection, where)


def _connect(route: Route, timeouts: Timeouts) -> socket.socket:
    try:
        return _dial(route.host, route.port, timeouts)
    except TimeoutError:
        raise AwsUnreachable("timeout", route.host, connected=False) from None
    except OSError:
        raise AwsUnreachable("unreachable", route.host) from None


def _connect_to_proxy(where: str, proxy: Proxy, timeouts: Timeouts, variable: str) -> socket.socket:
    try:
        return _dial(proxy.host, proxy.port, timeouts)
    except OSError:
        raise AwsUnreachable("proxy", where, proxy=variable) from None


def _dial(host: str, port: int, timeouts: Timeouts) -> socket.socket:
    # In bytes: the names are ASCII, and Python's codec for others is slow to import.
    address: Any = (host.encode(), port)
    connection = socket.create_connection(address, timeouts.connect)
    with suppress(OSError):
        # The other end may have closed it already, which sending will tell.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _open_tunnel(connection: socket.socket, route: Route, proxy: Proxy, variable: str) -> None:
    where = route.host
    target = f"{route.host}:{route.port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.login:
        from base64 import b64encode

        lines.append(f"Proxy-Authorization: Basic {b64encode(proxy.login.reveal().encode()).decode()}")
    try:
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        with closing(connection.makefile("rb")) as stream:
            status = read_status(stream)
    except TimeoutError:
        raise AwsUnreachable("timeout", where) from None
    except (OSError, HttpError):
        raise AwsUnreachable("dropped", where) from None
    if status != _OK:
        raise AwsUnreachable("proxy-status", where, str(status), proxy=variable)


def _encrypt(connection: socket.socket, where: str, tls: Callable[[], ssl.SSLContext]) -> socket.socket:
    import ssl

    try:
        context = tls()
    except OSError as error:
        # The file has no certificates, or is gone.
        raise AwsUnreachable(tls_kind(str(error)), where) from None
    try:
        return context.wrap_socket(connection, server_hostname=where.encode())
    except TimeoutError:
        raise AwsUnreachable("timeout", where) from None
    except ssl.SSLError as error:
        raise AwsUnreachable(tls_kind(str(error)), where) from None
    except OSError:
        raise AwsUnreachable("dropped", where) from None


def _transmit(connection: socket.socket, request: StsRequest, where: str) -> None:
    try:
        connection.sendall(request.reveal())
    except (BrokenPipeError, ConnectionResetError):
        # It may have answered before it closed the connection.
        return
    except OSError:
        raise AwsUnreachable("dropped", where) from None


def _receive(connection: socket.socket, where: str) -> HttpAnswer:
    try:
        with closing(connection.makefile("rb")) as stream:
            return read_http(stream, LARGEST)
    except TimeoutError:
        raise AwsUnreachable("timeout", where) from None
    except (OSError, HttpError):
        raise AwsUnreachable("dropped", where) from None
    except TwoLengths:
        raise AwsUnreachable("unread", where) from None
