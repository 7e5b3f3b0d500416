"""The edits of many targets at once, on one reading of the files.

An edit costs a reading of the whole file, before and after it; a thousand of them cost minutes. But a section whose
header stands at the left margin means the same whatever stands above it, so each target is edited in a small pair of
files: what its edit looks at, and itself last. What came of it takes its place in the text, and the whole is read and
compared once. Where that would not be the same to the byte, the edits are made one after the other.
"""

from __future__ import annotations

from mfa_tui.core.awsconfig import LONG_TERM_SUFFIX, AwsConfig
from mfa_tui.core.document import Document
from mfa_tui.core.headers import profile_in
from mfa_tui.core.ini import DEFAULTS, DocumentDefect, split_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    EditOfOne = Callable[[AwsConfig], AwsConfig]
    """An edit of one target: it looks at that, at its source and at [DEFAULT], and changes nothing but the target."""

_FEW = 8
"""So many are made one after the other."""
_TOP = "#"
"""Above the first section of a small file: what a section has above it tells how it is taken away."""


class _Unlike(Exception):
    """Edited in a small file, it might not come out as in the whole."""


def edited_together(aws: AwsConfig, edits: Sequence[tuple[str, str, EditOfOne]]) -> AwsConfig:
    """*aws* after each of *edits*: target, source, edit. The same object if nothing changed. Raises what they raise."""
    targets, sources = {target for target, _, _ in edits}, {source for _, source, _ in edits}
    if len(edits) > _FEW and len(targets) == len(edits) and targets.isdisjoint(sources):
        try:
            return _at_once(aws, edits)
        except (_Unlike, DocumentDefect):
            pass
    for _, _, edit in edits:
        aws = edit(aws)
    return aws


def _at_once(aws: AwsConfig, edits: Sequence[tuple[str, str, EditOfOne]]) -> AwsConfig:
    files = _Pieces(aws.config), _Pieces(aws.credentials)
    for target, source, edit in edits:
        names = (source, target + LONG_TERM_SUFFIX)
        small = AwsConfig(*(pieces.small(target, names) for pieces in files))
        after = edit(small)
        for pieces, old, new in zip(files, _both(small), _both(after), strict=True):
            if new is not old:
                pieces.take(target, old, new)
    config, credentials = (pieces.whole() for pieces in files)
    return aws if (config, credentials) == _both(aws) else AwsConfig(config, credentials)


def _both(aws: AwsConfig) -> tuple[Document, Document]:
    return aws.config, aws.credentials


class _Pieces:
    """A file cut above its headers, each with the one blank line that sets it apart."""

    def __init__(self, document: Document) -> None:
        self._document = document
        text = document.render().decode()
        lines = split_lines(text)
        headers = {document.line_of(section) - 1: section for section in document.sections()}
        if f"[{DEFAULTS}]" in text:
            # It may be there several times, and leaks into all others: not worth the trouble.
            raise _Unlike
        starts = []
        for number in headers:
            if not lines[number].startswith("["):
                raise _Unlike
            starts.append(number - 1 if number and not lines[number - 1].strip("\r\n") else number)
        self._top = "".join(lines[: starts[0]]) if starts else text
        self._sections = dict(
            zip(
                headers.values(),
                ("".join(lines[start:end]) for start, end in zip(starts, [*starts, len(lines)][1:], strict=True)),
                strict=True,
            )
        )
        self._first = next(iter(self._sections), None)
        self._owners: dict[str, list[str]] = {}
        for section in self._sections:
            name = section if document.kind == "credentials" else profile_in(section)
            if name is not None:
                self._owners.setdefault(name, []).append(section)
        self._added: list[str] = []
        self._made: dict[str, Document] = {}
        self._ending = "\r\n" if "\r" in text else "\n"
        # What is added takes its line ending from the last line.
        alike = text.count(self._ending) == text.count("\n") == max(text.count("\n"), text.count("\r"))
        self._may_be_added_to = text.endswith("\n") and alike

    def small(self, target: str, others: Iterable[str]) -> Document:
        """A file with the sections of these profiles, the target's last."""
        own = self._owners.get(target, [])
        if len(own) > 1 or self._first in own:
            raise _Unlike
        sections = [section for name in dict.fromkeys(others) for section in self._owners.get(name, [])]
        above = _TOP + self._ending + "".join(self._sections[section] for section in sections)
        if not above.endswith("\n"):
            raise _Unlike
        text = above + "".join(self._sections[section] for section in own)
        return Document.parse(text.encode(), self._document.kind)

    def take(self, target: str, old: Document, new: Document) -> None:
        """The small file *old* has become *new*."""
        own = self._owners.get(target, [])
        before, after = old.render().decode(), new.render().decode()
        kept = before.removesuffix(self._sections[own[0]]) if own else before
        if not after.startswith(kept):
            raise _Unlike
        piece = after[len(kept) :]
        if own:
            apart = self._sections[own[0]].startswith(("\n", "\r"))
            if not apart and own[0] not in new.sections():
                # What is above it then may be gone, too.
                raise _Unlike
            self._sections[own[0]] = piece
        elif self._may_be_added_to:
            self._added.append(piece)
        else:
            raise _Unlike
        self._made[target] = new

    def whole(self) -> Document:
        """The file with all that was taken, compared with what it was."""
        if not self._made:
            return self._document
        text = "".join((self._top, *self._sections.values(), *self._added))
        whole = Document.parse(text.encode(), self._document.kind)
        made = {new.section_of(name) for name, new in self._made.items()}
        made.update(section for name in self._made for section in self._owners.get(name, []))
        old, new_ones = ([name for name in each.sections() if name not in made] for each in (self._document, whole))
        if old != new_ones or any(whole.raw(section) != self._document.raw(section) for section in old):
            raise _Unlike
        profiles = whole.profiles()
        if any(profiles.get(name) != new.profiles().get(name) for name, new in self._made.items()):
            raise _Unlike
        return whole
