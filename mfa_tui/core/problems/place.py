"""Places in the files or the environment, so that a message can point at them."""

from __future__ import annotations

from mfa_tui.core.awsfiles.ini import DEFAULTS
from mfa_tui.core.text.display import in_one_line, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.core.awsfiles.awsconfig import AwsConfig
    from mfa_tui.core.awsfiles.document import Document


class Place:
    """A line of a file, or an environment variable."""

    __slots__ = ("file", "key", "line", "section", "variable")

    def __init__(self, file: str = "", line: int = 0, section: str = "", key: str = "", variable: str = "") -> None:
        self.file = file
        """The path of the file; empty for a variable."""
        self.line = line
        """The line, from 1; 0 if there is none."""
        self.section = section
        """The header of the section, without its brackets; may be empty."""
        self.key = key
        """The key in the section; may be empty."""
        self.variable = variable
        """The name of the environment variable; empty for a line of a file."""

    def __str__(self) -> str:
        if self.variable:
            return f"See the environment variable {self.variable}."
        line = f", line {self.line}" if self.line else ""
        section = f": [{shown(self.section)}]" if self.section else ""
        key = f" {shown(self.key)}" if self.key else ""
        return f"See {in_one_line(self.file)}{line}{section}{key}"

    def as_json(self) -> dict[str, object]:
        """The place as a JSON object; parts that are unknown are null."""
        return {name: getattr(self, name) or None for name in ("file", "line", "section", "key", "variable")}


def variable(name: str) -> Place:
    """The place of an environment variable."""
    return Place(variable=name)


def place_of(aws: AwsConfig, profile: str, *keys: str) -> Place | None:
    """The place from which the first of *keys* that a profile has is read, else its header; None if it has neither.

    A key may be in [DEFAULT], from which it leaks into every section.
    """
    both = ((aws.credentials, aws.paths[1]), (aws.config, aws.paths[0]))
    for key in keys:
        # The credentials file's keys win.
        for document, path in both:
            own = document.section_of(profile)
            for section in (own, DEFAULTS) if own is not None else ():
                if key in document.raw(section):
                    return Place(path, document.line_of(section, key), section, key)
    for document, path in reversed(both):
        header = document.section_of(profile)
        if header is not None:
            return header_place(document, path, header)
    return None


def header_place(document: Document, path: str, header: str) -> Place:
    """The place of a section's header in the file *path*."""
    return Place(path, document.line_of(header), header)


def continuation(aws: AwsConfig, place: Place) -> list[int]:
    """The lines, from 1, that continue the value of the key at a place."""
    document = aws.credentials if place.file == aws.paths[1] else aws.config
    return document.continuation_of(place.section, place.key) if place.key else []
