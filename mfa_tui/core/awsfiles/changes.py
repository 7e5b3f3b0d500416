"""Changes of an AWS file, section by section: what a caller asks a :class:`Document` for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Entry = tuple[str, str] | str
    """A key and its value, or a comment."""
    SectionChanges = Mapping[str, "SectionChange | Sequence[Entry] | None"]
    """What happens to sections, by header: a change, the entries of a new section, or None to remove it."""


class SectionChange:
    """Keys to set in a section and keys to remove from it. The case of a key does not matter.

    ``values`` are the keys to set. ``remove`` are the keys to remove, in lower case; one that is also in ``values``
    is moved: it is written with the new keys. ``before`` is the key above which new keys go, if the section has it;
    None puts them below the last key.
    """

    __slots__ = ("before", "remove", "values")

    def __init__(self, values: Mapping[str, str], remove: Collection[str] = (), before: str | None = None) -> None:
        self.values = values
        self.remove = frozenset(key.lower() for key in remove)
        self.before = before.lower() if before is not None else None

    def applied(self, own: Mapping[str, str]) -> dict[str, str]:
        """The keys that a section with the keys *own* has after the change. Raises ValueError if a key is set twice."""
        given = {key.lower(): value for key, value in self.values.items()}
        if len(given) < len(self.values):
            raise ValueError("a key cannot be set twice")
        return {key: value for key, value in own.items() if key not in self.remove} | given
