"""Faults to inject: what networks and AWS do when they fail."""

import dataclasses
import re
from collections.abc import Callable, Iterator

from mfa_tui.demo.aws.protocol import aws_errors


@dataclasses.dataclass(frozen=True)
class Fault:
    """One way to fail. Made by the functions below."""

    delay: float = 0.0
    """Seconds to wait before anything else happens."""
    drop: bool = False
    """Close the connection instead of answering."""
    refusal: aws_errors.Refusal | None = None
    """Answer with this error."""
    page: tuple[int, str] | None = None
    """Answer with this HTTP status and HTML."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers of the answer, in place of those that it would have."""
    alter: Callable[[bytes], bytes] | None = None
    """Answer with this in place of the body."""
    wire: Callable[[bytes], Iterator[bytes]] | None = None
    """Send this for the body, piece by piece, status line included; then reset the connection."""
    pause: float = 0.0
    """Seconds before each piece."""
    after: bool = False
    """Let the action take effect first: the code is spent, the answer is lost."""


def delay(seconds: float) -> Fault:
    """Answer properly, but late."""
    return Fault(delay=seconds)


def dropped(*, after: bool = False) -> Fault:
    """Close the connection without an answer."""
    return Fault(drop=True, after=after)


def server_error(status: int = 500, *, after: bool = False) -> Fault:
    """500 or 503, before or after the action took effect."""
    return Fault(refusal=aws_errors.internal_failure(status), after=after)


def throttled() -> Fault:
    """Throttling: Rate exceeded."""
    return Fault(refusal=aws_errors.throttling())


def not_known_yet() -> Fault:
    """NoSuchEntity, as IAM answers for a moment about what was just created: it is eventually consistent."""
    return Fault(refusal=aws_errors.no_such_entity("The user or device that the request names cannot be found."))


LOOSE_PAGE = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Welcome</title><body><h1>Sign in to the Wi-Fi<br>"
"""HTML as most portals write it: no XML parser takes it."""
XHTML_PAGE = "<html><head><title>Welcome</title></head><body><h1>Sign in to the Wi-Fi</h1></body></html>"
"""HTML that is well-formed XML, which a client that only parses it takes for an answer."""


def captive_portal(status: int = 200, page: str = LOOSE_PAGE) -> Fault:
    """A hotel's sign-in page instead of AWS: status 200, 204, 302 or 511, some with an empty page."""
    return Fault(page=(status, page))


def gateway(status: int = 502) -> Fault:
    """A proxy's own page when AWS does not answer: 502, 503 or 504."""
    return Fault(page=(status, "<html><body><h1>Bad Gateway</h1></body></html>"))


def altered(alter: Callable[[bytes], bytes]) -> Fault:
    """The action takes effect, and its XML is changed on the way."""
    return Fault(alter=alter, after=True)


def without_request_id() -> Fault:
    """AWS's XML without the request ID that shows it is AWS's."""
    return altered(lambda body: re.sub(rb"<RequestId>.*?</RequestId>", b"", body))


def of_another_call() -> Fault:
    """What AWS answers to GetAccountSummary: a cache or a proxy has mixed up two answers."""
    xml = (
        b'<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult/>'
        b"<ResponseMetadata><RequestId>f1e38443-f1ad-11df-b1ef-a9265EXAMPLE</RequestId></ResponseMetadata>"
        b"</GetAccountSummaryResponse>"
    )
    return altered(lambda _: xml)


def cut_short() -> Fault:
    """Half of the XML, as if it were all."""
    return altered(lambda body: body[: len(body) // 2])


def field(name: str, value: str) -> Fault:
    """AWS's XML with *value*, which is XML itself, in each field called *name*."""
    tag = name.encode()
    new = b"<%s>%s</%s>" % (tag, value.encode(), tag)
    return altered(lambda body: re.sub(rb"<%s>.*?</%s>" % (tag, tag), lambda _: new, body, flags=re.DOTALL))


def dated(date: str) -> Fault:
    """A right answer with another Date header."""
    return Fault(headers=(("Date", date),), after=True)


def reset_midway() -> Fault:
    """The action takes effect, and the connection breaks in the middle of the answer."""

    def half(body: bytes) -> Iterator[bytes]:
        yield _HEAD % len(body)
        yield body[: len(body) // 2]

    return Fault(wire=half, after=True)


def dripping(pause: float = 0.5) -> Fault:
    """The action takes effect, and its answer comes byte by byte, each after *pause* seconds."""

    def drops(body: bytes) -> Iterator[bytes]:
        yield _HEAD % len(body)
        for place in range(len(body)):
            yield body[place : place + 1]

    return Fault(wire=drops, pause=pause, after=True)


def oversized(megabytes: int = 64, *, chunked: bool = False) -> Fault:
    """The action takes effect, and its answer is followed by so many megabytes of blanks."""
    blanks = b" " * (1 << 20)

    def heap(body: bytes) -> Iterator[bytes]:
        yield _CHUNKED if chunked else _HEAD % (len(body) + megabytes * len(blanks))
        for part in (body, *[blanks] * megabytes):
            yield b"%x\r\n%s\r\n" % (len(part), part) if chunked else part
        yield b"0\r\n\r\n" if chunked else b""

    return Fault(wire=heap, after=True)


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclasses.dataclass
class _QueuedFault:
    fault: Fault
    action: str | None
    access_key_id: str | None
    times: int


class FaultQueue:
    """The faults that have not happened yet, oldest first. Not locked: the caller holds the server's lock."""

    def __init__(self) -> None:
        self._faults: list[_QueuedFault] = []

    def add(self, fault: Fault, action: str | None, access_key_id: str | None, times: int) -> None:
        """Inject a fault into the next ``times`` requests, of one action or key only if given."""
        self._faults.append(_QueuedFault(fault, action, access_key_id, times))

    def clear(self) -> None:
        """Drop all faults that have not happened yet."""
        self._faults.clear()

    def take(self, action: str, access_key_id: str) -> Fault | None:
        """The fault for this request, if any; it counts as used."""
        for queued in self._faults:
            if queued.action in (None, action) and queued.access_key_id in (None, access_key_id):
                queued.times -= 1
                if queued.times == 0:
                    self._faults.remove(queued)
                return queued.fault
        return None
