"""A small reader of XML, for responses in AWS's query protocol. Nothing in them can expand, and they are small."""

from __future__ import annotations

from xml.parsers.expat import ExpatError, ParserCreate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 20
"""Levels of elements; responses of STS have five, those of IAM about eight."""
_MOST = 200_000
"""Elements; a page of all users of an account has some ten thousand."""


class XmlError(Exception):
    """It is no XML, or not such as AWS sends."""


class Element:
    """An element: its name without the namespace, the text before its first child, and its children."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        """The name, without its namespace."""
        self.text = ""
        """The text before the first child."""
        self.children: list[Element] = []
        """The elements in it."""

    def named(self, name: str) -> list[Element]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        """The first child of that name; None if there is none."""
        return next(iter(self.named(name)), None)

    def __iter__(self) -> Iterator[Element]:
        return iter(self.children)

    def __repr__(self) -> str:
        # Its text may be a secret.
        return f"Element({self.name!r})"


def read_xml(body: bytes) -> Element:
    """The root of the document in *body*, read as UTF-8 whatever it declares. Raises XmlError."""
    reader = _Reader()
    # With a separator, names have their namespaces before them.
    parser = ParserCreate("utf-8", "}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add_text
    try:
        parser.Parse(body, True)  # noqa: FBT003 - its parameter has no name
    except ExpatError as error:
        raise XmlError(str(error)) from None
    if reader.root is None:
        raise XmlError("no element")
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def refuse(self, *_: object) -> None:
        """What defines entities is refused: they could expand to anything."""
        raise XmlError("a document type")

    def start(self, name: str, _: object) -> None:
        element = Element(name.rpartition("}")[2])
        self._count += 1
        if len(self._open) == _DEEPEST or self._count > _MOST:
            raise XmlError("too many elements")
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _: str) -> None:
        self._open.pop()

    def add_text(self, text: str) -> None:
        element = self._open[-1]
        if not element.children:
            element.text += text
