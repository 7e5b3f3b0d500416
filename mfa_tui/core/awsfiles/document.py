"""A config or credentials file: what botocore reads from it, and edits that leave every other byte alone.

A :class:`Document` does not change. An edit returns another one, which is parsed from the new text and compared with
the old one. So no edit makes a file that botocore cannot read, or reads differently elsewhere.
"""

from __future__ import annotations

from mfa_tui.core.awsfiles.ini import COMMENT, DEFAULTS, DocumentDefect, decode, scan
from mfa_tui.core.awsfiles.plain_ini import plain_sections
from mfa_tui.core.awsfiles.section_headers import profiles_in
from mfa_tui.core.text.display import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mfa_tui.core.awsfiles.changes import Entry, SectionChanges
    from mfa_tui.core.awsfiles.ini import Scan

    Values = Mapping[str, str | Mapping[str, str]]


class UnsafeEdit(ValueError):
    """An edit would change how another part of the file is read, or would not be read as intended."""

    def __init__(self, why: str, section: str) -> None:
        super().__init__(why)
        self.section = section
        """The header of the section whose edit is unsafe."""


class Document:
    """One AWS file.

    The mappings that its methods return belong to it: do not change them.
    """

    __slots__ = ("_data", "_found", "_owners", "_profiles", "_sections", "kind")

    def __init__(self, data: bytes, kind: str) -> None:
        """The file of these bytes. Raises DocumentDefect."""
        self.kind = kind
        """"config" or "credentials": by which rules the headers name profiles."""
        self._data = data
        text = decode(data)
        plain = plain_sections(text)
        self._found: Scan | None = scan(text) if plain is None else None
        self._sections: Mapping[str, Mapping[str, str]] = self._scan.sections if plain is None else plain
        self._profiles: Mapping[str, Values] | None = None
        self._owners: dict[str, str] | None = None

    @classmethod
    def parse(cls, data: bytes, kind: str) -> Document:
        """Parse the bytes of a file; an empty or missing file is ``b""``.

        :raises DocumentDefect: botocore would refuse the file.
        """
        return cls(data, kind)

    @property
    def _scan(self) -> Scan:
        """All that can be found in the file. Of a plain file, most commands need the sections only."""
        if self._found is None:
            self._found = scan(decode(self._data))
        return self._found

    def render(self) -> bytes:
        """The bytes of the file: without an edit, the ones that were parsed."""
        return self._data

    def __contains__(self, section: str) -> bool:
        """Whether there is a section with that header; [DEFAULT] does not count."""
        return section in self._sections

    def sections(self) -> list[str]:
        """The headers in the order of the file, as configparser names them, without [DEFAULT]."""
        return list(self._sections)

    def raw(self, section: str) -> Mapping[str, str]:
        r"""The section's own keys, lower-cased, without those of [DEFAULT]. The lines of a value are joined by ``\n``.

        ``raw("DEFAULT")`` gives what leaks into the others; it always exists.

        :raises KeyError: there is no such section.
        """
        if section == DEFAULTS:
            return self._scan.defaults if self._found else {}
        return self._sections[section]

    def read(self) -> dict[str, dict[str, str | dict[str, str]]]:
        """All sections, just as ``botocore.configloader.raw_config_parse`` returns them: [DEFAULT] leaks in."""
        if self._found is None:
            return {section: {**own} for section, own in self._sections.items()}
        found = self._found
        defaults: dict[str, str | dict[str, str]] = {**found.defaults}
        defaults.update(found.nested.get(DEFAULTS, {}))
        whole: dict[str, dict[str, str | dict[str, str]]] = {}
        for section, own in found.sections.items():
            keys = whole[section] = {**own}
            keys.update(found.nested.get(section, {}))
            for key, value in defaults.items():
                keys.setdefault(key, value)
        return whole

    def profiles(self) -> Mapping[str, Values]:
        """Each profile with its keys, as botocore's ``full_config`` has them from this file alone.

        Of two headers for one profile (``[default]`` and ``[profile default]``, or different quoting) the later one
        counts, whole; they are not merged.
        """
        if self._profiles is None:
            plain = self._found is None or not (self._found.defaults or self._found.nested)
            sections: Mapping[str, Values] = self._sections if plain else self.read()
            self._profiles = sections if self.kind == "credentials" else profiles_in(sections)
        return self._profiles

    def section_of(self, profile: str) -> str | None:
        """The header under which botocore finds a profile in this file; None if it has none."""
        if self.kind == "credentials":
            return profile if profile in self._sections else None
        if self._owners is None:
            self._owners = profiles_in({header: header for header in self._sections})
        return self._owners.get(profile)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, with its ending; empty after the last line."""
        return "".join(self._scan.lines[number - 1 : number])

    def line_of(self, section: str, key: str | None = None) -> int:
        """The line, counted from 1, of a section's header or of one of its own keys.

        :raises KeyError: there is no such section or key.
        """
        if key is None:
            return self._scan.marks[section][0] + 1
        if key.lower() not in self.raw(section):
            raise KeyError(key)
        return self._scan.line_of(section, key.lower()) + 1

    def continuation_of(self, section: str, key: str) -> list[int]:
        """The lines, counted from 1, that continue the value of a section's own key; blank ones and comments left out.

        :raises KeyError: there is no such section or key.
        """
        found = self._scan
        starts = {number for marks in found.marks.values() for number in marks}.union(found.headers)
        lines: list[int] = []
        for number in range(self.line_of(section, key), len(found.lines)):
            if number in starts:
                break
            content = found.lines[number].strip()
            if content and content[0] not in COMMENT:
                lines.append(number + 1)
        return lines

    def section_lines(self, section: str) -> list[str]:
        """The lines of a section, from its header to the next one, with their endings.

        :raises KeyError: there is no such section.
        """
        return self._scan.lines[slice(*self._span(section))]

    def with_section_lines(self, section: str, lines: Sequence[str], added: Mapping[str, str]) -> Document:
        """The document with other *lines* of a section, which is then read with the keys *added*.

        :raises KeyError: there is no such section.
        :raises UnsafeEdit: the section would not be read so, or another one differently.
        """
        start, stop = self._span(section)
        text = "".join([*self._scan.lines[:start], *lines, *self._scan.lines[stop:]])
        return self._edited(text, {section: {**self.raw(section), **added}})

    def _span(self, section: str) -> tuple[int, int]:
        """The line of a section's header, and that of the next header or after the last line; from 0."""
        start = self._scan.marks[section][0]
        return start, next((line for line in self._scan.headers if line > start), len(self._scan.lines))

    def changed_by(self, changes: SectionChanges) -> bool:
        """Whether :meth:`with_sections` would make another document of it. Raises KeyError, ValueError as it does."""
        return bool(self._wanted(changes))

    def with_sections(self, changes: SectionChanges) -> Document:
        """Change any number of sections at once; the new file is parsed only once.

        *changes* has for each header a :class:`SectionChange`, the entries of a new section, or None to remove it.

        A value that stays the same is not touched; a replaced one keeps key, delimiter, spacing and line ending. New
        keys go below the last key, or above the key that the change names. Values are as :meth:`raw` returns them: a
        value of several lines (a copied ``s3 =`` block) contains line feeds. New sections are appended in their order.
        An entry is a key with its value, or a comment (``"# …"``), which a key must follow. Removing a section removes
        the lines up to its last key, and one blank line before it, so that an appended section goes without a trace.

        :raises KeyError: a section to be changed or removed does not exist.
        :raises ValueError: a section to be added exists, or something would not be read back as it is.
        :raises UnsafeEdit: the edit of its ``section`` would change how another part of the file is read.
        """
        from mfa_tui.core.awsfiles import edits

        wanted = self._wanted(changes)
        if not wanted:
            return self
        try:
            return self._edited(edits.edited(self._scan, {header: changes[header] for header in wanted}), wanted)
        except UnsafeEdit:
            if len(wanted) == 1:
                raise
        # One of the edits is unsafe, alone or with the others; halving finds it in few attempts.
        headers = list(wanted)
        middle = len(headers) // 2
        first = self.with_sections({header: changes[header] for header in headers[:middle]})
        return first.with_sections({header: changes[header] for header in headers[middle:]})

    def with_values(
        self, section: str, values: Mapping[str, str], remove: Collection[str] = (), before: str | None = None
    ) -> Document:
        """Set, add and remove keys of a section that exists, as :meth:`with_sections` does."""
        from mfa_tui.core.awsfiles.changes import SectionChange

        return self.with_sections({section: SectionChange(values, remove, before)})

    def with_section(self, header: str, entries: Sequence[Entry]) -> Document:
        """Append a section, as :meth:`with_sections` does; :meth:`without_section` undoes that to the byte."""
        return self.with_sections({header: entries})

    def without_section(self, section: str) -> Document:
        """Remove a section, as :meth:`with_sections` does."""
        return self.with_sections({section: None})

    def _wanted(self, changes: SectionChanges) -> dict[str, Mapping[str, str] | None]:
        """The sections that *changes* would really change, with their new keys; None for one that is removed."""
        from mfa_tui.core.awsfiles.changes import SectionChange

        found = self._sections
        wanted: dict[str, Mapping[str, str] | None] = {}
        for header, change in changes.items():
            if change is None or isinstance(change, SectionChange):
                own = found[header]
                keys = None if change is None else change.applied(own)
                if keys != own:
                    wanted[header] = keys
            elif header == DEFAULTS or header in found:
                raise ValueError(f"the section [{shown(header)}] cannot be added: it exists, or is special")
            else:
                wanted[header] = {entry[0].lower(): entry[1] for entry in change if not isinstance(entry, str)}
        return wanted

    def without_keys(self, keys: Mapping[str, Collection[str]]) -> Document:
        """Remove keys from many sections at once, also from [DEFAULT]; keys that a section does not have are ignored.

        This is for copies of the file, not for the file itself: nothing else is compared.

        :raises KeyError: there is no such section.
        :raises DocumentDefect: botocore would refuse the result.
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
            # All lines of a removed value go.
            if last not in gone or not line.strip() or line.lstrip()[0] in COMMENT:
                kept.append(line)
        return Document.parse("".join(kept).encode(), self.kind) if gone else self

    def _edited(self, text: str, wanted: Mapping[str, Mapping[str, str] | None]) -> Document:
        """The document of the new text, after checking that only these sections changed, and changed as intended."""
        one = next(iter(wanted))
        try:
            after = Document.parse(text.encode("utf-8"), self.kind)
        except (DocumentDefect, UnicodeEncodeError):
            raise UnsafeEdit(f"this change of [{shown(one)}] would make the file unreadable", one) from None
        verify_only_changed(self, after, wanted)
        for header, keys in wanted.items():
            if (after.raw(header) if header in after else None) != keys:
                raise UnsafeEdit(f"[{shown(header)}] would not be read back as intended", header)
        return after


def verify_only_changed(before: Document, after: Document, changed: Collection[str]) -> None:
    """Check that two documents read the same except for the sections *changed*, which either may lack.

    :raises UnsafeEdit: something else differs: a key, a value, [DEFAULT], or the order of the sections.
    """
    old, new = ([name for name in document.sections() if name not in changed] for document in (before, after))
    if old != new or any(before.raw(name) != after.raw(name) for name in (DEFAULTS, *old)):
        one = next(iter(changed))
        raise UnsafeEdit(f"changing [{shown(one)}] would change how another section is read", one)
