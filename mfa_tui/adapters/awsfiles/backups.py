"""Backups of the AWS files, in generations, to restore what another program loses.

They hold long-term keys (0600 in a 0700 directory), but no session keys that mfa-tui wrote, nor keys that
``keys store`` took out of the files. Apart from that, a generation never changes. The first, made before mfa-tui wrote
anything, is kept; so are the last few, and before those the last ones with sections that no later generation has.
"""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem import private_files
from mfa_tui.adapters.filesystem.ownership import read_trusted
from mfa_tui.core.awsfiles.awsconfig import SOURCE_KEY
from mfa_tui.core.awsfiles.ini import DEFAULTS
from mfa_tui.core.profiles.target import without_all_sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mfa_tui.core.awsfiles.document import Document

_LAST = 6
"""How many of the latest generations are kept."""
_WITH_LOST_SECTIONS = 10
"""How many older ones are kept for sections that no later one has."""
_COPIES = 5
"""How many copies are kept of changes that could not be merged."""
_KEYS = ("aws_access_key_id", "aws_secret_access_key")
_TOKENS = (b"aws_session_token", b"aws_security_token")


class Backups:
    """The backups of any number of files, in one directory."""

    def __init__(self, directory: str, stored: Collection[str] = ()) -> None:
        """*stored* are the ids of long-term keys that must not get into a backup."""
        self.directory = directory
        self.stored = set(stored)
        """These ids; more may be added."""

    def keep(self, path: str, document: Document) -> None:
        """Make sure that a generation holds the file's content. Raises OSError, DocumentDefect."""
        if not document.render():
            return
        kept = without_stored_keys(without_all_sessions(document), self.stored).render()
        generations = self._generations(path)
        if any(os.path.getsize(name) == len(kept) and _content(name) == kept for name in generations.values()):
            return
        number = max(generations, default=-1) + 1
        name = self._name(path, number)
        private_files.write(name, kept.decode(), durable=True)
        generations[number] = name
        for unneeded in _unneeded(generations):
            private_files.remove(generations[unneeded])

    def has(self, path: str) -> bool:
        """Whether there is a generation of the file, as far as can be seen."""
        try:
            return bool(self._generations(path))
        except OSError:
            return False

    def obstacle(self) -> str:
        """The directory above that keeps the first generation from being written: it is not ours to write; or empty."""
        nearest = self.directory
        while not os.path.lexists(nearest) and os.path.dirname(nearest) != nearest:
            nearest = os.path.dirname(nearest)
        return "" if not os.path.isdir(nearest) or os.access(nearest, os.W_OK | os.X_OK) else nearest

    def newest_with(self, path: str, sections: Collection[str]) -> str:
        """The path of the newest generation with all these sections; the directory if there is none."""
        for _, name in sorted(self._generations(path).items(), reverse=True):
            if set(sections) <= _headers(_content(name)):
                return name
        return self.directory

    def save_copy(self, path: str, data: bytes) -> str:
        """Save a copy of what another program wrote, and return its path. Raises OSError."""
        stem = self._name(path, 0) + ".other-"
        numbers = sorted(_numbers(self.directory, os.path.basename(stem)))
        name = f"{stem}{numbers[-1] + 1 if numbers else 1}"
        # A session is useless without its token; the rest may be too damaged to find.
        lines = [line for line in data.splitlines(keepends=True) if not line.strip().lower().startswith(_TOKENS)]
        private_files.write(name, b"".join(lines).decode("utf-8", "replace"), durable=True)
        for number in numbers[: 1 - _COPIES]:
            private_files.remove(f"{stem}{number}")
        return name

    def take_out(self, access_key_id: str, secret: str) -> None:
        """Remove the lines of a long-term key from all backups, of whichever file. Raises OSError."""
        try:
            names = sorted(os.listdir(self.directory))
        except FileNotFoundError:
            return
        for name in names:
            path = os.path.join(self.directory, name)
            data = _content(path)
            if secret.encode() in data:
                private_files.write(
                    path, _without_key(data, access_key_id, secret).decode(errors="replace"), durable=True
                )

    def _name(self, path: str, number: int) -> str:
        import hashlib

        stem = hashlib.sha256(os.fsencode(path)).hexdigest()[:16] + "-" + os.path.basename(path)
        return os.path.join(self.directory, f"{stem}.{number}" if number else stem)

    def _generations(self, path: str) -> dict[int, str]:
        """The paths of the generations by number; the first is 0, which its name does not show."""
        stem = os.path.basename(self._name(path, 0))
        found = {number: self._name(path, number) for number in _numbers(self.directory, stem + ".")}
        if os.path.exists(self._name(path, 0)):
            found[0] = self._name(path, 0)
        return dict(sorted(found.items()))


def without_stored_keys(document: Document, stored: Collection[str]) -> Document:
    """The file without the keys of these ids. Raises DocumentDefect if the result could not be read."""
    sections = (DEFAULTS, *document.sections()) if stored else ()
    theirs = [each for each in sections if document.raw(each).get(_KEYS[0], "").strip() in stored]
    return document.without_keys(dict.fromkeys(theirs, _KEYS)) if theirs else document


def _without_key(data: bytes, access_key_id: str, secret: str) -> bytes:
    """A file's content, which may be damaged, without the lines of a key."""

    def kept(lines: Iterable[bytes]) -> Iterable[bytes]:
        for line in lines:
            names_it = line.strip().lower().startswith(_KEYS[0].encode()) and access_key_id.encode() in line
            if secret.encode() not in line and not names_it:
                yield line

    return b"".join(kept(data.splitlines(keepends=True)))


def _numbers(directory: str, start: str) -> list[int]:
    """The numbers that follow *start* in the names there."""
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return []
    rests = [name.removeprefix(start) for name in names if name.startswith(start)]
    return [int(rest) for rest in rests if rest.isdecimal()]


def _unneeded(generations: dict[int, str]) -> list[int]:
    """The generations that can be deleted."""
    if len(generations) <= _LAST + 1:
        return []
    _first, *others = sorted(generations)
    later = set().union(*(_headers(_content(generations[number])) for number in others[-_LAST:]))
    unneeded = []
    needed = 0
    for number in reversed(others[:-_LAST]):
        headers = _headers(_content(generations[number]))
        if headers <= later or needed == _WITH_LOST_SECTIONS:
            unneeded.append(number)
        else:
            needed += 1
            later |= headers
    return unneeded


def _content(name: str) -> bytes:
    try:
        return read_trusted(name)
    except OSError:
        return b""


def _headers(data: bytes) -> set[str]:
    """The headers of the user's sections, as written."""
    headers: list[str] = []
    for line in (line.strip() for line in data.decode("utf-8", "replace").split("\n")):
        if line.startswith("["):
            headers.append(line[1:].rpartition("]")[0])
        elif line.startswith(SOURCE_KEY) and headers:
            headers.pop()
    return set(headers)
