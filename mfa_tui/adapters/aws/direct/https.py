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

    from mfa_tui.adapters.aws.direct.open_connections import OpenConnections
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
    # OpenSSL's configuration may ask for more.
    context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
    context.set_alpn_protocols(["http/1.1"])
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
    context.post_handshake_auth = True
    context.load_verify_locations(ca_bundle)
    return context


class Transport(NamedTuple):
    """What requests are sent with."""

    timeouts: Timeouts
    """How long a request may take."""
    tls: Callable[[], ssl.SSLContext]
    """Makes the TLS context, if there is to be TLS. Raises OSError."""
    proxy_variable: str
    """The environment variable that names the proxy."""
    kept: OpenConnections
    """The connections that are open already."""


def send(request: StsRequest, route: Route, transport: Transport, *, fresh: bool) -> HttpAnswer:
    """Send *request* once and read the answer; *fresh*: by a new connection. Raises AwsUnreachable.

    Only when an old one is used can we notice that the other end has closed it.
    """
    where, kept = route.host, transport.kept
    connection = (None if fresh else kept.take(route)) or _open(route, transport)
    try:
        connection.settimeout(transport.timeouts.connect)
        _transmit(connection, request, where)
        connection.settimeout(transport.timeouts.read)
        answer = _receive(connection, where)
    except BaseException:
        connection.close()
        raise
    if answer.goes_on:
        kept.put(route, connection)
    else:
        connection.close()
    return answer


def _open(route: Route, transport: Transport) -> socket.socket:
    """A new connection to the host of *route*. Raises AwsUnreachable."""
    where, proxy, timeouts, variable = route.host, route.proxy, transport.timeouts, transport.proxy_variable
    opened = _connect_to_proxy(where, proxy, timeouts, variable) if proxy else _connect(route, timeouts)
    try:
        if proxy:
            _open_tunnel(opened, route, proxy, variable)
        return _encrypt(opened, where, transport.tls) if route.encrypted else opened
    except BaseException:
        opened.close()
        raise


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
