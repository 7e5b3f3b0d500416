r"""One pass over the text of an AWS file, which finds what botocore reads, and on which lines.

botocore reads with ``configparser.RawConfigParser()`` (``botocore/configloader.py``), so its rules apply here, also
those by which it refuses a file. They are the same in Python 3.11 to 3.13. Neither ``configparser`` nor ``re`` is
used: importing either takes half the time of starting Python, on paths that ``aws`` waits for.

The rules in short: A line ends with ``\n``, ``\r\n`` or ``\r``. A *blank* line and a *comment* (which starts with
``#`` or ``;``) mean nothing by themselves. Any other line that is indented deeper than the option above it
*continues* that option's value. All other lines are *structural*: ``[header]`` up to the last bracket of the line, or
an option, ``key = value`` or ``key: value``. White space is whatever ``str.strip`` removes.
"""

from __future__ import annotations

from mfa_tui.core.text.display import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULTS = "DEFAULT"
"""The section whose keys leak into all others."""
COMMENT = "#;"
"""The characters that start a comment."""


class DocumentDefect(ValueError):
    """Why botocore would refuse the file. No text quotes a value: a misplaced line may hold a secret."""

    def __init__(self, line: int, reason: str, remedy: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        """The line of the defect, from 1."""
        self.reason = reason
        """What is wrong, in one short line."""
        self.remedy = remedy
        """What to do, in one short line."""


class Scan:
    """What one pass over the text found. Lines are counted from 0 here."""

    __slots__ = ("defaults", "headers", "lines", "marks", "nested", "sections")

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        """The lines with their endings."""
        self.sections: dict[str, dict[str, str]] = {}
        """The sections by header, each with its own keys (in lower case) and values, without those of [DEFAULT]."""
        self.defaults: dict[str, str] = {}
        """The keys and values of [DEFAULT]."""
        self.marks: dict[str, list[int]] = {}
        """For each header its line, followed by the lines of its keys in the order of the keys."""
        self.headers: list[int] = []
        """The lines of all headers."""
        self.nested: dict[str, dict[str, dict[str, str]]] = {}
        """For each header the values that botocore parses once more: indented blocks such as ``s3 =``."""

    def options(self, section: str) -> dict[str, str]:
        """The section's own keys and values; [DEFAULT] is a section like others here."""
        return self.defaults if section == DEFAULTS else self.sections[section]

    def line_of(self, section: str, key: str) -> int:
        """The line on which an option of the section starts."""
        return self.marks[section][1 + list(self.options(section)).index(key)]


def split_lines(text: str) -> list[str]:
    r"""The lines with their endings, as with universal newlines.

    ``str.splitlines`` would break at form feeds and U+2028 too, where Python's files do not.
    """
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    if text.count("\r") > text.count("\r\n"):
        lines = [part for line in lines for part in _split_at_carriage_returns(line)]
    if not lines[-1]:
        lines.pop()
    return lines


def _split_at_carriage_returns(line: str) -> list[str]:
    parts = [part + "\r" for part in line.split("\r")]
    last = parts.pop()[:-1]
    if last == "\n" and parts:
        parts[-1] += last
    else:
        parts.append(last)
    return parts


def decode(data: bytes) -> str:
    """The text of a file.

    :raises DocumentDefect: it is not UTF-8, or starts with a byte order mark.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise DocumentDefect(1, "the file is UTF-16, not UTF-8", "Save it as UTF-8 without BOM.") from None
        line = len(split_lines(data[: error.start].decode("utf-8") + "?"))
        reason = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        raise DocumentDefect(
            line, reason, "Save the file as UTF-8, or retype the characters that are not plain ASCII there."
        ) from None
    if text.startswith("\ufeff"):
        raise DocumentDefect(1, "the file starts with a byte order mark (BOM)", "Save it as UTF-8 without BOM.")
    return text


def scan(text: str) -> Scan:
    """Read the whole text, in one long loop: a call for each line would be slow in files of thousands of profiles.

    :raises DocumentDefect: botocore would refuse the file; it describes the first structural defect.
    """
    found = Scan(split_lines(text))
    options: dict[str, str] | None = None
    marks: list[int] = []
    section = key = ""
    level = 0  # indentation of the last structural line
    blanks = 0  # blank lines since the last line of the value: part of it if it goes on below them
    tail: list[str] = []  # the lines that continue the last value
    continued: list[tuple[str, str, list[str]]] = []
    for number, line in enumerate(found.lines):
        content = line.strip()
        if not content:
            blanks += 1
            continue
        first = content[0]
        if first in COMMENT:
            continue
        indent = 0 if line[0] == first else len(line) - len(line.lstrip())
        if indent > level and key:
            if not tail:
                continued.append((section, key, tail))
            tail += [""] * blanks
            tail.append(content)
            blanks = 0
            continue
        level = indent
        blanks = 0
        tail = []
        if first == "[" and (close := content.rfind("]")) > 1:
            section = content[1:close]
            key = ""
            options, marks = _enter(found, section, number)
            continue
        if options is None:
            raise DocumentDefect(
                number + 1,
                "this line comes before the first [section]",
                "Put it under a section header, such as [default].",
            )
        name, delimiter, value = content.partition("=")
        if ":" in name:
            name, delimiter, value = content.partition(":")
        key = name.rstrip().lower()
        if not delimiter or not key or key in options:
            raise _bad_option(found, section, key if delimiter else None, number)
        options[key] = value.lstrip()
        marks.append(number)
    _join(found, continued)
    return found


def _enter(found: Scan, section: str, number: int) -> tuple[dict[str, str], list[int]]:
    """Start a section: where its keys and their lines go."""
    if section in found.sections:
        raise DocumentDefect(
            number + 1,
            f"the section [{shown(section)}] appears twice (first on line {found.marks[section][0] + 1})",
            "Merge the two sections into one, or rename one of them.",
        )
    found.headers.append(number)
    if section == DEFAULTS:
        return found.defaults, found.marks.setdefault(section, [number])
    options = found.sections[section] = {}
    marks = found.marks[section] = [number]
    return options, marks


def _bad_option(found: Scan, section: str, key: str | None, number: int) -> DocumentDefect:
    line = number + 1
    if key is None:
        reason = "this line is neither a [section] nor 'key = value'"
        return DocumentDefect(line, reason, "Correct the line, or put a # at its start.")
    if not key:
        return DocumentDefect(line, "this line has no key before its delimiter", "Add a key, or delete the line.")
    first = found.line_of(section, key) + 1
    reason = f"the key {shown(key)} appears twice in [{shown(section)}] (first on line {first})"
    return DocumentDefect(line, reason, "Delete one of the two lines. Upper and lower case count as the same.")


def _join(found: Scan, continued: Sequence[tuple[str, str, list[str]]]) -> None:
    """Complete the values that have several lines, and parse those that botocore parses once more."""
    for section, key, tail in continued:
        options = found.options(section)
        value = options[key] = "\n".join((options[key], *tail))
        if not value.startswith("\n"):
            continue
        try:
            block = parse_nested(value)
        except ValueError:
            # botocore reads the values of [DEFAULT] only in the sections that they leak into.
            if section != DEFAULTS or any(key not in own for own in found.sections.values()):
                raise _bad_block(found, section, key) from None
        else:
            found.nested.setdefault(section, {})[key] = block


def parse_nested(value: str) -> dict[str, str]:
    """An indented block as botocore's ``_parse_nested`` reads it.

    :raises ValueError: one of its lines has no ``=``.
    """
    block = {}
    for line in value.splitlines():
        if entry := line.strip():
            key, inner = entry.split("=", 1)
            block[key.strip()] = inner.strip()
    return block


def _bad_block(found: Scan, section: str, key: str) -> DocumentDefect:
    number = found.line_of(section, key) + 1
    while True:
        content = found.lines[number].strip()
        if content and content[0] not in COMMENT:
            try:
                parse_nested(content)
            except ValueError:
                break
        number += 1
    reason = f"this indented line under {shown(key)} has no '='"
    return DocumentDefect(number + 1, reason, "Write it as 'key = value', or put a # at its start.")
