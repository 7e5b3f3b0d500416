"""Edits of an AWS file's lines: what must change changes, every other byte stays.

Each function takes a :class:`~mfa_tui.core.ini.Scan` and returns the new text. They place lines so that the others keep
their meaning, which hangs on indentation: a line deeper than the header or option above it continues that option.
Where that cannot be had, the caller's comparison of before and after finds it (``Document`` never skips it).
"""

from __future__ import annotations

from mfa_tui.core.headers import has_control
from mfa_tui.core.ini import COMMENT, Scan, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_DEEPER = "  "
"""How much deeper the further lines of a value are written, when the file shows no way of its own."""

_KEY_ENDS = frozenset("=:\r\n")


def set_values(
    scan: Scan, section: str, values: Mapping[str, str], remove: Collection[str] = (), before: str | None = None
) -> str:
    """Set, add and remove keys of a section. Keys match whatever their case; equal values are not touched.

    New keys go above the key *before* if it is there, else below the last key, before the blank lines and comments
    that follow it, since those may belong to the next section. They are indented like the key beside them.

    :raises ValueError: a key or value that cannot be written.
    """
    options = scan.options(section)
    for key, value in values.items():
        _check(key, value)
    wanted = {key.lower(): value for key, value in values.items()}
    added = [(key, value) for key, value in values.items() if key.lower() not in options]
    removed = {key.lower() for key in remove}
    lines, terminated = _terminated(scan.lines)
    header, *starts = scan.marks[section]
    end = next((mark for mark in scan.headers if mark > header), len(lines))
    stops = [_value_end(lines, *span) for span in zip(starts, [*starts, end][1:], strict=True)]
    if before is not None and before.lower() in options:
        place = neighbour = scan.line_of(section, before.lower())
    elif starts:
        place, neighbour = stops[-1], starts[-1]
    else:
        # Alone under its header, it is indented like what follows, which must not become its continuation.
        place, neighbour = header + 1, end
    indentation = _indentation(lines[neighbour]) if neighbour < len(lines) else ""
    ending = _ending(lines[place - 1])
    changes = [(place, place, [line for key, value in added for line in _option(indentation, key, value, ending)])]
    for key, start, stop in zip(options, starts, stops, strict=True):
        if key in removed:
            changes.append((start, stop, []))
        elif key in wanted and options[key] != wanted[key]:
            changes.append((start, stop, _rewritten(lines[start:stop], wanted[key])))
    # From the bottom upwards, so that the numbers of the lines above stay right.
    for start, stop, new in sorted(changes, reverse=True):
        lines[start:stop] = new
    return _joined(lines, terminated)


def append_section(scan: Scan, header: str, entries: Sequence[tuple[str, str] | str]) -> str:
    """Add a section at the end, one blank line before it. An entry is a key and its value, or a comment.

    If the file's last line had no newline, the new last line has none: taking the section away restores every byte.

    :raises ValueError: a header, key, value or comment that cannot be written, or a comment that no key follows: it
        could not be told from a comment on what comes next.
    """
    if not header or "]" in header or has_control(header):
        raise ValueError("this section header cannot be written")
    if entries and isinstance(entries[-1], str):
        raise ValueError("a section cannot end in a comment")
    lines, terminated = _terminated(scan.lines)
    ending = _ending(lines[-1]) if lines else "\n"
    if lines:
        lines.append(ending)
    # At the left margin a header is a header, whatever stands above it.
    lines.append(f"[{header}]{ending}")
    for entry in entries:
        if isinstance(entry, str):
            lines.append(_comment(entry) + ending)
        else:
            _check(*entry)
            lines += _option("", *entry, ending)
    return _joined(lines, terminated)


def remove_section(scan: Scan, section: str) -> str:
    """Take a section away, from its header to its last key, with the one blank line that sets it apart.

    What follows its last key (comments, blank lines) belongs to what comes next, and stays.
    """
    lines, terminated = _terminated(scan.lines)
    start, *options = scan.marks[section]
    end = next((mark for mark in scan.headers if mark > start), len(lines))
    stop = _value_end(lines, options[-1], end) if options else start + 1
    if start and _is_bare(lines[start - 1]):
        start -= 1
    elif not start and stop < len(lines) and _is_bare(lines[stop]):
        stop += 1
    del lines[start:stop]
    return _joined(lines, terminated)


def _terminated(lines: Sequence[str]) -> tuple[list[str], bool]:
    """A copy in which the last line has an ending too, and whether it had one."""
    copy = list(lines)
    if not copy or _ending(copy[-1]):
        return copy, True
    copy[-1] += _ending(copy[-2]) if len(copy) > 1 else "\n"
    return copy, False


def _joined(lines: list[str], terminated: bool) -> str:
    """The text; its last line loses its ending if it is not to have one."""
    if lines and not terminated:
        lines[-1] = lines[-1].rstrip("\r\n")
    return "".join(lines)


def _value_end(lines: Sequence[str], start: int, limit: int) -> int:
    """The line behind the last line of the value that starts on ``start``; the next key or header is on ``limit``.

    Between two structural lines, whatever is neither blank nor a comment continues the value.
    """
    for number in range(limit - 1, start, -1):
        if _has_content(lines[number]):
            return number + 1
    return start + 1


def _rewritten(old: Sequence[str], value: str) -> list[str]:
    """The lines of an option with another value: key, delimiter, spacing and endings as they were."""
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
    """Raise ValueError for what would not be read back as it is. No message quotes the value: it may be secret.

    A value may hold whatever reading a file can give, several lines too, so that it can be copied from a section.
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
