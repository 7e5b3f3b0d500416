"""Programs on a pseudo-terminal, and what a terminal would show of their bytes."""

import contextlib
import copy
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pexpect
import pyte
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

TIMEOUT = 30.0
"""Seconds until what does not come is given up."""
_QUERIES = re.compile(r"\x1b\[[<=>?]?[\d;]*u|\x1b\[[<=>][\d;]*[a-z]|\x1b[P_].*?\x1b\\|\x1b\[\?\d+\$p", re.DOTALL)
"""Questions to the terminal and modes of its keyboard, which the emulator takes for text."""
_OTHER_SCREEN = re.compile(r"\x1b\[\?1049([hl])")
"""Where a program turns to a screen of its own, and back: the emulator knows only one."""
_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow", "bfightmagenta": "bright_magenta"}
_BRIGHT = re.compile("^bright(?!_)")


class Emulator:
    """A terminal of *size* columns and lines, on which a program runs."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], size: tuple[int, int]) -> None:
        columns, lines = size
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._child = pexpect.spawn(
            command[0], list(command[1:]), env=dict(env), dimensions=(lines, columns), encoding="utf-8",
            codec_errors="replace",
        )  # fmt: skip
        self._child.delaybeforesend = None
        self._kept: tuple[dict[int, Any], pyte.screens.Cursor] | None = None
        self.received = 0
        """How many characters the program has written."""

    @property
    def text(self) -> str:
        """What the screen shows, without colors."""
        return "\n".join(self._screen.display)

    def rows(self) -> list[list[Segment]]:
        """What the screen shows, with its styles."""
        buffer = self._screen.buffer
        lines, columns = range(self._screen.lines), range(self._screen.columns)
        return [
            [Segment(buffer[line][column].data, _style(buffer[line][column])) for column in columns] for line in lines
        ]

    def press(self, keys: str) -> None:
        """Send keys, as bytes that a terminal would send."""
        self._child.send(keys)

    def read(self, seconds: float) -> None:
        """Take what comes within so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(pexpect.TIMEOUT):
                given = self._child.read_nonblocking(65536, timeout=left)
                self.received += len(given)
                self._show(_QUERIES.sub("", given))

    def _show(self, given: str) -> None:
        text, *switches = _OTHER_SCREEN.split(given)
        self._stream.feed(text)
        for switch, shown in zip(switches[::2], switches[1::2], strict=True):
            screen = self._screen
            if switch == "h":
                self._kept = copy.deepcopy(dict(screen.buffer)), copy.copy(screen.cursor)
                screen.erase_in_display(2)
            elif self._kept is not None:
                screen.buffer.clear()
                screen.buffer.update(self._kept[0])
                screen.cursor, self._kept = self._kept[1], None
            self._stream.feed(shown)

    def wait_for(self, text: str) -> Iterator[None]:
        """Take what comes until the screen shows *text*; the caller looks meanwhile.

        Without a text, wait for a shell's prompt, which ends in ``$``. Raises TimeoutError.
        """
        until = time.monotonic() + TIMEOUT
        while not (text in self.text if text else self.text.rstrip().endswith("$")):
            if time.monotonic() > until:
                raise TimeoutError(f"{text or 'the prompt'} did not come:\n{self.text}")
            self.read(0.05)
            yield

    def close(self) -> None:
        """End the program."""
        self._child.close(force=True)


def _style(char: pyte.screens.Char) -> Style:
    return Style(
        color=_color(char.fg), bgcolor=_color(char.bg), bold=char.bold, italic=char.italics,
        underline=char.underscore, reverse=char.reverse, strike=char.strikethrough,
    )  # fmt: skip


def _color(name: str) -> Color:
    """A color by the emulator's name: six hexadecimal digits, or a word."""
    if re.fullmatch("[0-9a-f]{6}", name):
        return Color.parse(f"#{name}")
    return Color.parse(_BRIGHT.sub("bright_", _NAMES.get(name, name)))
