"""The settings file, ``config.toml``: none of it is secret, all of it is optional."""

from __future__ import annotations

import os
import stat

from mfa_tui.adapters.oserrors import reason
from mfa_tui.core.expiry import DEFAULT_DURATION, DEFAULT_MARGIN, parse_duration
from mfa_tui.errors import ConfigError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Settings:
    """What the user may set, with the defaults. Durations are in seconds.

    ``target_pattern`` holds ``{profile}``; ``keymap`` maps the ids of the interface's bindings to keys;
    ``session_store`` is where sessions are cached, ``file`` or ``keyring``; ``clipboard_clear`` is when a copied code
    leaves the clipboard, 0 for never; ``notify``: the interface may use the desktop's notifications.
    """

    __slots__ = (
        "clipboard_clear",
        "duration",
        "keymap",
        "margin",
        "notify",
        "session_store",
        "target_pattern",
        "theme",
        "timeout",
    )

    def __init__(self) -> None:
        self.target_pattern = "{profile}-mfa"
        self.duration = DEFAULT_DURATION
        self.margin = DEFAULT_MARGIN
        self.notify = True
        self.timeout = 10.0
        self.theme = ""
        self.keymap: dict[str, str] = {}
        self.clipboard_clear = 30
        self.session_store = "file"


def load_settings(path: str, warn: Callable[[str], None]) -> Settings:
    """The settings in *path*; the defaults where it says nothing.

    An unknown key is told to *warn*. Raises ConfigError (``settings-…``) that names line or key and what is allowed.
    """
    settings = Settings()
    text = _read(path)
    if not text:
        return settings
    # Costs more than starting Python; most people have no settings file.
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "settings-syntax", f"{path} is no TOML.", f"{error}.", "Correct that line, or remove the file."
        ) from None
    for key, value in values.items():
        reader = _READERS.get(key)
        if reader is None:
            warn(f"{path}: unknown key {key!r}; known are {', '.join(sorted(_READERS))}.")
            continue
        try:
            setattr(settings, key, reader(value))
        except (ValueError, TypeError) as error:
            line = _line_of(text, key)
            raise ConfigError(
                "settings-value", f"{path}, line {line}: {key} cannot be {value!r}.", str(error), "Correct it."
            ) from None
    return settings


def _read(path: str) -> str:
    """The file's text; empty if there is none. A file that is there and cannot be read is not passed over."""
    if path == os.devnull:
        return ""
    try:
        # Reading a device or a pipe might never end.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ConfigError(
                "settings-unreadable",
                f"{path} cannot be read.",
                "It is no regular file.",
                "Point MFA_TUI_CONFIG at one.",
            )
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError:
        why = "It is not UTF-8."
    except OSError as error:
        why = f"{reason(error)}."
    raise ConfigError("settings-unreadable", f"{path} cannot be read.", why, "Mend that, or remove the file.")


def _pattern(value: object) -> str:
    if not isinstance(value, str) or value.count("{profile}") != 1 or value == "{profile}":
        raise ValueError("It is a name with {profile} in it once, and more than that, such as {profile}-mfa.")
    return value


def _duration(value: object) -> int:
    try:
        return parse_duration(str(value))
    except UsageError:
        raise ValueError("It is a length of time from 15m to 36h, such as 12h, 90m, or a number of seconds.") from None


def _seconds(least: float, most: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError(f"It is a number of seconds from {least:g} to {most:g}.")
        return value

    return read


def _one_of(*choices: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in choices:
            raise ValueError(f"It is {' or '.join(repr(choice) for choice in choices)}.")
        return value

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("It is true or false.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("It is a name in quotes.")
    return value


def _keymap(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(keys, str) for keys in value.values()):
        raise TypeError('It is a table of binding ids and keys, such as login = "enter".')
    return {str(name): keys for name, keys in value.items()}


_READERS: dict[str, Callable[[object], object]] = {
    "target_pattern": _pattern,
    "duration": _duration,
    "margin": _seconds(0, 3600),
    "timeout": _seconds(1, 120),
    "notify": _flag,
    "theme": _text,
    "keymap": _keymap,
    "clipboard_clear": _seconds(0, 3600),
    "session_store": _one_of("file", "keyring"),
}


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().strip("[]").split("=")[0].strip() == key:
            return number
    return 1
