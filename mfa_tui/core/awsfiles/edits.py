"""Edits of an AWS file's lines: only what must change changes, every other byte stays.

Lines are placed so that the others keep their meaning, which depends on indentation: a line that is deeper than the
header or option above it continues that option. Where that is impossible, the caller's comparison of before and after
detects it (``Document`` never skips it). The edits of all sections refer to the original lines, and are made together.
"""

from __future__ import annotations

from bisect import bisect_right

from mfa_tui.core.awsfiles.changes import SectionChange
from mfa_tui.core.awsfiles.ini import COMMENT, Scan
from mfa_tui.core.awsfiles.section_headers import has_control
from mfa_tui.core.text.display import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mfa_tui.core.awsfiles.changes import Entry, SectionChanges

    _Cut = tuple[int, int, list[str]]
    """The first line to replace, the line after the last one, and the new lines."""

_DEEPER = "  "
"""The indentation of the further lines of a value, unless the file shows another."""

_KEY_ENDS = frozenset("=:\r\n")


def edited(scan: Scan, changes: SectionChanges) -> str:
    """The text after *changes*: sections changed, removed, and added at the end.

    :raises ValueError: a header, key, value or comment cannot be written.
    """
    lines, terminated = _terminated(scan.lines)
    cuts: list[_Cut] = []
    for header, change in changes.items():
        if change is None:
            cuts.append(_removal(scan, lines, header))
        elif isinstance(change, SectionChange):
            cuts += _settings(scan, lines, header, change)
    new = _cut(lines, cuts)
    terminated = terminated or not new
    for header, entries in changes.items():
        if entries is not None and not isinstance(entries, SectionChange):
            new += _section(new, header, entries)
    return _joined(new, terminated)


def _cut(lines: Sequence[str], cuts: list[_Cut]) -> list[str]:
    """The lines after all *cuts*, which may touch but do not overlap."""
    new: list[str] = []
    place = 0
    at_top = False
    # In sorted order, an insertion comes before a replacement at the same place.
    for start, stop, instead in sorted(cuts):
        if at_top and place < start:
            place += _is_bare(lines[place])
            at_top = False
        new += lines[place:start]
        new += instead
        place = stop
        # When the first section goes, so does the blank line between it and the next.
        at_top = at_top or (not start and not instead and stop > 0)
    if at_top and place < len(lines):
        place += _is_bare(lines[place])
    new += lines[place:]
    return new


def _settings(scan: Scan, lines: Sequence[str], section: str, change: SectionChange) -> list[_Cut]:
    """Set, add and remove keys of a section. Equal values are not touched.

    New keys go above the key ``before`` if it exists, else below the last key, before the blank lines and comments
    that follow it, since those may belong to the next section. They are indented like the key next to them.
    """
    options = scan.options(section)
    for key, value in change.values.items():
        _check(key, value)
    wanted = {key.lower(): value for key, value in change.values.items()}
    added = [
        (key, value)
        for key, value in change.values.items()
        if key.lower() not in options or key.lower() in change.remove
    ]
    header, *starts = scan.marks[section]
    end = _next_header(scan, header, len(lines))
    stops = [_value_end(lines, *span) for span in zip(starts, [*starts, end][1:], strict=True)]
    if change.before is not None and change.before in options:
        place = neighbour = scan.line_of(section, change.before)
    elif starts:
        place, neighbour = stops[-1], starts[-1]
    else:
        # The only key of a section is indented like what follows, which must not become its continuation.
        place, neighbour = header + 1, end
    indentation = _indentation(lines[neighbour]) if neighbour < len(lines) else ""
    ending = _ending(lines[place - 1])
    cuts = [(place, place, [line for key, value in added for line in _option(indentation, key, value, ending)])]
    for key, start, stop in zip(options, starts, stops, strict=True):
        if key in change.remove:
            cuts.append((start, stop, []))
        elif key in wanted and options[key] != wanted[key]:
            cuts.append((start, stop, _rewritten(lines[start:stop], wanted[key])))
    return cuts


def _section(lines: Sequence[str], header: str, entries: Sequence[Entry]) -> list[str]:
    """The lines of a new section below *lines*, one blank line before it."""
    if not header or "]" in header or has_control(header):
        raise ValueError("this section header cannot be written")
    if entries and isinstance(entries[-1], str):
        # It would look like a comment on what comes next.
        raise ValueError("a section cannot end in a comment")
    ending = _ending(lines[-1]) if lines else "\n"
    # At the left margin a header is a header, whatever is above it.
    new = [*([ending] if lines else []), f"[{header}]{ending}"]
    for entry in entries:
        if isinstance(entry, str):
            new.append(_comment(entry) + ending)
        else:
            _check(*entry)
            new += _option("", *entry, ending)
    return new


def _removal(scan: Scan, lines: Sequence[str], section: str) -> _Cut:
    """The cut of a section, from its header to its last key, with the one blank line before it.

    What follows the last key (comments, blank lines) belongs to what comes next, and stays.
    """
    start, *options = scan.marks[section]
    end = _next_header(scan, start, len(lines))
    stop = _value_end(lines, options[-1], end) if options else start + 1
    return start - (start > 0 and _is_bare(lines[start - 1])), stop, []


def _next_header(scan: Scan, line: int, end: int) -> int:
    """The line of the header that follows the one on *line*; *end* if it is the last."""
    number = bisect_right(scan.headers, line)
    return scan.headers[number] if number < len(scan.headers) else end


def _terminated(lines: Sequence[str]) -> tuple[list[str], bool]:
    """A copy in which the last line has an ending, and whether it had one before."""
    copy = list(lines)
    if not copy or _ending(copy[-1]):
        return copy, True
    copy[-1] += _ending(copy[-2]) if len(copy) > 1 else "\n"
    return copy, False


def _joined(lines: list[str], terminated: bool) -> str:
    """The text; its last line loses its ending if *terminated* is false."""
    if lines and not terminated:
        lines[-1] = lines[-1].rstrip("\r\n")
    return "".join(lines)


def _value_end(lines: Sequence[str], start: int, limit: int) -> int:
    """The line after the last line of the value that starts on ``start``; the next key or header is on ``limit``.

    Between two structural lines, a line that is neither blank nor a comment continues the value.
    """
    for number in range(limit - 1, start, -1):
        if _has_content(lines[number]):
            return number + 1
    return start + 1


def _rewritten(old: Sequence[str], value: str) -> list[str]:
    """The lines of an option with a new value; key, delimiter, spacing and endings stay."""
    first = old[0]
    ending = _ending(first)
    body = first.removesuffix(ending)
    delimiter = min(place for place in (body.find("="), body.find(":")) if place >= 0) + 1
    rest = body[delimiter:]
    space = rest[: len(rest) - len(rest.lstrip())]
    after = rest[len(rest.rstrip()) :] if rest.strip() else ""
    if not rest and body[delimiter - 2].isspace():
        space = " "
    top, *further = value.split("\n")
    if not top:
        space = after = ""
    inner = next((_indentation(line) for line in old[1:] if _has_content(line)), _indentation(first) + _DEEPER)
    lines = [f"{body[:delimiter]}{space}{top}{after}{ending}", *_continuation(inner, further, ending)]
    # The last line's own ending: a lone carriage return must not meet the line feed of a blank line that follows.
    lines[-1] = lines[-1].removesuffix(ending) + _ending(old[-1])
    return lines


def _option(indentation: str, key: str, value: str, ending: str) -> list[str]:
    top, *further = value.split("\n")
    first = f"{indentation}{key} = {top}" if top else f"{indentation}{key} ="
    return [first + ending, *_continuation(indentation + _DEEPER, further, ending)]


def _continuation(indentation: str, further: Sequence[str], ending: str) -> list[str]:
    return [(indentation + line if line else "") + ending for line in further]


def _check(key: str, value: str) -> None:
    """Raise ValueError for a key or value that would not be read back as it is. No message quotes a value.

    A value may have several lines, and anything else that reading a file can return, so that it can be copied.
    """
    if not key or key != key.strip() or key[0] in COMMENT or not _KEY_ENDS.isdisjoint(key):
        raise ValueError(f"the key {shown(key)!r} cannot be written")
    top, *further = value.split("\n")
    if "\r" in value or any(line != line.strip() for line in (top, *further)):
        raise ValueError(f"the value of {key} has white space at an end, or a carriage return")
    if further and (not further[-1] or any(line[0] in COMMENT for line in further if line)):
        raise ValueError(f"the value of {key} has lines that would not be read as part of it")


def _comment(text: str) -> str:
    if text[:1] not in ("#", ";") or has_control(text):
        raise ValueError("a comment is one line that starts with # or ;")
    return text


def _has_content(line: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    content = line.strip()
    return bool(content) and content[0] not in COMMENT


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _is_bare(line: str) -> bool:
    """Whether a line is nothing but its ending."""
    return not line.rstrip("\r\n")
