"""Pictures of an account, of block characters: how much is protected, how old keys are, who signs in.

Each says in words and numbers what it shows, so that nothing depends on colors.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from mfa_tui.core.account.audit import State
from mfa_tui.core.account.sign_in_events import DAYS
from mfa_tui.core.account.summary_text import unchecked
from mfa_tui.ui.account.rows import MARKS
from mfa_tui.ui.text.spans import EMPTY, Line, Span, Tone, line, plain_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.account.account import SignIns
    from mfa_tui.core.account.statistics import AgeClass
    from mfa_tui.ui.account.rows import AuditView

_HEIGHT = 3
"""Lines of the bars of sign-ins, where there is room."""
_GAP = 3
_LABEL = 9
"""Cells for what a line with a small picture is called."""
_BARS = range(5, 24)
"""Cells of the bar of protected users there."""
_PERCENT = 6
"""Cells for the share of protected users beside their bar."""


_FULL, _EMPTY = "█", "░"
"""Cells of a bar."""
_LEVELS = " ▁▂▃▄▅▆▇█"
"""A cell that is filled from below, from nothing to all."""
_WARNING = "!"
"""Marks days with a sign-in without MFA."""


def pictures(view: AuditView, width: int) -> list[Line]:
    """All pictures side by side, *width* cells wide, with an empty line below."""
    each = (width - 2 * _GAP) // 3
    blocks = [
        [_title("Users with MFA"), *_protection(view, each)],
        [_title("Age of active keys, in days"), *_key_ages(view, each)],
        [_title(f"Console sign-ins, {_scale(each)}"), *_sign_ins(view, each)],
    ]
    return [*_beside(blocks, each), EMPTY]


def small_pictures(view: AuditView, width: int) -> list[Line]:
    """All pictures in a line each, *width* cells wide."""
    room = width - _LABEL
    rows = {
        "MFA": _protection_in_a_line(view, room),
        "keys": _key_ages_in_a_line(view, room),
        "sign-ins": _sign_ins_in_a_line(view, room),
        "found": _counts(view),
    }
    return [_cut(line(Span(f"{name:<{_LABEL}}", Tone.DIM), *spans), width) for name, spans in rows.items()]


def _title(text: str) -> Line:
    return line(Span(text, Tone.STRONG))


def _beside(blocks: Sequence[list[Line]], width: int) -> list[Line]:
    high = max(map(len, blocks))
    rows: list[Line] = []
    for number in range(high):
        parts: list[Span] = []
        for block in blocks:
            own = block[number] if number < len(block) else EMPTY
            parts += [*own, Span(" " * (max(0, width - len(plain_text(own))) + _GAP))]
        rows.append(tuple(parts))
    return rows


def _missing(view: AuditView, check_id: str) -> list[Span]:
    """Why something is not known (yet)."""
    check = view.audit.check(check_id)
    if check.state == State.WAITING:
        return [Span("◌ not known yet", Tone.BUSY)]
    words = next((words for one, words in unchecked(view.audit) if one.id == check_id), "not known")
    return [Span(f"? {words}", Tone.WARN)]


def _missing_lines(view: AuditView, check_id: str, width: int) -> list[Line]:
    return [part for span in _missing(view, check_id) for part in wrapped(span.text, width, span.tone)]


def _cut(of: Line, width: int) -> Line:
    """A line of at most *width* cells."""
    spans: list[Span] = []
    for span in of:
        room = width - sum(len(one.text) for one in spans)
        spans.append(Span(span.text if len(span.text) <= room else f"{span.text[: max(0, room - 1)]}…", span.tone))
        if len(span.text) > room:
            break
    return tuple(spans)


# How much is protected.


def _protection(view: AuditView, width: int) -> list[Line]:
    if view.audit.facts.users is None:
        return _missing_lines(view, "report", width)
    rows = [line(*_protection_bar(view, width - _PERCENT)), line(Span(_protected_words(view), Tone.DIM)), EMPTY]
    counts = _counts(view)
    return [*rows, *_in_lines(counts, width)]


def _protection_bar(view: AuditView, width: int) -> list[Span]:
    shown = view.protection
    full = int(shown.share * width)
    return [
        Span(_FULL * full, Tone.GOOD),
        Span(_EMPTY * (width - full), Tone.BAD),
        # Rounded down: nothing but all is 100 %.
        Span(f" {int(shown.share * 100):>3} %", Tone.STRONG),
    ]


def _protected_words(view: AuditView) -> str:
    return f"{view.protection.with_mfa:,} of {view.protection.total:,} users who can log in"


def _protection_in_a_line(view: AuditView, width: int) -> list[Span]:
    if view.audit.facts.users is None:
        return _missing(view, "report")
    words = f"   {_protected_words(view)}"
    bar = max(_BARS.start, min(_BARS.stop, width - _PERCENT - len(words)))
    return [*_protection_bar(view, bar), Span(words, Tone.DIM)]


def _counts(view: AuditView) -> list[Span]:
    """How many findings there are of each severity."""
    found = [
        Span(f"{MARKS[severity].text} {count:,} {severity}", MARKS[severity].tone)
        for severity, count in view.counts.items()
        if count
    ]
    if not found:
        complete = view.audit.is_over and not unchecked(view.audit)
        words = "nothing in what was checked" if view.audit.is_over else "nothing yet"
        found = [Span("nothing", Tone.GOOD) if complete else Span(words, Tone.DIM)]
    spans = [part for one in found for part in (one, Span("  "))][:-1]
    denied = len(view.audit.denied)
    if denied:
        spans += [Span("  "), Span(f"? {denied} denied", Tone.WARN)]
    return spans


def _in_lines(spans: list[Span], width: int) -> list[Line]:
    """Spans, separated by blank ones, in lines of at most *width* cells."""
    rows: list[list[Span]] = [[]]
    for one in (span for span in spans if span.text.strip()):
        if rows[-1] and sum(len(span.text) for span in rows[-1]) + 2 + len(one.text) > width:
            rows.append([])
        rows[-1] += [*([Span("  ")] if rows[-1] else []), one]
    return [tuple(row) for row in rows]


# How old keys are.


def _key_ages(view: AuditView, width: int) -> list[Line]:
    if view.audit.facts.users is None:
        return _missing_lines(view, "report", width)
    classes = view.key_ages
    most = max((one.keys for one in classes), default=0)
    room = max(1, width - 18)
    return [
        line(
            Span(f"{one.label:>9} ", Tone.DIM),
            Span(_bar(one.keys, most, room), Tone.WARN if one.old else Tone.GOOD),
            f" {one.keys:,}",
            Span(" ! old" if one.old and one.keys else "", Tone.WARN),
        )
        for one in classes
    ]


def _key_ages_in_a_line(view: AuditView, width: int) -> list[Span]:
    if view.audit.facts.users is None:
        return _missing(view, "report")
    spans: list[Span] = []
    # Where there is little room, first the units and then the classes without keys are left out.
    for unit, classes in ((" d", view.key_ages), ("", view.key_ages), ("", [one for one in view.key_ages if one.keys])):
        most = max((one.keys for one in classes), default=0)
        spans = [part for one in classes for part in _key_age_in_a_line(one, unit, most)][:-1]
        if sum(len(span.text) for span in spans) <= width:
            break
    return spans or [Span("none", Tone.DIM)]


def _key_age_in_a_line(one: AgeClass, unit: str, most: int) -> list[Span]:
    return [
        Span(f"{one.label}{unit} ", Tone.DIM),
        Span(_level(one.keys, most), Tone.WARN if one.old else Tone.GOOD),
        Span(f"{one.keys:,}{'!' if one.old and one.keys else ''}"),
        Span("  "),
    ]


def _bar(value: int, most: int, width: int) -> str:
    return _FULL * (max(1, round(value / most * width)) if value else 0)


def _level(value: float, most: float) -> str:
    """A cell that is filled as high as *value* is, of *most*; something is never nothing."""
    top = len(_LEVELS) - 1
    return _LEVELS[max(1, round(value / most * top)) if value else 0]


# Sign-ins by day.


def _sign_ins(view: AuditView, width: int) -> list[Line]:
    found = view.audit.facts.sign_ins
    if found is None:
        return _missing_lines(view, "sign-ins", width)
    columns = _columns(found, view.audit.made_at, width)
    most = max((sum(column) for column in columns), default=0)
    rows = []
    for row in range(_HEIGHT, 0, -1):
        cells = [_cell(sum(column), most, row) for column in columns]
        rows.append(_colored(cells, columns))
    marks = "".join(_WARNING if column[1] else " " for column in columns)
    rows.append(line(Span(marks, Tone.BAD)))
    return [*rows, line(*_sign_in_words(view, found))]


def _colored(cells: list[str], columns: list[tuple[int, int]]) -> Line:
    """Cells in the color of their days."""
    spans: list[Span] = []
    for cell, column in zip(cells, columns, strict=True):
        tone = Tone.BAD if column[1] else Tone.BUSY
        if spans and spans[-1].tone == tone:
            spans[-1] = Span(spans[-1].text + cell, tone)
        else:
            spans.append(Span(cell, tone))
    return tuple(spans)


def _sign_ins_in_a_line(view: AuditView, width: int) -> list[Span]:
    found = view.audit.facts.sign_ins
    if found is None:
        return _missing(view, "sign-ins")
    words = _sign_in_words(view, found)
    room = width - sum(len(span.text) for span in words) - 2
    columns = _columns(found, view.audit.made_at, max(10, min(45, room)))
    most = max((sum(column) for column in columns), default=0)
    cells = [_WARNING if column[1] else _level(sum(column), most or 1) for column in columns]
    return [*_colored(cells, columns), Span("  "), *words]


def _sign_in_words(view: AuditView, found: SignIns) -> list[Span]:
    with_mfa, without = found.totals
    total = with_mfa + without
    so_far = " so far" if view.audit.check("sign-ins").state != State.DONE else ""
    words = [Span(f"{total:,} sign-in{'' if total == 1 else 's'}{so_far}, ", Tone.DIM)]
    return [*words, Span(f"! {without:,} without MFA", Tone.BAD) if without else Span("all with MFA", Tone.GOOD)]


def _days_in_a_bar(width: int) -> int:
    return -(-DAYS // max(1, width))


def _scale(width: int) -> str:
    days = _days_in_a_bar(width)
    return f"{days} days a bar" if days > 1 else f"{DAYS} days"


def _columns(found: SignIns, now: float, width: int) -> list[tuple[int, int]]:
    """The sign-ins with and without MFA in each column, the oldest first; a column has the same number of days."""
    per = _days_in_a_bar(width)
    today = datetime.fromtimestamp(now, UTC).date()
    count = -(-DAYS // per)
    first = today - timedelta(days=per * count - 1)
    columns = [[0, 0] for _ in range(count)]
    for day, with_mfa, without in found.days:
        index = (date.fromisoformat(day) - first).days // per
        column = columns[max(0, min(count - 1, index))]
        column[0] += with_mfa
        column[1] += without
    return [(column[0], column[1]) for column in columns]


def _cell(value: int, most: int, row: int) -> str:
    """The cell of a bar in line *row*, counted from below."""
    top = len(_LEVELS) - 1
    filled = max(1, round(value / most * _HEIGHT * top)) if value else 0
    return _LEVELS[max(0, min(top, filled - (row - 1) * top))]
