"""What a file has lost since it was last complete: another program may have been stopped halfway through writing it.

What mfa-tui wrote does not count: sections of sessions, and the marks of stored keys. They come and go, and can be
written again at any time.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.awsconfig import SOURCE_KEY, STORED_KEY
from mfa_tui.core.awsfiles.ini import DEFAULTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mfa_tui.core.awsfiles.document import Document


def lost_sections(before: Document, after: Document) -> list[str]:
    """The user's sections of *before* that are missing from *after*, in the order of the file."""
    remaining = set(after.sections())
    return [name for name in _own(before) if name not in remaining]


def sections_with_lost_keys(before: Document, after: Document) -> list[str]:
    """The user's sections that are still there, but lack a key that they had."""
    remaining = _own(after)
    return [name for name, keys in _own(before).items() if keys.keys() - remaining.get(name, keys).keys()]


def has_lost(before: Document, after: Document) -> bool:
    """Whether one of the user's sections, or a key in one, is missing."""
    return before is not after and bool(lost_sections(before, after) or sections_with_lost_keys(before, after))


def only_sections_removed(before: Document, after: Document) -> bool:
    """Whether *after* is *before* without some of its sections, and at least one remains and reads the same."""
    remaining = list(_own(after).items())
    expected = [(name, keys) for name, keys in _own(before).items() if name in after.sections()]
    return bool(remaining) and remaining == expected and before.raw(DEFAULTS) == after.raw(DEFAULTS)


def _own(document: Document) -> dict[str, Mapping[str, str]]:
    """The user's sections with their keys."""
    sections = {name: document.raw(name) for name in document.sections()}
    own = {name: _without_mark(keys) for name, keys in sections.items() if SOURCE_KEY not in keys}
    return {name: keys for name, keys in own.items() if keys or STORED_KEY not in sections[name]}


def _without_mark(keys: Mapping[str, str]) -> Mapping[str, str]:
    """The keys of a section without those by which it has a stored key."""
    if STORED_KEY not in keys:
        return keys
    return {key: value for key, value in keys.items() if key not in (STORED_KEY, "credential_process")}
