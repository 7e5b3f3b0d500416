"""Answers of HTTP, read as botocore reads them: by urllib3 and Python's own http.client."""

import http.client
import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from urllib3._collections import HTTPHeaderDict
from urllib3.exceptions import InvalidHeader, ProtocolError
from urllib3.response import HTTPResponse

from mfa_tui.adapters.aws.direct.http_answer import HttpError, TwoLengths, has_body, read_http
from tests.support.runner.thoroughness import examples

LARGEST = 4000
STARTS = st.sampled_from(
    ["HTTP/1.1 200 OK"] * 6
    + [
        "HTTP/1.0 200 OK", "HTTP/1.1 204", "HTTP/1.1 304 Not Modified", "HTTP/1.1 403 Forbidden", "HTTP/2 200",
        "HTTP/1.1 99 Low", "HTTP/1.1 1000 High", "HTTP/1.1 abc", "SSH-2.0-OpenSSH", "", "HTTP/1.1  200  OK",
        "HTTP/1.1", "http/1.1 200", "HTTP/1 200", "HTTP/0.9 403 Forbidden", "HTTP/1.9x 200", "HTTP/1.1 101 Switching",
        "HTTP/1.1 +200 OK", "HTTP/1.1 0403", "HTTP/1.1\t200\tOK", "HTTP/1.1 2_00", "HTTP/1.1\xa0200 OK",
        "HTTP/1.1 103 Early Hints", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh",
    ]
)  # fmt: skip
LINES = st.sampled_from(
    [
        "Date: Sun, 29 Nov 2026 12:00:00 GMT", "x-amzn-RequestId: 0f1e", "X-Amzn-requestid:  7 ", "Content-Length: 5",
        "Content-Length: 0", "Content-Length: 9000", "content-length: x", "Content-Length: -1", "Content-Length: 5, 5",
        "Content-Length: 5, 05", "Content-Length: 5, x", "Content-Length: 5,", "Content-Length: +5",
        "Content-Length: 0_5", "Content-Length: -0", "Content-Length:", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked , chunked", "Transfer-Encoding: chunked",
        "Transfer-Encoding: CHUNKED", "Transfer-Encoding: gzip", " folded", "\tfolded", "no colon", ": no name",
        "a b: c",
        "X: \xff\xfe", "X:", "Connection: close",
    ]
)  # fmt: skip
BODIES = st.one_of(
    st.sampled_from(
        [
            b"", b"hello", b"hello and more", b"5\r\nhello\r\n0\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n",
            b"5\r\nhel", b"x\r\nhello\r\n0\r\n\r\n", b"FFFFFFFF\r\nhello", b"a\nhellohello\n\n0\n\n", b"\r\nhello",
            b"0x5\r\nhello\r\n0\r\n\r\n", b"+5\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n",
            b" 5 \r\nhello\r\n-0\r\n\r\n", b"0_5\r\nhello\r\n0\r\n\r\n", b"F" * 40 + b"\r\nhello",
            b"x" * 9000, b"3e8\r\n" + b"x" * 1000 + b"\r\n",
        ]
    ),
    st.binary(max_size=30),
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    end = draw(st.sampled_from(["\r\n"] * 4 + ["\n"]))
    lines = [draw(STARTS), *draw(st.lists(LINES, max_size=5))]
    return end.join((*lines, "", "")).encode("latin-1") + draw(BODIES)


class Sock:
    """Stands for a connection that has sent *data* and was closed."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self._data))


def of_urllib3(data: bytes) -> object:
    """What http.client and urllib3 make of *data*, with what our limits add."""
    sock: Any = Sock(data)
    answer = http.client.HTTPResponse(sock, method="POST")
    body = bytearray()
    try:
        answer.begin()
        headers = HTTPHeaderDict(answer.msg.items())
        reader = HTTPResponse(
            answer, headers, answer.status, preload_content=False, decode_content=False, enforce_content_length=False,
            original_response=answer, request_method="POST",
        )  # fmt: skip
        while len(body) <= LARGEST and (piece := reader.read(1000)):
            body += piece
    except InvalidHeader:
        return "two lengths"
    except (http.client.HTTPException, ProtocolError, ValueError):
        return "no answer"
    said = headers.get("content-length", "")
    if len(body) > LARGEST:
        body.clear()
    elif has_body(answer.status) and said.isascii() and said.isdigit() and len(body) < int(said):
        return "no answer"
    return answer.status, {name.lower(): " ".join(headers[name].split()) for name in headers}, bytes(body)


def of_ours(data: bytes) -> object:
    try:
        answer = read_http(io.BytesIO(data), LARGEST)
    except HttpError:
        return "no answer"
    except TwoLengths:
        return "two lengths"
    return answer.status, {name: " ".join(value.split()) for name, value in answer.headers.items()}, answer.body


@given(answers())
@settings(max_examples=examples(5000, short=120))
@example(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 99 + b"\r\n")
@example(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100 + b"\r\n")
@example(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 65_530 + b"\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 65_540 + b"\r\n\r\n")
@example(b"HTTP/1.1 200 " + b"O" * 65_540 + b"\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 65_540)
def test_as_botocore_reads_them(data: bytes) -> None:
    assert of_ours(data) == of_urllib3(data)


@pytest.mark.parametrize("trailer", [b"X: y\r\n" * 5000, b"x" * 70_000])
def test_trailers_have_limits(trailer: bytes) -> None:
    with pytest.raises(HttpError):
        read_http(io.BytesIO(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + trailer), LARGEST)


@pytest.mark.parametrize(
    ("head", "goes_on"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2", True),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Close", False),
        ("HTTP/1.0 200 OK\r\nContent-Length: 2", False),
        ("HTTP/1.1 200 OK", False),
        ("HTTP/1.1 204 OK", True),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9999", False),
    ],
)
def test_whether_a_connection_goes_on(head: str, goes_on: bool) -> None:
    assert read_http(io.BytesIO(f"{head}\r\n\r\n".encode() + b"x" * 9999), LARGEST).goes_on is goes_on
