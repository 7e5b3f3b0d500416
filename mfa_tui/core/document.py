"""A config or credentials file: what botocore would read from it, and edits that leave every other byte alone.

A :class:`Document` does not change: an edit returns another one, parsed from the new text and compared with the old,
so that one which botocore could not read, or would read differently elsewhere, is never made.
"""

from __future__ import annotations

from mfa_tui.core.headers import config_header, credentials_header, profile_in
from mfa_tui.core.ini import COMMENT, DEFAULTS, DocumentDefect, decode, scan, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mfa_tui.core.ini import Scan

__all__ = [
    "Document",
    "DocumentDefect",
    "UnsafeEdit",
    "config_header",
    "credentials_header",
    "verify_only_changed",
]


class UnsafeEdit(ValueError):
    """The edit would have changed how another part of the file is read, or would not be read as it was meant."""


class Document:
    """One AWS file. ``kind``, "config" or "credentials", says by which rules its headers name profiles.

    The mappings that its methods return belong to it: read them, copy them, never change them.
    """

    __slots__ = ("_data", "_owners", "_profiles", "_scan", "kind")

    def __init__(self, data: bytes, kind: str, found: Scan) -> None:
        self.kind = kind
        self._data = data
        self._scan = found
        self._profiles: dict[str, Mapping[str, str | Mapping[str, str]]] = {}
        self._owners: dict[str, str] | None = None

    @classmethod
    def parse(cls, data: bytes, kind: str) -> Document:
        """Read the bytes of a file; an empty or missing file is ``b""``.

        :raises DocumentDefect: botocore would refuse the file.
        """
        return cls(data, kind, scan(decode(data)))

    def render(self) -> bytes:
        """The bytes of the file: without an edit, the ones that were parsed."""
        return self._data

    def sections(self) -> list[str]:
        """The headers in the order of the file, as configparser names them, without [DEFAULT]."""
        return list(self._scan.sections)

    def raw(self, section: str) -> Mapping[str, str]:
        r"""The section's own keys, lower-cased, without those of [DEFAULT]. The lines of a value are joined by ``\n``.

        ``raw("DEFAULT")`` gives what leaks into the others; it always exists.

        :raises KeyError: there is no such section.
        """
        return self._scan.options(section)

    def read(self) -> dict[str, dict[str, str | dict[str, str]]]:
        """All sections, just as ``botocore.configloader.raw_config_parse`` returns them: [DEFAULT] leaks in."""
        found = self._scan
        defaults: dict[str, str | dict[str, str]] = {**found.defaults}
        defaults.update(found.nested.get(DEFAULTS, {}))
        whole: dict[str, dict[str, str | dict[str, str]]] = {}
        for section, own in found.sections.items():
            keys = whole[section] = {**own}
            keys.update(found.nested.get(section, {}))
            for key, value in defaults.items():
                keys.setdefault(key, value)
        return whole

    def profiles(self) -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
        """Each profile with its keys, as botocore's ``full_config`` has them from this file alone.

        Of two headers for one profile (``[default]`` and ``[profile default]``, or different quoting) the later one
        counts, whole; they are not merged.
        """
        self._name_profiles()
        return self._profiles

    def section_of(self, profile: str) -> str | None:
        """The header under which botocore finds a profile in this file; None if it has none."""
        return self._name_profiles().get(profile)

    def _name_profiles(self) -> Mapping[str, str]:
        """The header of each profile; worked out once."""
        if self._owners is not None:
            return self._owners
        owners = {}
        if self.kind == "credentials":
            owners = {header: header for header in self._scan.sections}
        else:
            for header in self._scan.sections:
                name = profile_in(header)
                if name is not None:
                    owners[name] = header
        plain = not self._scan.defaults and not self._scan.nested
        keys: Mapping[str, Mapping[str, str | Mapping[str, str]]] = self._scan.sections if plain else self.read()
        self._profiles = {name: keys[header] for name, header in owners.items()}
        self._owners = owners
        return owners

    def line_of(self, section: str, key: str | None = None) -> int:
        """The line, counted from 1, of a section's header or of one of its own keys.

        :raises KeyError: there is no such section or key.
        """
        if key is None:
            return self._scan.marks[section][0] + 1
        if key.lower() not in self._scan.options(section):
            raise KeyError(key)
        return self._scan.line_of(section, key.lower()) + 1

    def with_values(
        self, section: str, values: Mapping[str, str], remove: Collection[str] = (), before: str | None = None
    ) -> Document:
        """Set, add and remove keys of a section that exists; keys match whatever their case.

        A value that stays the same is not touched; a replaced one keeps key, delimiter, spacing and line ending. New
        keys go below the last, or above the key *before*. A value is what :meth:`raw` would give: one of several lines
        (an ``s3 =`` block to be copied) has line feeds.

        :raises KeyError: there is no such section.
        :raises ValueError: a key or value that would not be read back as it is, or an :class:`UnsafeEdit`.
        """
        from mfa_tui.core import edits

        own = self._scan.sections[section]
        given = {key.lower(): value for key, value in values.items()}
        dropped = {key.lower() for key in remove}
        if len(given) < len(values) or not dropped.isdisjoint(given):
            raise ValueError("a key cannot be set twice, nor be set and removed at once")
        expected = {key: value for key, value in own.items() if key not in dropped} | given
        if expected == own:
            return self
        return self._edited(edits.set_values(self._scan, section, values, remove, before), section, expected)

    def with_section(self, header: str, entries: Sequence[tuple[str, str] | str]) -> Document:
        """Append a section: keys with their values, and comments (``"# …"``), which a key must follow.

        :meth:`without_section` takes it away again to the byte.

        :raises ValueError: the section exists, something cannot be written, or an :class:`UnsafeEdit`.
        """
        from mfa_tui.core import edits

        if header == DEFAULTS or header in self._scan.sections:
            raise ValueError(f"the section [{shown(header)}] cannot be added: it exists, or is special")
        expected = {entry[0].lower(): entry[1] for entry in entries if not isinstance(entry, str)}
        return self._edited(edits.append_section(self._scan, header, entries), header, expected)

    def without_section(self, section: str) -> Document:
        """Take a section away: its lines up to its last key, and one blank line before it.

        :raises KeyError: there is no such section.
        :raises UnsafeEdit: what follows is indented so that it would be read as part of the section before.
        """
        from mfa_tui.core import edits

        if section not in self._scan.sections:
            raise KeyError(section)
        return self._edited(edits.remove_section(self._scan, section), section, None)

    def without_keys(self, keys: Mapping[str, Collection[str]]) -> Document:
        """Take keys out of many sections at once, [DEFAULT] among them; those that a section lacks are passed over.

        For files that are made from this one, not to be put in its place: nothing else is compared.

        :raises KeyError: there is no such section.
        :raises DocumentDefect: botocore would refuse what is left.
        """
        found = self._scan
        starts = {number for marks in found.marks.values() for number in marks}.union(found.headers)
        gone = {
            number
            for section, unwanted in keys.items()
            for key, number in zip(found.options(section), found.marks.get(section, ())[1:], strict=True)
            if key in unwanted
        }
        kept: list[str] = []
        last = -1
        for number, line in enumerate(found.lines):
            last = number if number in starts else last
            # With a value of several lines go all of them.
            if last not in gone or not line.strip() or line.lstrip()[0] in COMMENT:
                kept.append(line)
        return Document.parse("".join(kept).encode(), self.kind) if gone else self

    def _edited(self, text: str, section: str, expected: Mapping[str, str] | None) -> Document:
        """The document of the new text, once it is sure that only the section changed, and to what was meant."""
        try:
            after = Document.parse(text.encode("utf-8"), self.kind)
        except (DocumentDefect, UnicodeEncodeError):
            raise UnsafeEdit(f"changing [{shown(section)}] so would make the file unreadable") from None
        verify_only_changed(self, after, section)
        if (after.raw(section) if section in after.sections() else None) != expected:
            raise UnsafeEdit(f"[{shown(section)}] would not be read back as it was meant")
        return after


def verify_only_changed(before: Document, after: Document, section: str) -> None:
    """Check that two documents read the same but for one section, which either may lack.

    :raises UnsafeEdit: something else differs: a key, a value, [DEFAULT], or the order of the sections.
    """
    old = [name for name in before.sections() if name != section]
    new = [name for name in after.sections() if name != section]
    if old != new or any(before.raw(name) != after.raw(name) for name in (DEFAULTS, *old)):
        raise UnsafeEdit(f"changing [{shown(section)}] would change how another section is read")
