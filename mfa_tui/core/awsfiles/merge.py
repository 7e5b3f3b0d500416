"""Merging of two changes that two programs made to the same file at the same moment."""

from __future__ import annotations

from mfa_tui.core.awsfiles.document import Document
from mfa_tui.core.awsfiles.ini import COMMENT, DEFAULTS, DocumentDefect, split_lines
from mfa_tui.core.text.display import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def merged(before: Document, theirs: Document, ours: Document) -> tuple[Document, list[str]]:
    """*ours* with everything that *theirs* changed since *before*, and what could not be merged, in words.

    If we changed nothing, this is *theirs* to the byte; and what *theirs* appended is kept to the byte.
    """
    if theirs.render() in (before.render(), ours.render()):
        return ours, []
    if ours.render() == before.render():
        return theirs, []
    if (whole := _with_appended(before, theirs, ours)) is not None:
        return whole, []
    result = ours
    conflicts: list[str] = []
    if theirs.raw(DEFAULTS) not in (before.raw(DEFAULTS), ours.raw(DEFAULTS)):
        conflicts.append(f"[{DEFAULTS}]")
    for section in dict.fromkeys((*before.sections(), *theirs.sections())):
        old, new, now = (_keys(document, section) for document in (before, theirs, result))
        if new in (old, now):
            continue
        try:
            result, complete = _with_section(result, section, old, new, now)
        except (ValueError, DocumentDefect):
            complete = False
        if not complete:
            conflicts.append(f"[{shown(section)}]")
    if not _comments(theirs) <= _comments(before) | _comments(result):
        conflicts.append("comments")
    return result, conflicts


def _with_appended(before: Document, theirs: Document, ours: Document) -> Document | None:
    """*ours* with what *theirs* appended, if *theirs* changed nothing else and *ours* can take it; None otherwise."""
    old, new, now = before.render(), theirs.render(), ours.render()
    added = new.removeprefix(old)
    if not new.startswith(old) or not old.endswith((b"\n", b"\r")) or not now.endswith((b"\n", b"\r")):
        return None
    try:
        whole = Document.parse(now + added, ours.kind)
    except DocumentDefect:
        return None
    # It must not continue the last section, which may be a different one by now.
    known = [(name, ours.raw(name)) for name in ours.sections()]
    more = [(name, theirs.raw(name)) for name in theirs.sections() if name not in before.sections()]
    return whole if [(name, whole.raw(name)) for name in whole.sections()] == known + more else None


def _with_section(
    document: Document,
    section: str,
    old: Mapping[str, str] | None,
    new: Mapping[str, str] | None,
    now: Mapping[str, str] | None,
) -> tuple[Document, bool]:
    """*document* with the change of a section from *old* to *new*, and whether the whole change could be made."""
    if new is None:
        # They removed it; if it has changed in the meantime, it stays.
        return (document.without_section(section), True) if now == old else (document, now is None)
    if now is None:
        # We removed it: a change of it has nowhere to go.
        return (document.with_section(section, list(new.items())), True) if old is None else (document, False)
    was = old or {}
    values = {key: value for key, value in new.items() if was.get(key) != value and now.get(key) != value}
    removed = [key for key in was if key not in new and key in now]
    # A key that both have changed keeps its current value, which is the later one.
    clashing = {key for key in (*values, *removed) if now.get(key) != was.get(key)}
    fitting = {key: value for key, value in values.items() if key not in clashing}
    result = document.with_values(section, fitting, remove=[key for key in removed if key not in clashing])
    return result, not clashing


def _keys(document: Document, section: str) -> Mapping[str, str] | None:
    return document.raw(section) if section in document.sections() else None


def _comments(document: Document) -> set[str]:
    lines = (line.strip() for line in split_lines(document.render().decode()))
    return {line for line in lines if line and line[0] in COMMENT}
