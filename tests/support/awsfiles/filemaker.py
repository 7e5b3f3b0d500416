"""Makes AWS files with everything in them that a parser can stumble over.

One maker serves hypothesis (which shrinks what it found) and the seeded corpus of :mod:`tests.support.awsfiles.shapes`:
all it asks for is numbers.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")

Pick = Callable[[int], int]
"""``pick(n)``: a number from 0 to n - 1; 0 should be the plainest."""


def picker(numbers: bytes) -> Pick:
    """Picks from the numbers, and the plainest when they are used up."""
    rest = iter(numbers)
    return lambda count: next(rest, 0) % count


DEFECTS = (
    "byte order mark",
    "not UTF-8",
    "key before any section",
    "no delimiter",
    "no key",
    "section twice",
    "key twice",
    "nested line without delimiter",
)

_CONFIG_HEADERS = {
    "profile ops": "plain header",
    "default": "default",
    "profile default": "default as a profile",
    'profile "a b"': "double-quoted header",
    "profile 'c d'": "single-quoted header",
    "profile e\\ f": "escaped header",
    "profile a b": "more words than one name",
    "x": "bare header",
    "DEFAULT": "keys for all sections",
    "sso-session corp": "another kind of section",
    "profile  two": "spaces in a header",
    ' profile "open': "unclosed quote",
    "profiles odd": "odd header",
    "profile": "header without a name",
    "profile na\u00a0me": "no-break space",
    "profile se\u2028p": "Unicode line separator",
    "profile é": "non-ASCII",
    "profile ]": "bracket in a header",
}
_CREDENTIALS_HEADERS = {
    "ops": "plain header",
    "default": "default",
    "a b": "spaces in a header",
    '"a b"': "double-quoted header",
    "DEFAULT": "keys for all sections",
    "profile dev": "odd header",
    " edge ": "white space at a header's ends",
    "se\u2028p": "Unicode line separator",
    "é": "non-ASCII",
    "x]": "bracket in a header",
}
KEYS = ("region", "output", "aws_access_key_id", "Region", "OUTPUT", "two words", "İ", "[odd", "key\x0b", "x_Custom")
_VALUES = (
    "plain", "", "with = and : in it", "text # not a comment", "; neither", "[bracket]", "é", "line\u2028separator",
    "form\x0cfeed", "next\x85line", "no\u00a0break", "tab\there", "\x1c", "nul\x00", "'quoted'",
)  # fmt: skip
_DELIMITERS = (" = ", "=", ": ", " : ", ":", "\t=\t", " =", "= ")
_BLANKS = ("", "", "", "   ", "\t", "\x0c", "\u00a0 ")
_COMMENTS = ("# a comment", "; another", "#", "   # indented", "\t; too", "# = [x]\u2028y", ";\x0bz")
_INDENTS = ("", "", "", "", "", "", " ", "  ", "\t", "    ")


class FileMaker:
    """Makes one file of a kind ("config" or "credentials"); ``features`` says what went into it.

    ``keys`` are the keys of its options, each of which is used once in a section.
    """

    def __init__(self, pick: Pick, kind: str, keys: Sequence[str] = KEYS) -> None:
        self.features: set[str] = set()
        self._pick = pick
        self._keys = keys
        self._headers = _CONFIG_HEADERS if kind == "config" else _CREDENTIALS_HEADERS

    def make(self, *, defects: bool = True) -> bytes:
        """The bytes; about three in ten with a defect on purpose, and some with one by chance (if *defects*)."""
        lines = self._trivia()
        unused = list(self._headers)
        for _ in range(self._pick(6)):
            header = unused.pop(self._pick(len(unused)))
            self.features.add(self._headers[header])
            lines += self._section(header)
        lines += self._trivia()
        text = ""
        if defects and self._chance(30):
            lines, text = self._spoiled(lines, self._one(DEFECTS))
        endings = self._one((("\n",), ("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r")))
        self.features.add(f"line endings {endings}")
        text += "".join(line + self._one(endings) for line in lines)
        if self._chance(30):
            self.features.add("no newline at the end")
            text = text.rstrip("\r\n")
        return text.encode("utf-8", "surrogateescape")

    def _section(self, header: str) -> list[str]:
        indent = self._one(_INDENTS)
        line = f"{indent}[{header}]"
        if indent:
            self.features.add("indented header")
        if self._chance(8):
            self.features.add("text behind a header")
            line += self._one((" # comment", " trailing ]", "x"))
        lines = [line]
        usual = self._one(_INDENTS)
        unused = list(self._keys)
        used: set[str] = set()
        for _ in range(self._pick(5)):
            key = unused.pop(self._pick(len(unused)))
            if key.strip().lower() not in used:
                used.add(key.strip().lower())
                lines += self._option(key, self._one(_INDENTS) if self._chance(10) else usual)
            lines += self._trivia()
        if not used:
            self.features.add("empty section")
        return lines + self._trivia()

    def _option(self, key: str, indent: str) -> list[str]:
        delimiter = self._one(_DELIMITERS)
        value = self._one(_VALUES)
        self.features.update(
            name
            for name, present in {
                "indented option": indent,
                "colon": ":" in delimiter,
                "upper-case key": key != key.lower(),
                "hash inside a value": "#" in value,
                "white space that ends no line": any(character in value for character in "\u2028\x0c\x85"),
                "empty value": not value,
            }.items()
            if present
        )
        kind = self._pick(10)
        if kind < 7:
            return [f"{indent}{key}{delimiter}{value}{self._one(('', '', '', '  '))}"]
        deeper = indent + self._one(("  ", " ", "\t", "      "))
        further = [] if self._chance(70) else [self._one((*_COMMENTS, *_BLANKS))]
        if further:
            self.features.add("comment or blank line inside a value")
        if kind < 9:
            self.features.add("nested block")
            block = [f"{deeper}addressing_style = path", *further, f"{deeper}  size= 1", f"{deeper}x=", f"{deeper}x=2"]
            return [f"{indent}{key}{delimiter}", *block[: 1 + self._pick(len(block))]]
        self.features.add("header inside a value")
        return [f"{indent}{key}{delimiter}first", *further, f"{deeper}[section]", f"{deeper}word"]

    def _trivia(self) -> list[str]:
        return [self._one(self._one((_BLANKS, _COMMENTS))) for _ in range(max(0, self._pick(5) - 2))]

    def _spoiled(self, lines: list[str], defect: str) -> tuple[list[str], str]:
        """The lines with a defect, and what goes before all of them."""
        self.features.add(defect)
        place = self._pick(len(lines) + 1)
        match defect:
            case "byte order mark":
                return lines, "\ufeff"
            case "not UTF-8":
                return [*lines[:place], "# caf\udce9", *lines[place:]], ""
            case "key before any section":
                return ["region = x", *lines], ""
            case "no delimiter":
                new = ["[spoiled]", "key = value", "words only"]
            case "no key":
                new = ["[spoiled]", self._one(("= value", ": value"))]
            case "section twice":
                new = ["[spoiled]", "key = value", "[spoiled]"]
            case "key twice":
                new = ["[spoiled]", "key = value", self._one(("key = value", "KEY: other"))]
            case _:
                new = [self._one(("[spoiled]", "[DEFAULT]")), "block =", "  a = b", "# comment", "", "  words only"]
        return [*lines, *new], ""

    def _one(self, options: Sequence[_T]) -> _T:
        return options[self._pick(len(options))]

    def _chance(self, percent: int) -> bool:
        return self._pick(100) >= 100 - percent
