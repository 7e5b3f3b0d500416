"""Reading the values of settings: each reader takes a value of the file, and raises ValueError if it is not allowed.

The message of that error says what is allowed.
"""

from __future__ import annotations

from mfa_tui.core.sessions.expiry import parse_duration
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

BROWSER_WORDS = ("{url}", "{encoded_url}", "{profile}")
"""What the setting ``browser`` may have in place of the address and the profile."""


def _pattern(value: object) -> str:
    if not isinstance(value, str) or value.count("{profile}") != 1 or value == "{profile}":
        raise ValueError("It must contain {profile} once, and other text, such as {profile}-mfa.")
    return value


def _duration(value: object) -> int:
    try:
        return parse_duration(str(value))
    except UsageError:
        raise ValueError("It must be a duration from 15m to 36h, such as 12h, 90m, or a number of seconds.") from None


def _seconds(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError(f"It must be a number of seconds from {least:g} to {most:g}.")
        return value

    return read


def _days(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"It must be a number of days from {least} to {most}.")
        return value

    return read


def _one_of(*choices: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in choices:
            raise ValueError(f"It must be {' or '.join(repr(choice) for choice in choices)}.")
        return value

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("It must be true or false.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("It must be a name in quotes.")
    return value


def _keymap(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(keys, str) for keys in value.values()):
        raise TypeError('It must be a table of commands and keys, such as login = "enter".')
    return {str(name): keys for name, keys in value.items()}


def _command(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError('It must be a command with its arguments, such as "pass show aws/mfa".')
    import shlex

    try:
        shlex.split(value)
    except ValueError as error:
        raise ValueError(f"It cannot be split as a shell would: {error}.") from None
    return value


def _browser(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError('It must be a command, such as "firefox -P work {url}".')
    command = _command(value)
    import re

    # A misspelled placeholder would be passed on as it is. A shell's ${name} is none.
    unknown = [word for word in re.findall(r"(?<!\$)\{[A-Za-z_]*\}", command) if word not in BROWSER_WORDS]
    if unknown:
        raise ValueError(f"It has {unknown[0]}; known are {', '.join(BROWSER_WORDS)}.")
    import shlex

    if any(word in shlex.split(command)[0] for word in BROWSER_WORDS):
        raise ValueError('It must begin with a program, as in "firefox -P work {url}".')
    return command


def _account(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError('It must be the name of an account, as "ykman oath accounts list" shows it.')
    return value


READERS: dict[str, Callable[[object], object]] = {
    "target_pattern": _pattern,
    "duration": _duration,
    "margin": _seconds(0, 3600),
    "timeout": _seconds(1, 120),
    "notify": _flag,
    "theme": _text,
    "keymap": _keymap,
    "clipboard_clear": _seconds(0, 3600),
    "key_age_days": _days(1, 3650),
    "key_unused_days": _days(1, 3650),
    "session_store": _one_of("file", "keyring"),
    "seed_store": _one_of("keyring", "vault"),
    "passphrase_command": _command,
    "browser": _browser,
}
DEVICE_READERS: dict[str, Callable[[object], str]] = {
    "seed_command": _command,
    "code_command": _command,
    "yubikey": _account,
}
