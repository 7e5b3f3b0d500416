"""How long-term keys were written in a section: their lines without the values, and where they were.

This is what is kept of keys that are taken out of a file, so that they can be put back to the byte: the text around
each value, and for its place a hash of the lines above it in the section. No value is in it, so it is no secret, and
after a rotation the new values go where the old ones were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mfa_tui.core.awsfiles.document import Document, UnsafeEdit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

ID = "aws_access_key_id"
SECRET = "aws_secret_access_key"  # noqa: S105 - the name of a key
_KEYS = (ID, SECRET)


class KeyLine(NamedTuple):
    """One line that was taken out."""

    key: str
    """Which key it has: ``aws_access_key_id`` or ``aws_secret_access_key``."""
    before: str
    """The text before the value: the key as it was spelled, the delimiter, spaces."""
    after: str
    """The text after the value: spaces and the line's ending; no ending at the end of a file that has none."""
    above: str
    """The hash of the lines above it in the section, without the lines that were taken out."""


class RemovedLines(NamedTuple):
    """The lines that were taken out of one section of one file."""

    lines: tuple[KeyLine, ...]
    """The lines, in their order; empty if the section had no keys."""
    ending: str = ""
    """The ending of the line that became the last of a file which ends without one; else empty."""


class OfProfile(NamedTuple):
    """What was taken out of the sections of one profile."""

    credentials: RemovedLines
    """The lines of the credentials file."""
    config: RemovedLines
    """The lines of the config file."""
    kept_process: bool
    """Whether the profile ran our credential process before, so that it stays when the keys come back."""


def without_keys(document: Document, section: str) -> tuple[Document, RemovedLines]:
    """*document* without the long-term keys of a section, and the lines that were taken out.

    Raises UnsafeEdit: that would change how something else is read, or a value has several lines.
    """
    values = document.raw(section)
    present = sorted((key for key in _KEYS if key in values), key=lambda key: document.line_of(section, key))
    if not present:
        return document, RemovedLines(())
    first = document.line_of(section)
    lines = document.section_lines(section)
    taken = {document.line_of(section, key) - first: key for key in present}
    found: list[KeyLine] = []
    rest: list[str] = []
    for number, line in enumerate(lines):
        if number not in taken:
            rest.append(line)
            continue
        key = taken[number]
        body = line.rstrip()
        value = values[key]
        if "\n" in value or not body.endswith(value):
            raise UnsafeEdit(f"the value of {key} has more than one line", section)
        before = body.removesuffix(value) if value else body
        found.append(KeyLine(key, before, line[len(body) :], _hash(rest)))
    after = document.with_values(section, {}, remove=present)
    unterminated = not lines[-1].endswith(("\n", "\r"))
    last = rest[-1] if rest else ""
    return after, RemovedLines(tuple(found), last[len(last.rstrip("\r\n")) :] if unterminated else "")


def with_keys(document: Document, section: str, removed: RemovedLines, values: Mapping[str, str]) -> Document:
    """*document* with the *values* of the two keys in a section again, where and as they were.

    A section that is gone is made again, at the end. Where the lines above a key have changed, the key goes below the
    key before it, or to the top; where the old spelling would not be read as it should, it is spelled as usual.
    Raises UnsafeEdit.
    """
    if section not in document:
        return document.with_section(section, [(key, values[key]) for key in _KEYS])
    lines = removed.lines if {line.key for line in removed.lines} == set(_KEYS) else ()
    if lines:
        try:
            return document.with_section_lines(section, _put_back(document, section, removed, values), values)
        except UnsafeEdit:
            pass
    top = next(iter(document.raw(section)), None)
    return document.with_values(section, {key: values[key] for key in _KEYS}, before=top)


def _put_back(document: Document, section: str, removed: RemovedLines, values: Mapping[str, str]) -> list[str]:
    """The lines of the section with those that were taken out."""
    lines = document.section_lines(section)
    terminated = lines[-1].endswith(("\n", "\r"))
    if not terminated:
        lines[-1] += removed.ending or "\n"
    elif removed.ending and _hash([*lines, removed.ending]) in {line.above for line in removed.lines}:
        # A blank line, which lost its ending as the last of the file, and so was gone.
        lines.append(removed.ending)
        terminated = False
    places = {_hash(lines[:number]): number for number in range(len(lines), 0, -1)}
    new = list(lines)
    place = 1
    for added, line in enumerate(removed.lines):
        place = max(place, places.get(line.above, place))
        text = line.before + values[line.key] + line.after
        if not text.endswith(("\n", "\r")):
            text += removed.ending or "\n"
        new.insert(place + added, text)
    if not terminated:
        new[-1] = new[-1].rstrip("\r\n")
    return new


def profile_to_json(about: OfProfile) -> dict[str, object]:
    """*about* as JSON, see :func:`profile_from_json`."""
    return {
        "credentials": _to_json(about.credentials),
        "config": _to_json(about.config),
        "kept_process": about.kept_process,
    }


def profile_from_json(value: Any) -> OfProfile:
    """What :func:`profile_to_json` made. Raises what a value of another form raises."""
    return OfProfile(_from_json(value["credentials"]), _from_json(value["config"]), bool(value["kept_process"]))


def _to_json(removed: RemovedLines) -> dict[str, object]:
    return {"lines": [list(line) for line in removed.lines], "ending": removed.ending}


def _from_json(value: Any) -> RemovedLines:
    lines = tuple(KeyLine(*map(str, line)) for line in value["lines"])
    if any(line.key not in _KEYS for line in lines):
        raise ValueError("another key")
    return RemovedLines(lines, str(value["ending"]))


def _hash(lines: Sequence[str]) -> str:
    # Imported on use: it loads OpenSSL.
    import hashlib

    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
