"""A terminal interface, seen from outside: on a pseudo-terminal, as a terminal would see it."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence

import pexpect
from rounds import CannotRun

ROWS, COLUMNS = 36, 120
TIMEOUT = 30.0
"""Seconds until a frame that does not come is given up."""


@contextlib.contextmanager
def opened(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator["pexpect.spawn[str]"]:
    """The interface on a pseudo-terminal; it is killed at the end.

    :raises CannotRun: it ended, or was silent where something was expected.
    """
    child = pexpect.spawn(
        arguments[0],
        list(arguments[1:]),
        env=dict(environment),
        dimensions=(ROWS, COLUMNS),
        encoding="utf-8",
        codec_errors="replace",
    )
    child.delaybeforesend = None
    try:
        yield child
    except (pexpect.EOF, pexpect.TIMEOUT) as error:
        what = "ended" if isinstance(error, pexpect.EOF) else f"was silent for {TIMEOUT:.0f} s"
        raise CannotRun(f"{' '.join(arguments[:3])} {what}: {error}") from None
    finally:
        child.close(force=True)


def first_frame(arguments: Sequence[str], environment: Mapping[str, str], shown: Sequence[str]) -> float:
    """Seconds from start until every text of ``shown`` has been written to the terminal.

    Then, untimed, a cursor key must be answered: a picture that does not answer keys is no interface.

    :raises CannotRun: it ended, or showed something else, or did not answer the key.
    """
    began = time.perf_counter()
    with opened(arguments, environment) as child:
        read_until(child, shown)
        took = time.perf_counter() - began
        read_until_quiet(child)
        child.send("\x1b[B")
        child.read_nonblocking(1, timeout=TIMEOUT)
    return took


def read_until(child: "pexpect.spawn[str]", shown: Sequence[str]) -> None:
    """Reads until every text of ``shown`` has come.

    :raises CannotRun: one does not come.
    """
    seen, missing = "", list(shown)
    end = time.monotonic() + TIMEOUT
    while missing:
        try:
            # A countdown never rests: each read may have what is left of the time.
            seen += child.read_nonblocking(65536, timeout=max(0.0, end - time.monotonic()))
        except (pexpect.EOF, pexpect.TIMEOUT):
            raise CannotRun(f"it did not show {missing[0]}: {seen[-200:]!r}") from None
        missing = [text for text in missing if text not in seen]


def read_until_quiet(child: "pexpect.spawn[str]", seconds: float = 0.3) -> None:
    """Reads on until nothing came for so many seconds, at most 3 s long (a ticking countdown never rests)."""
    until = time.monotonic() + 3
    try:
        while time.monotonic() < until:
            child.read_nonblocking(65536, timeout=seconds)
    except pexpect.TIMEOUT:
        return
