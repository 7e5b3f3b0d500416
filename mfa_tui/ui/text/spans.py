"""Styled text as plain data, so that what a screen shows is decided and tested without it."""

from __future__ import annotations

import math
import re
import textwrap
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tone:
    """What a piece of text means; ``widgets.styled`` says how that looks."""

    PLAIN = ""
    STRONG = "strong"
    DIM = "dim"
    FAINT = "faint"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"
    KEY = "key"
    CODE = "code"
    LOUD = "loud"
    PURPLE = "purple"
    ALARM = "alarm"


class Span(NamedTuple):
    """A piece of text in one tone."""

    text: str
    """The text."""
    tone: str = Tone.PLAIN
    """What it means; one of :class:`Tone`."""


Line = tuple[Span, ...]
"""One line of a screen."""
EMPTY: Line = ()
LABEL = 9
"""Cells of the labels of facts, the space after them included."""
HIDDEN_CODE = "••••••"
"""Shown in place of a code while a picture of the screen is taken."""


def line(*spans: Span | str) -> Line:
    """A line of spans and plain strings."""
    return tuple(span if isinstance(span, Span) else Span(span) for span in spans)


def plain_text(of: Line) -> str:
    """The line's text."""
    return "".join(span.text for span in of)


def wrapped(text: str, width: int, tone: str = Tone.PLAIN, *, first: Span | None = None) -> list[Line]:
    """*text* in lines of at most *width* cells. *first* begins the first line; the others are indented by its width."""
    indent = len(first.text) if first else 0
    room = max(10, width - indent)
    parts = _parts(text, room)
    lines = [line(first or "", Span(parts[0], tone))]
    lines += [line(" " * indent, Span(part, tone)) for part in parts[1:]]
    return lines


def wrapped_message(message: str, width: int) -> list[Line]:
    """A text that is to be sent, indented; each of its lines continues as far in as it begins."""
    lines: list[Line] = []
    for text in message.splitlines():
        begun = text.lstrip()
        lines += wrapped(begun, width, first=Span(" " * (2 + len(text) - len(begun))))
    return lines


@lru_cache(maxsize=256)
def _parts(text: str, room: int) -> tuple[str, ...]:
    """*text*, broken; most of it is asked for each second."""
    pieces = " ".join(_pieces(word, room) if len(word) > room else word for word in text.split(" "))
    return tuple(textwrap.wrap(pieces, room, break_on_hyphens=False)) or ("",)


def _pieces(word: str, room: int) -> str:
    """A word that is longer than a line, such as a path, broken before slashes where possible."""
    pieces = [""]
    for part in re.findall(rf"/[^/]{{0,{room - 1}}}|[^/]{{1,{room}}}", word):
        if pieces[-1] and len(pieces[-1] + part) > room:
            pieces.append(part)
        else:
            pieces[-1] += part
    return " ".join(pieces)


def span_at(of: Line, cell: int) -> int:
    """The index of the span that a line has at a cell; -1 if it ends before."""
    end = 0
    for index, span in enumerate(of):
        end += cell_len(span.text)
        if cell < end:
            return index
    return -1


def justified(left: str, right: str, width: int, left_tone: str = Tone.PLAIN, right_tone: str = Tone.DIM) -> Line:
    """*left* at the left end of the line and *right* at its right end."""
    gap = width - len(left) - len(right)
    return line(Span(left, left_tone), " " * max(1, gap), Span(right, right_tone))


def top_line(what: str, of: Sequence[str], right: str, width: int, right_tone: str = Tone.DIM) -> Line:
    """The top line of a screen: *what* it shows and *of* what, the most important first, and *right* at its end.

    Of *of*, only the first is cut: a part of an account's number says nothing.
    """
    what = what[: max(0, width - len(right) - 1)]
    room = width - len(what) - len(right) - 4
    while len(of) > 1 and len(" · ".join(of)) > room:
        of = of[:-1]
    shown = " · ".join(of)
    if len(shown) > room:
        shown = shown[: max(0, room - 1)] + "…"
    about = (Span("  "), Span(shown, Tone.DIM)) if of and room > 0 else ()
    gap = width - len(what) - sum(len(span.text) for span in about) - len(right)
    return line(Span(what, Tone.STRONG), *about, " " * max(1, gap), Span(right, right_tone))


def with_key(of: Line, key: str, width: int) -> Line:
    """A line with a key at its right end, if there is room for it."""
    gap = width - sum(len(span.text) for span in of) - len(key)
    return (*of, Span(" " * gap), Span(key, Tone.KEY)) if gap > 0 and key else of


def titled(name: str, about: str, width: int) -> list[Line]:
    """A name and what is said *about* it, in lines of *width* cells: beside it, or below a long one."""
    if len(name) <= width // 3 or len(name) + 2 + len(about) <= width:
        return wrapped(about, width, Tone.DIM, first=Span(f"{name}  ", Tone.STRONG))
    return [*wrapped(name, width, Tone.STRONG), *wrapped(about, width, Tone.DIM)]


def labeled(label: str, body: list[Line]) -> list[Line]:
    """*body* with *label* before its first line, and room for it before the others."""
    return [
        (Span(label.ljust(LABEL) if at == 0 else " " * LABEL, Tone.DIM), *of) if of else of
        for at, of in enumerate(body)
    ]


def format_time(epoch: float, now: float) -> str:
    """The time of day in this machine's time zone, with the weekday unless it is today.

    *epoch* and *now* are seconds since the epoch.
    """
    then, today = datetime.fromtimestamp(epoch).astimezone(), datetime.fromtimestamp(now).astimezone()
    return then.strftime("%H:%M" if then.date() == today.date() else "%a %H:%M")


def spaced_code(code: str) -> str:
    """Six digits in a readable form: ``4 9 2  0 3 9``."""
    return f"{' '.join(code[:3])}  {' '.join(code[3:])}"


def format_seconds(left: float) -> str:
    """The seconds of a countdown, such as ``19 s``; it is not at 0 while there is time left."""
    return f"{math.ceil(max(0.0, left))} s"


def progress_bar(left: float, whole: float, cells: int, tone: str = Tone.BUSY) -> Line:
    """A bar of *cells* for how much of *whole* is left, in halves of a cell."""
    halves = round(max(0.0, min(1.0, left / whole)) * cells * 2)
    full, half = divmod(halves, 2)
    return line(
        Span("━" * full + ("╸" if half else ""), tone),
        Span("─" * (cells - full - half), Tone.FAINT),
    )
