"""The quick way through an AWS file that uses little of the format, as files of thousands of profiles do.

It takes files of headers, ``key = value`` at the left margin, comments and blank lines, in ASCII, and reads them with
a few passes that run in C. Whatever is doubtful, and so every defect, is left to ``core.awsfiles.ini.scan``.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.ini import COMMENT, DEFAULTS

_CONTROLS = bytes({*range(0x20), 0x7F} - {0x0A})
"""All control characters but the line feed: some of them are white space, or end lines."""
_IN_KEYS = b"abcdefghijklmnopqrstuvwxyz0123456789_-"
"""What the keys consist of."""
_DELIMITER = " = "


def plain_sections(text: str) -> dict[str, dict[str, str]] | None:
    """The sections by header, each with its keys and values, as ``Scan.sections``; None if the file is not plain."""
    if not text.isascii() or (data := text.encode()).translate(None, _CONTROLS) != data:
        return None
    text = f"{text}\n".replace(" \n", "\n")
    # More than one space before or after a value.
    if " =  " in text or " \n" in text:
        return None
    parts = [line.partition(_DELIMITER) for line in text.split("\n") if line and line[0] not in COMMENT]
    found: dict[str, dict[str, str]] = {}
    keys: dict[str, str] = {}
    options: dict[str, str] = {}
    own_key = keys.setdefault
    for key, delimiter, value in parts:
        if delimiter:
            # One string for each key, not for each line.
            options[own_key(key, key)] = value
        else:
            options = found[key] = {}
    if len(found) + sum(map(len, found.values())) != len(parts):
        # An option before the first header, or something that appears twice.
        return None
    if not found:
        return {}
    if "" in keys or "".join(keys).encode().translate(None, _IN_KEYS):
        return None
    headers = "\n".join(found)
    between = len(found) - 1
    if headers[0] != "[" or headers[-1] != "]" or headers.count("\n[") != between or headers.count("]\n") != between:
        return None
    sections = dict(zip(headers[1:-1].split("]\n["), found.values(), strict=True))
    return None if "" in sections or DEFAULTS in sections else sections
