"""The quick way through an AWS file that uses little of the format, as files of thousands of profiles do.

It takes files of headers, options that start at the left margin, comments and blank lines, and reads them with a few
passes that run in C, and one short loop. Whatever is doubtful, and so every defect, is left to
``core.awsfiles.ini.scan``.
"""

from __future__ import annotations

from itertools import repeat
from sys import intern

from mfa_tui.core.awsfiles.ini import COMMENT, DEFAULTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IN_KEYS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
"""What the keys consist of."""
_DELIMITER = " = "
"""How most tools write it; looked for first."""
_PIECE = 50_000
"""The least length of a piece in characters; it goes on to the end of a line."""


def plain_sections(text: str) -> dict[str, dict[str, str]] | None:
    """The sections by header, each with its keys and values, as ``Scan.sections``; None if the file is not plain."""
    if "\r" in text and "\r" in (text := text.replace("\r\n", "\n")):
        return None
    found: dict[str, dict[str, str]] = {}
    options: dict[str, str] = {}
    count = 0
    for lines in _pieces(text):
        count += len(lines)
        for start, delimiter, value in map(str.partition, lines, repeat(_DELIMITER)):
            if delimiter:
                # One string for each key, not for each line: that takes less memory, and is found more quickly.
                options[intern(start)] = value.strip()
            elif start[0] == "[" and start[-1] == "]":
                options = found[start[1:-1]] = {}
            else:
                key, other_delimiter, rest = start.partition("=")
                if not other_delimiter:
                    # It may be that only white space follows a header, or is all that there is.
                    return plain_sections(_rstripped(text)) if start[-1].isspace() else None
                options[key] = rest.strip()
    if (names := _names(set().union(*found.values()))) is None:
        return None
    if any(map(str.__ne__, names, names.values())):
        found = {header: {names[key]: value for key, value in own.items()} for header, own in found.items()}
    if len(found) + sum(map(len, found.values())) != count or "" in found or DEFAULTS in found:
        # An option before the first header, or something that appears twice; or [] or [DEFAULT], which are special.
        return None
    return found


def _rstripped(text: str) -> str:
    """*text* without white space at the ends of lines."""
    return "\n".join(map(str.rstrip, text.split("\n")))


def _pieces(text: str) -> Iterator[list[str]]:
    """The lines except blank ones and comments, some hundreds at a time: together they take more memory than the file.

    Getting that from the system would take longer than reading it.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE)
        piece = text[start : end if end >= 0 else len(text)]
        start += len(piece) + 1
        lines = piece.split("\n")
        # Most files of thousands of profiles have no comments.
        commented = any(map(piece.__contains__, COMMENT))
        yield [line for line in lines if line and line[0] not in COMMENT] if commented else list(filter(None, lines))


def _names(keys: Iterable[str]) -> dict[str, str] | None:
    """The keys as configparser names them, by what is before the delimiter; None if one may be more than a key."""
    names = {key: key.rstrip().lower() for key in keys}
    return names if all(names.values()) and _IN_KEYS.issuperset("".join(names.values())) else None
