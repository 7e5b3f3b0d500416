"""The settings file, ``config.toml``. None of it is secret, and all of it is optional."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import UntrustedPath, read_named
from mfa_tui.core.sessions.expiry import DEFAULT_DURATION, DEFAULT_MARGIN, parse_duration
from mfa_tui.errors import ConfigError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.scopes.scope import ScopeSettings

_LARGEST = 1024 * 1024
"""More bytes than any settings file has."""


class ExternalDevice:
    """An MFA device whose secret is kept elsewhere, not in our own stores. One of the three settings is not empty."""

    __slots__ = ("code_command", "seed_command", "yubikey")

    def __init__(self, *, seed_command: str = "", code_command: str = "", yubikey: str = "") -> None:
        self.seed_command = seed_command
        """A command that prints the secret."""
        self.code_command = code_command
        """A command that prints the current code, and keeps the secret to itself."""
        self.yubikey = yubikey
        """The name of the account in a YubiKey's OATH application."""


class Settings:
    """What the user can set, with the defaults."""

    __slots__ = (
        "browser",
        "clipboard_clear",
        "devices",
        "duration",
        "key_age_days",
        "key_unused_days",
        "keymap",
        "margin",
        "notify",
        "passphrase_command",
        "scopes",
        "seed_store",
        "session_store",
        "target_pattern",
        "theme",
        "timeout",
    )

    def __init__(self) -> None:
        self.target_pattern = "{profile}-mfa"
        """The name of the profile that a login saves its session as; it contains ``{profile}``."""
        self.duration = DEFAULT_DURATION
        """How long new sessions are valid, in seconds."""
        self.margin = DEFAULT_MARGIN
        """With fewer seconds left, a session is renewed."""
        self.notify = True
        """Whether the interface may use desktop notifications."""
        self.timeout = 10.0
        """Seconds that a call to AWS may take."""
        self.theme = ""
        """The name of the interface's theme; empty for the one that was last chosen."""
        self.key_age_days = 90
        """Days after which an access key is old."""
        self.key_unused_days = 45
        """Days without use after which an access key counts as unused."""
        self.keymap: dict[str, str] = {}
        """Keys of the interface by the ids of their bindings."""
        self.clipboard_clear = 30
        """Seconds before a copied code is cleared from the clipboard; 0 for never."""
        self.session_store = "file"
        """Where sessions are cached: ``file`` or ``keyring``."""
        self.seed_store = "keyring"
        """Where new secrets of MFA devices are stored: ``keyring`` or ``vault``."""
        self.passphrase_command = ""
        """A command that prints the vault's passphrase; empty if the user types it."""
        self.browser = ""
        """The command that opens an address in a browser; empty for the system's browser."""
        self.devices: dict[str, ExternalDevice] = {}
        """The MFA devices whose secret is kept elsewhere, by serial."""
        self.scopes: dict[str, ScopeSettings] = {}
        """The user's own scopes, by name; see ``core.scopes``."""


def load_settings(path: str, warn: Callable[[str], None]) -> Settings:
    """Load the settings from *path*, with defaults for missing keys.

    *warn* is called for an unknown key. Raises ConfigError (``settings-…``) that names line or key and what is allowed.
    """
    settings = Settings()
    text = _read(path)
    if not text:
        return settings
    # Imported on use: it takes longer than starting Python, and most people have no settings file.
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "settings-syntax", f"{path} is not valid TOML.", f"{error}.", "Correct that line, or remove the file."
        ) from None
    for key, value in values.items():
        if key == "devices":
            settings.devices = _devices_in(path, text, value, warn)
            continue
        if key == "scopes":
            settings.scopes = _scopes_in(path, text, value)
            continue
        reader = _READERS.get(key)
        if reader is None:
            warn(f"{path}: unknown key {key!r}; known are {', '.join(sorted(Settings.__slots__))}.")
            continue
        try:
            setattr(settings, key, reader(value))
        except (ValueError, TypeError) as error:
            raise _bad_value(f"{path}, line {_line_of(text, key)}: {key} cannot be {value!r}.", error) from None
    return settings


def _devices_in(path: str, text: str, tables: object, warn: Callable[[str], None]) -> dict[str, ExternalDevice]:
    """The tables ``[devices."SERIAL"]``. Raises ConfigError (``settings-value``)."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise _bad_value(
            f"{path}, line {_line_of(text, 'devices')}: devices must have a table for each MFA device.",
            ValueError('Write it as [devices."arn:aws:iam::111122223333:mfa/ana"].'),
        )
    found = {}
    for serial, table in tables.items():
        known = {}
        for key, value in table.items():
            if key not in _DEVICE_READERS:
                warn(f"{path}: unknown key {key!r} of the device {serial}; known are {', '.join(_DEVICE_READERS)}.")
                continue
            try:
                known[key] = _DEVICE_READERS[key](value)
            except (ValueError, TypeError) as error:
                line = _line_of(text, key, after=serial)
                raise _bad_value(f"{path}, line {line}: {key} cannot be {value!r}.", error) from None
        if len(known) != 1:
            raise _bad_value(
                f"{path}, line {_line_of(text, '', after=serial)}: nothing says where the secret of {serial} is.",
                ValueError(f"The device needs one of {', '.join(_DEVICE_READERS)}."),
            )
        found[serial] = ExternalDevice(**known)
    return found


def _scopes_in(path: str, text: str, tables: object) -> dict[str, ScopeSettings]:
    """The tables ``[scopes.NAME]``. Raises ConfigError (``settings-value``)."""
    from mfa_tui.core.scopes.scope import read_scope

    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise _bad_value(
            f"{path}, line {_line_of(text, 'scopes')}: scopes holds a table for each scope.",
            ValueError('It is written [scopes.NAME], then lines such as services = ["s3"].'),
        )
    found = {}
    for name, table in tables.items():
        try:
            found[name] = read_scope(name, table)
        except ValueError as error:
            line = _line_of(text, "", after=f"scopes.{name}")
            raise _bad_value(f"{path}, line {line}: the scope {name!r} cannot be used.", error) from None
    return found


def read_policy_file(settings_path: str, path: str) -> str:
    """The text of a policy that a scope names; a relative *path* begins at the settings file.

    Raises OSError, ValueError (it is not UTF-8 or too large), UntrustedPath.
    """
    return read_named(policy_path(settings_path, path), _LARGEST).decode()


def policy_path(settings_path: str, path: str) -> str:
    """Where the policy file *path* of a scope is."""
    return os.path.join(os.path.dirname(os.path.abspath(settings_path)), os.path.expanduser(path))


def _bad_value(what: str, error: Exception) -> ConfigError:
    return ConfigError("settings-value", what, str(error), "Correct it.")


def _read(path: str) -> str:
    """The file's text; empty if there is none. An existing file that cannot be read is an error."""
    if path == os.devnull:
        return ""
    try:
        return read_named(path, _LARGEST).decode()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError:
        why = "It is not UTF-8."
    except IsADirectoryError:
        why = "It is not a regular file."
    except UntrustedPath as error:
        raise ConfigError(
            "settings-of-others",
            f"{path} {error.why}, so it is not used.",
            "Settings name programs that mfa-tui runs.",
            error.remedy,
        ) from None
    except OSError as error:
        why = f"{reason(error)}."
    raise ConfigError("settings-unreadable", f"{path} cannot be read.", why, "Fix that, or remove the file.")


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


def _account(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError('It must be the name of an account, as "ykman oath accounts list" shows it.')
    return value


_READERS: dict[str, Callable[[object], object]] = {
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
    "browser": _command,
}
_DEVICE_READERS: dict[str, Callable[[object], str]] = {
    "seed_command": _command,
    "code_command": _command,
    "yubikey": _account,
}


def _line_of(text: str, key: str, *, after: str = "") -> int:
    """The line number of *key*, after the table header that contains *after*; of that header if *key* is missing."""
    lines = text.splitlines()
    headers = (number for number, line in enumerate(lines) if after in line and line.strip().startswith("["))
    start = next(headers, 0) if after else 0
    for number, line in enumerate(lines[start:], start=start + 1):
        if line.strip().strip("[]").split("=")[0].strip() == key:
            return number
    return start + 1
