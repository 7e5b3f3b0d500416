"""Answers of HTTP/1.1 (RFC 9112), read from a connection, with limits.

What is read, and what is an error, is as with Python's ``http.client``, which tests compare it with. That one reads
headers with ``email``, whose import takes as long as TLS.
"""

from __future__ import annotations

import re
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

LARGEST = 1 << 20
"""The most bytes of a body that are read. AWS's longest response here, a page of MFA devices, has about 50 kB."""
_LONGEST_LINE = 65_536
"""Bytes of a line."""
_MOST_HEADERS = 100
"""Lines of headers."""
_PIECE = 1 << 16
_CONTINUE, _LOWEST, _HIGHEST = 100, 100, 999
_BODILESS = (*range(100, 200), 204, 304)
_HEADER = rb"[\x21-\x39\x3b-\x7e]*:"


class HttpError(Exception):
    """It is no answer of HTTP, or it ends too early."""


class TwoLengths(Exception):
    """It says two lengths: nobody knows where the answer ends."""


class HttpAnswer(NamedTuple):
    """An answer, from AWS or from anything on the way there."""

    status: int
    """The HTTP status."""
    headers: dict[str, str]
    """The headers, names in lower case; what is said several times is joined with commas."""
    body: bytes
    """The body; empty if it was longer than allowed."""
    goes_on: bool = False
    """Whether another request can be sent on the same connection."""


def has_body(status: int) -> bool:
    """Whether an answer with that status may have a body; others have none, whatever their headers say."""
    return status not in _BODILESS


def read_status(stream: BinaryIO) -> int:
    """The status of a proxy's answer to CONNECT, whose head is read from *stream*. Raises HttpError, OSError."""
    status = _read_status_line(stream)[0]
    _read_headers(stream)
    return status


def read_http(stream: BinaryIO, largest: int) -> HttpAnswer:
    """Read an answer from *stream*; of its body at most *largest* bytes, and a little more.

    Raises HttpError, TwoLengths, OSError.
    """
    status, newest, lines = _read_head(stream)
    headers: dict[str, str] = {}
    for name, value in lines:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    first = dict(reversed(lines))
    has_end = True
    said = headers.get("content-length", "")
    if first.get("transfer-encoding", "").lower() == "chunked":
        body = _read_chunks(stream, largest)
    else:
        if _says_two_lengths(headers):
            raise TwoLengths
        length = _body_length(status, first.get("content-length", ""))
        has_end = length is not None
        body = _read_body(stream, length, largest)
    if len(body) > largest:
        body, has_end = b"", False
    elif has_body(status) and said.isascii() and said.isdigit() and len(body) < int(said):
        raise HttpError("cut short")
    goes_on = has_end and newest and "close" not in headers.get("connection", "").lower()
    return HttpAnswer(status, headers, body, goes_on)


def _read_head(stream: BinaryIO) -> tuple[int, bool, list[tuple[str, str]]]:
    """The status, whether it is HTTP/1.1, and the headers."""
    while True:
        status, version = _read_status_line(stream)
        if version != "HTTP/0.9" and not version.startswith("HTTP/1."):
            raise HttpError("another version")
        headers = _read_headers(stream)
        if status != _CONTINUE:
            return status, version == "HTTP/1.1", headers


def _read_status_line(stream: BinaryIO) -> tuple[int, str]:
    """The status and the version."""
    version, status, *_ = *_line(stream).decode("latin-1").split(None, 2), "", ""
    if not version.startswith("HTTP/"):
        raise HttpError("no status")
    try:
        number = int(status)
    except ValueError:
        raise HttpError("no status") from None
    if not _LOWEST <= number <= _HIGHEST:
        raise HttpError("no status")
    return number, version


def _read_headers(stream: BinaryIO) -> list[tuple[str, str]]:
    """The headers in order, names in lower case. A line that is none ends them."""
    lines = []
    while (line := _line(stream)) not in (b"\r\n", b"\n", b""):
        lines.append(line)
        if len(lines) >= _MOST_HEADERS:
            raise HttpError("too many headers")
    found: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1").rstrip("\r\n")
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1] = (found[-1][0], f"{found[-1][1]}\r\n{text}")
        elif re.match(_HEADER, line):
            name, _, value = text.partition(":")
            found.append((name.lower(), value.lstrip(" \t")))
        else:
            break
    return [(name, value) for name, value in found if name]


def _says_two_lengths(headers: dict[str, str]) -> bool:
    """Whether it does to urllib3, which botocore uses (``HTTPResponse._init_length``, 2.8)."""
    if "chunked" in {each.strip() for each in headers.get("transfer-encoding", "").lower().split(",")}:
        return False
    try:
        return len({int(each) for each in headers.get("content-length", "").split(",")}) > 1
    except ValueError:
        return False


def _body_length(status: int, said: str) -> int | None:
    """The length of the body in bytes; None if it ends with the connection."""
    if not has_body(status):
        return 0
    try:
        length = int(said)
    except ValueError:
        return None
    return length if length >= 0 else None


def _read_body(stream: BinaryIO, length: int | None, largest: int) -> bytes:
    body = bytearray()
    left = largest + 1 if length is None else min(length, largest + 1)
    while len(body) < left and (piece := stream.read(min(_PIECE, left - len(body)))):
        body += piece
    return bytes(body)


def _read_chunks(stream: BinaryIO, largest: int) -> bytes:
    body = bytearray()
    while size := _chunk_size(stream):
        body += _exactly(stream, min(size, largest + 1))
        if len(body) > largest:
            return bytes(body)
        _exactly(stream, len(b"\r\n"))
    for _ in range(_MOST_HEADERS):
        if _line(stream) in (b"\r\n", b"\n", b""):
            return bytes(body)
    raise HttpError("too many trailers")


def _chunk_size(stream: BinaryIO) -> int:
    try:
        size = int(_line(stream).partition(b";")[0], 16)
    except ValueError:
        raise HttpError("no size of a chunk") from None
    if size < 0:
        raise HttpError("no size of a chunk")
    return size


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise HttpError("cut short")
    return data


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(_LONGEST_LINE + 1)
    if len(line) > _LONGEST_LINE:
        raise HttpError("a long line")
    return line
