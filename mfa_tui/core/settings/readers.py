"""Reading the values of settings: each reader takes a value of the file, and raises ValueError if it is not allowed.

The message of that error says what is allowed.
"""

from __future__ import annotations

from mfa_tui.core.sessions.expiry import parse_duration
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FLAG, NUMBER, DURATION, CHOICE, TEXT, COMMAND, NAMES, TABLE = (
    "flag", "number", "duration", "choice", "text", "command", "names", "table",
)  # fmt: skip
"""The kinds of values: how one is shown, typed and written."""
BROWSER_WORDS = ("{url}", "{encoded_url}", "{profile}")
"""What the setting ``browser`` may have in place of the address and the profile."""


_LABEL = 30
"""The most characters of a name that is shown in columns."""


class Reader:
    """Reads the values of one setting."""

    __slots__ = ("_read", "allowed", "choices", "kind")

    def __init__(
        self,
        kind: str,
        allowed: str,
        read: Callable[[object], object] = lambda value: value,
        choices: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """*read* returns the value, or raises ValueError, with a text if that says more than *allowed* does."""
        self.kind = kind
        """The kind of its values."""
        self.allowed = allowed
        """What is allowed, as the rest of a sentence that begins with "It must be"."""
        self.choices = choices
        """Returns the values to choose from; none if others are allowed, too."""
        self._read = read

    def __call__(self, value: object) -> object:
        """The setting's value, from that in the file. Raises ValueError, which says what is allowed."""
        try:
            return self._read(value)
        except ValueError as error:
            raise ValueError(str(error) or f"It must be {self.allowed}.") from None


def _require(condition: object, message: str = "") -> None:
    if not condition:
        raise ValueError(message)


def pattern() -> Reader:
    """Text with ``{profile}``."""

    def read(value: object) -> object:
        _require(isinstance(value, str) and value.count("{profile}") == 1 and value != "{profile}")
        return value

    return Reader(TEXT, "text with {profile} once, plus other text, such as {profile}-mfa", read)


def duration() -> Reader:
    """The duration of a session, in seconds."""

    def read(value: object) -> object:
        try:
            return parse_duration(str(value))
        except UsageError:
            raise ValueError from None

    return Reader(DURATION, "a duration from 15m to 36h, such as 12h, 90m, or a number of seconds", read)


def seconds(least: float, most: float) -> Reader:
    """A number of seconds."""

    def read(value: object) -> object:
        _require(isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most)
        return value

    return Reader(NUMBER, f"a number of seconds from {least:g} to {most:g}", read)


def days(least: int, most: int) -> Reader:
    """A number of days."""

    def read(value: object) -> object:
        _require(isinstance(value, int) and not isinstance(value, bool) and least <= value <= most)
        return value

    return Reader(NUMBER, f"a number of days from {least} to {most}", read)


def one_of(*choices: str) -> Reader:
    """One of several words."""

    def read(value: object) -> object:
        _require(value in choices)
        return value

    return Reader(CHOICE, " or ".join(repr(choice) for choice in choices), read, lambda: choices)


def flag() -> Reader:
    """True or false."""

    def read(value: object) -> object:
        _require(isinstance(value, bool))
        return value

    return Reader(FLAG, "true or false", read)


def theme() -> Reader:
    """The name of a theme. One that is unknown is no error: the interface then uses its own."""

    def themes() -> tuple[str, ...]:
        from mfa_tui.core.settings.interface import THEMES

        return THEMES

    def read(value: object) -> object:
        _require(isinstance(value, str))
        return value

    return Reader(CHOICE, "a name in quotes", read, themes)


def keymap() -> Reader:
    """A table of keys."""

    def read(value: object) -> object:
        _require(isinstance(value, dict) and all(isinstance(keys, str) for keys in value.values()))
        return value

    return Reader(TABLE, 'a table of commands and keys, such as login = "enter"', read)


def command() -> Reader:
    """A command with its arguments."""

    def read(value: object) -> object:
        return _split(value) and value

    return Reader(COMMAND, 'a command with its arguments, such as "pass show aws/mfa"', read)


def browser() -> Reader:
    """A command that opens an address."""

    def read(value: object) -> object:
        words = _split(value)
        import re

        # A misspelled placeholder would be passed on as it is. A shell's ${name} is none.
        unknown = [word for word in re.findall(r"(?<!\$)\{[A-Za-z_]*\}", str(value)) if word not in BROWSER_WORDS]
        _require(not unknown, f"It has {''.join(unknown[:1])}; known are {', '.join(BROWSER_WORDS)}.")
        _require(
            not any(word in words[0] for word in BROWSER_WORDS),
            'It must begin with a program, as in "firefox -P work {url}".',
        )
        return value

    return Reader(COMMAND, 'a command, such as "firefox -P work {url}"', read)


def yubikey_account() -> Reader:
    """The name of an account in a YubiKey."""

    def read(value: object) -> object:
        _require(isinstance(value, str) and value.strip())
        return value

    return Reader(TEXT, 'the name of an account, as "ykman oath accounts list" shows it', read)


def label() -> Reader:
    """A short name."""

    def read(value: object) -> object:
        _require(isinstance(value, str) and value.strip() == value and value.isprintable() and 0 < len(value) <= _LABEL)
        return value

    return Reader(TEXT, f"a name of at most {_LABEL} characters", read)


def _split(value: object) -> list[str]:
    """The words of a command, as a shell would split it; there is at least one."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    import shlex

    try:
        words = shlex.split(value)
    except ValueError as error:
        raise ValueError(f"It cannot be split as a shell would: {error}.") from None
    _require(words)
    return words
