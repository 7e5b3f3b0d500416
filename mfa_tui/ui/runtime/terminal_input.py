"""Keys from the terminal, read without looking at the clock: while nothing is typed, the reader sleeps.

Textual's own reader wakes ten times a second, which costs a quarter of what an idle interface does.
"""

from __future__ import annotations

import os
import select
import threading
import time
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from textual import constants
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

_CHECK = 0.1
"""Seconds between two looks at whether an Escape stands by itself, or begins a sequence."""


class WakingEvent(threading.Event):
    """An event that also ends a wait for input: ``descriptor`` can be read while it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.descriptor, self._end = os.pipe()

    def set(self) -> None:
        """Set it."""
        if not self.is_set():
            os.write(self._end, b"\0")
        super().set()

    def clear(self) -> None:
        """Take it back."""
        if self.is_set():
            os.read(self.descriptor, 1)
        super().clear()


def read_keys(terminal: int, ended: WakingEvent, handle: Callable[[Message], None], *, debug: bool = False) -> None:
    """Read the *terminal*, a file descriptor, until *ended* is set, and *handle* what is typed. Raises OSError."""
    parser = XTermParser(debug)
    decode = getincrementaldecoder("utf-8")().decode
    # After what is typed last, for as long as it may be the begin of a sequence.
    awake_until = 0.0
    while not ended.is_set():
        awake = time.monotonic() < awake_until
        ready, _, _ = select.select([terminal, ended.descriptor], [], [], _CHECK if awake else None)
        if terminal in ready:
            awake_until = time.monotonic() + constants.ESCAPE_DELAY + 2 * _CHECK
            data = os.read(terminal, 4096)
            if not data:
                # The terminal is lost, which is noticed elsewhere.
                time.sleep(_CHECK)
            elif text := decode(data):
                for event in parser.feed(text):
                    handle(event)
        for event in parser.tick():
            handle(event)
