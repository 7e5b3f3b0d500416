"""The first frame of a terminal interface, seen from outside: on a pseudo-terminal, as a terminal would see it."""

import time
from collections.abc import Mapping, Sequence

import pexpect
from rounds import CannotRun

ROWS, COLUMNS = 36, 120
TIMEOUT = 30.0
"""Seconds until a frame that does not come is given up."""


def first_frame(arguments: Sequence[str], environment: Mapping[str, str], shown: Sequence[str]) -> float:
    """Seconds from start until every text of ``shown`` has been written to the terminal.

    Then, untimed, a cursor key must be answered: a picture that does not answer keys is no interface.

    :raises CannotRun: it ended, or showed something else, or did not answer the key.
    """
    began = time.perf_counter()
    child = pexpect.spawn(
        arguments[0],
        list(arguments[1:]),
        env=dict(environment),
        dimensions=(ROWS, COLUMNS),
        encoding="utf-8",
        codec_errors="replace",
    )
    child.delaybeforesend = None
    seen = ""
    missing = list(shown)
    try:
        while missing:
            seen += child.read_nonblocking(65536, timeout=TIMEOUT)
            missing = [text for text in missing if text not in seen]
        took = time.perf_counter() - began
        _until_quiet(child)
        child.send("\x1b[B")
        child.read_nonblocking(1, timeout=TIMEOUT)
    except (pexpect.EOF, pexpect.TIMEOUT) as error:
        what = "ended" if isinstance(error, pexpect.EOF) else f"was silent for {TIMEOUT:.0f} s"
        wanted = missing[0] if missing else "an answer to a key"
        raise CannotRun(f"{' '.join(arguments[:3])} {what} before it showed {wanted}: {seen[-200:]!r}") from None
    finally:
        child.close(force=True)
    return took


def _until_quiet(child: "pexpect.spawn[str]") -> None:
    """Reads on until nothing came for 0.3 s, at most 3 s long (a ticking countdown never rests)."""
    until = time.monotonic() + 3
    try:
        while time.monotonic() < until:
            child.read_nonblocking(65536, timeout=0.3)
    except pexpect.TIMEOUT:
        return
