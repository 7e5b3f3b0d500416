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

    Value = str | tuple[str, ...]
    """A value to be written; one of several lines, such as an ``s3 =`` block, is the tuple of its lines."""

_DEEPER = "  "
"""How much deeper the further lines of a value are written, when the file shows no way of its own."""


def raw_value(value: Value) -> str:
    """A value to be written, as reading gives it back."""
    return value if isinstance(value, str) else "\n".join(value)


def set_values(scan: Scan, section: str, values: Mapping[str, Value], remove: Collection[str] = ()) -> str:
    """Set, add and remove keys of a section. Keys match whatever their case; equal values are not touched.

    New keys go below the last key, indented like it, before the blank lines and comments that follow, since those may
    belong to the next section.

    :raises ValueError: a key or value that cannot be written.
    """
    options = scan.options(section)
    wanted = {key.lower(): (key, _checked(key, value)) for key, value in values.items()}
    removed = {key.lower() for key in remove}
    lines, terminated = _terminated(scan.lines)
    header, *starts = scan.marks[section]
    end = next((mark for mark in scan.headers if mark > header), len(lines))
    stops = [_value_end(lines, *span) for span in zip(starts, [*starts[1:], end], strict=True)]
    # From the bottom upwards, so that the numbers of the lines above stay right.
    added = [entry for key, entry in wanted.items() if key not in options]
    place = stops[-1] if stops else header + 1
    indentation = _indentation(lines[starts[-1]] if starts else lines[end] if end < len(lines) else "")
    ending = _ending(lines[place - 1])
    lines[place:place] = [line for key, value in added for line in _option(indentation, key, value, ending)]
    for key, start, stop in reversed([*zip(options, starts, stops, strict=True)]):
        if key in removed:
            del lines[start:stop]
        elif key in wanted and options[key] != raw_value(wanted[key][1]):
            lines[start:stop] = _rewritten(lines[start:stop], wanted[key][1])
    return _joined(lines, terminated)


def append_section(scan: Scan, header: str, entries: Sequence[tuple[str, Value] | str]) -> str:
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
            key, value = entry
            lines += _option("", key, _checked(key, value), ending)
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
        content = lines[number].strip()
        if content and content[0] not in COMMENT:
            return number + 1
    return start + 1


def _rewritten(old: Sequence[str], value: tuple[str, ...]) -> list[str]:
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
    if not value[0]:
        space = after = ""
    inner = next((_indentation(line) for line in old[1:] if line.strip()), _indentation(first) + _DEEPER)
    lines = [f"{body[:delimiter]}{space}{value[0]}{after}{ending}"]
    lines += _continuation(inner, value, ending)
    # The last line's own ending: a lone carriage return must not meet the line feed of a blank line that follows.
    lines[-1] = lines[-1].removesuffix(ending) + _ending(old[-1])
    return lines


def _option(indentation: str, key: str, value: tuple[str, ...], ending: str) -> list[str]:
    first = f"{indentation}{key} = {value[0]}".rstrip() + ending
    return [first, *_continuation(indentation + _DEEPER, value, ending)]


def _continuation(indentation: str, value: tuple[str, ...], ending: str) -> list[str]:
    return [(indentation + line if line else "") + ending for line in value[1:]]


def _checked(key: str, value: Value) -> tuple[str, ...]:
    """The lines of a value that can be written and read back. No message quotes the value: it may be secret."""
    if not key or key != key.strip() or key[0] in COMMENT + "[" or "=" in key or ":" in key or has_control(key):
        raise ValueError(f"the key {shown(key)!r} cannot be written")
    lines = (value,) if isinstance(value, str) else value
    if not lines or any(line != line.strip() for line in lines):
        raise ValueError(f"the value of {key} starts or ends with white space, or is missing")
    # A value of several lines comes from a file, and may hold what it held there.
    if has_control(value) if isinstance(value, str) else any("\n" in line or "\r" in line for line in lines):
        raise ValueError(f"the value of {key} holds control characters")
    if len(lines) > 1 and (not lines[-1] or any(line[:1] in COMMENT for line in lines[1:] if line)):
        raise ValueError(f"the value of {key} has lines that would not be read as part of it")
    return lines


def _comment(text: str) -> str:
    if text[:1] not in ("#", ";") or has_control(text):
        raise ValueError("a comment is one line that starts with # or ;")
    return text


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _is_bare(line: str) -> bool:
    """Whether a line is nothing but its ending."""
    return not line.rstrip("\r\n")
