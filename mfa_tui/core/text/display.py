"""The one filter for text that people see: a terminal obeys nothing in it, and nothing in it hides what it says.

Names of profiles and devices, values of the files and responses from AWS may contain anything. The command line and
the interface filter all text that they show. What programs read (JSON, ``env`` into a pipe) and what is copied is not
filtered: it is exact, or refused.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that are letters or symbols in Unicode, but look blank."""
_CONTROLS = "".join(map(chr, (*range(0x20), 0x7F)))
"""What is not visible of ASCII."""
_LONG = 2000
"""The length of text in which looking for each of these is quicker than looking at each character."""
_LONGEST_NAME = 60
"""The longest name in a message, in characters."""
_LONGEST_VALUE = 300
"""Characters."""
_PROFILE = r"\bPROFILE\b"
"""Not the one in ``AWS_PROFILE``."""
MARK = "\N{REPLACEMENT CHARACTER}"
"""Shown in place of one invisible character where columns matter."""


def is_visible(character: str) -> bool:
    """Whether a character is visible, and moves nothing else.

    These are not: control characters, line and paragraph separators, characters that set the direction of writing,
    zero-width and tag characters, private-use and unassigned ones, lone surrogates, and blanks other than the space.
    """
    return character.isprintable() and character not in _BLANK


def is_clean(text: str) -> bool:
    """Whether every character of *text* is visible."""
    if len(text) > _LONG and text.isascii():
        return not any(map(text.__contains__, _CONTROLS))
    return text.isprintable() and (text.isascii() or not any(map(text.__contains__, _BLANK)))


def printable(text: str, *, keep: str = "\n") -> str:
    r"""*text* with an escape (``\x1b``, ``\u202e``) for each character that is neither visible nor in *keep*."""
    # Results of thousands of lines are clean, too.
    if is_clean(text.replace("\n", "") if "\n" in keep else text):
        return text
    return "".join(c if c in keep or is_visible(c) else c.encode("unicode_escape").decode() for c in text)


def in_one_line(text: str) -> str:
    """As :func:`printable`, with a space for each run of line breaks and tabs, so that nothing starts a new line."""
    return text if is_clean(text) else printable(" ".join(text.split()), keep="")


def with_placeholders(text: str) -> str:
    """*text* with the replacement character for each invisible one; its length stays the same."""
    return text if is_clean(text) else "".join(c if is_visible(c) else MARK for c in text)


def shown(name: str) -> str:
    """A name for a message: short, and without characters that a terminal obeys."""
    return _cut(in_one_line(name), _LONGEST_NAME)


def sanitize(text: str) -> str:
    """Text from a file for a message: without characters that a terminal obeys, and cut if longer than any ARN."""
    return _cut(in_one_line(text), _LONGEST_VALUE)


def quoted(name: str) -> str:
    """A name in quotes for a message, without characters that a terminal obeys."""
    return f"'{shown(name)}'"


def shortened_key(access_key_id: str) -> str:
    """An access key ID for a message: its beginning and its end."""
    return f"{access_key_id[:4]}…{access_key_id[-4:]}"


def format_account(number: str) -> str:
    """A twelve-digit account ID as people read it, and as the console writes it: ``1111-2222-3333``."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}" if len(number) == 12 else number  # noqa: PLR2004 - AWS's length


def in_words(names: Sequence[str], most: int = 8) -> str:
    """*names* in words: ``a``, ``a and b``, ``a, b and c``; of more than *most* names ``a, b and 7 more``."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def counted(count: int, thing: str) -> str:
    """A number of things in words: ``1 user``, ``2 users``."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def shell_word(name: str) -> str:
    """A name for a command line that users type into a POSIX shell."""
    import shlex

    return shlex.quote(name) if is_clean(name) else quoted(name)


def shell_command(profile: str, command: str) -> str:
    """*command* with *profile* in place of PROFILE, for users to type into a POSIX shell.

    A name that begins with ``-`` would look like an option: it goes after ``--``, or is joined to its option.
    """
    import re

    word = shell_word(profile)
    if not word.startswith("-") or not re.search(_PROFILE, command):
        return re.sub(_PROFILE, lambda _: word, command)
    if "--profile PROFILE" in command:
        return command.replace("--profile PROFILE", f"--profile={word}")
    return f"{re.sub(' ' + _PROFILE, '', command)} -- {word}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
