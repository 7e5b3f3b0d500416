"""What stands in AWS's place: a server on this machine that says whatever a test wants."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Handler = Callable[[socket.socket, bytes], None]
"""Is given a connection and the head of the request that came; what it leaves open is closed."""


class Hostile:
    """Serves on a free port of 127.0.0.1 while the ``with`` block runs."""

    def __init__(
        self, handler: Handler | None = None, *, at_once: Callable[[socket.socket], None] | None = None
    ) -> None:
        """*at_once* takes a connection before anything of it was read."""
        self._handler = handler
        self._at_once = at_once
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        """The heads of all requests."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            if self._at_once is not None:
                self._at_once(connection)
                return
            head = b""
            while b"\r\n\r\n" not in head and (part := connection.recv(65536)):
                head += part
            if head and self._handler is not None:
                self.requests.append(head)
                _read_body(connection, head)
                self._handler(connection, head)


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """An address on this machine where nobody listens, and nobody else can begin to: the port is taken meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def _read_body(connection: socket.socket, head: bytes) -> None:
    """Read what follows *head*: a connection that is closed with something unread loses what was sent on it."""
    lines = head.lower().partition(b"\r\n\r\n")[0].split(b"\r\n")
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    missing = length - len(head.partition(b"\r\n\r\n")[2])
    while missing > 0 and (part := connection.recv(65536)):
        missing -= len(part)


def saying(answer: bytes) -> Handler:
    """A handler that sends *answer*, head and all, to whatever is asked."""
    return lambda connection, _: connection.sendall(answer)


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """An HTTP answer: *status* is the number and its words."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def certificate(directory: Path, *, host: str = "localhost", days: tuple[int, int] = (-1, 1)) -> Path:
    """A file with a certificate of *host* that has signed itself, and its private key.

    It is valid from and until so many days from now.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / f"{host}{days[0]}.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path
