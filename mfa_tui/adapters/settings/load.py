"""The settings file, ``config.toml``. None of it is secret, and all of it is optional."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import UntrustedPath, read_named
from mfa_tui.core.sessions.expiry import DEFAULT_DURATION, DEFAULT_MARGIN
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from mfa_tui.core.scopes.scope import ScopeSettings

_LARGEST = 1024 * 1024
"""More bytes than any settings file has."""
_A_DEVICE = 'Write it as [devices."arn:aws:iam::111122223333:mfa/ana"].'
_A_SCOPE = 'Write it as [scopes.NAME], then lines such as services = ["s3"].'
_OF_SOME = frozenset(
    ("browser", "clipboard_clear", "key_age_days", "key_unused_days", "keymap", "notify", "scopes", "theme")
)
"""Settings that only some commands use. A wrong value of one stops these alone; of any other, every command."""


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


class WrongSetting:
    """What is wrong with a setting, or with the table of a device or scope. Whatever uses it must raise the error."""

    __slots__ = ("what", "why")

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        """What is wrong, with the line."""
        self.why = why
        """What is allowed."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrongSetting) and (self.what, self.why) == (other.what, other.why)

    def __hash__(self) -> int:
        return hash((self.what, self.why))

    def as_error(self) -> ConfigError:
        """The error to raise (``settings-value``)."""
        return ConfigError("settings-value", self.what, self.why, "Correct it.")


class Settings:
    """What the user can set, with the defaults.

    A setting whose value is wrong has none: to use it raises ConfigError (``settings-value``), and no default takes
    its place. Call :meth:`check` first.
    """

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
        "wrong",
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
        self.devices: dict[str, ExternalDevice | WrongSetting] = {}
        """The MFA devices whose secret is kept elsewhere, by serial."""
        self.scopes: dict[str, ScopeSettings | WrongSetting] = {}
        """The user's own scopes, by name; see ``core.scopes``."""
        self.wrong: dict[str, WrongSetting] = {}
        """What is wrong, by setting, in the order of the file; ``scopes.NAME`` and ``devices.SERIAL`` for tables."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            """Python calls this for a setting that has no value, as it is wrong."""
            if name in Settings.__slots__ and name in self.wrong:
                raise self.wrong[name].as_error()
            raise AttributeError(name)

    def check(self, *, interface: bool = False) -> None:
        """Raise ConfigError (``settings-value``) if a setting is wrong that every command uses, or the *interface*.

        A wrong scope or device stops what uses it. The interface says so then, as commands do.
        """
        for key, wrong in self.wrong.items():
            needed = interface if key in _OF_SOME else key in Settings.__slots__
            if needed:
                raise wrong.as_error()

    def reset_wrong(self) -> tuple[ConfigError, ...]:
        """Give the wrong settings their defaults, for doctor alone, and return the error of each.

        Wrong tables of scopes and devices stay wrong.
        """
        defaults = Settings()
        for key in self.wrong.keys() & set(Settings.__slots__):
            setattr(self, key, getattr(defaults, key))
        errors = tuple(wrong.as_error() for wrong in self.wrong.values())
        self.wrong = {}
        return errors


def load_settings(path: str, warn: Callable[[str], None]) -> Settings:
    """Load the settings from *path*, with defaults for missing keys. Wrong values are noted: see :class:`Settings`.

    *warn* is called for an unknown key. Raises ConfigError (``settings-…``) if the file cannot be read or is not TOML.
    """
    settings = Settings()
    text = _read(path)
    if not text:
        return settings
    # Imported on use: it takes longer than starting Python, and most people have no settings file.
    import tomllib

    from mfa_tui.core.settings.readers import READERS

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "settings-syntax", f"{path} is not valid TOML.", f"{error}.", "Correct that line, or remove the file."
        ) from None
    for key, value in values.items():
        if key == "devices":
            settings.devices = _devices_in(path, text, value, settings.wrong, warn)
        elif key == "scopes":
            settings.scopes = _scopes_in(path, text, value, settings.wrong)
        elif key not in READERS:
            known = ", ".join(sorted((*READERS, "devices", "scopes")))
            warn(f"{path}: unknown key {key!r}; known are {known}.")
        else:
            try:
                setattr(settings, key, READERS[key](value))
            except (ValueError, TypeError) as error:
                what = f"{path}, line {_line_of(text, key)}: {key} cannot be {value!r}."
                settings.wrong[key] = WrongSetting(what, str(error))
                delattr(settings, key)
    return settings


def _devices_in(
    path: str, text: str, tables: object, wrong: dict[str, WrongSetting], warn: Callable[[str], None]
) -> dict[str, ExternalDevice | WrongSetting]:
    """The tables ``[devices."SERIAL"]``. What is wrong with one is added to *wrong*, too."""
    if not isinstance(tables, dict):
        # Nothing says which device was meant, so no stored secret is certain to be the right one.
        wrong["devices"] = _no_table(f"{path}, line {_line_of(text, 'devices')}: devices", "each MFA device", _A_DEVICE)
        return {}
    found: dict[str, ExternalDevice | WrongSetting] = {}
    for serial, table in tables.items():
        if isinstance(table, dict):
            device = _device_in(path, text, serial, table, warn)
        else:
            line = _line_of(text, serial, table="devices")
            device = _no_table(f"{path}, line {line}: devices", "each MFA device", _A_DEVICE)
        found[serial] = device
        if isinstance(device, WrongSetting):
            wrong[f"devices.{serial}"] = device
    return found


def _device_in(
    path: str, text: str, serial: str, table: dict[str, object], warn: Callable[[str], None]
) -> ExternalDevice | WrongSetting:
    from mfa_tui.core.settings.readers import DEVICE_READERS

    header = f"devices.{serial}"
    known = {}
    for key, value in table.items():
        if key not in DEVICE_READERS:
            warn(f"{path}: unknown key {key!r} of the device {serial}; known are {', '.join(DEVICE_READERS)}.")
            continue
        try:
            known[key] = DEVICE_READERS[key](value)
        except (ValueError, TypeError) as error:
            line = _line_of(text, key, table=header)
            return WrongSetting(f"{path}, line {line}: {key} cannot be {value!r}.", str(error))
    if len(known) == 1:
        return ExternalDevice(**known)
    says = "several settings say" if known else "nothing says"
    what = f"{path}, line {_line_of(text, '', table=header)}: {says} where the secret of {serial} is."
    return WrongSetting(what, f"The device needs one of {', '.join(DEVICE_READERS)}.")


def _scopes_in(
    path: str, text: str, tables: object, wrong: dict[str, WrongSetting]
) -> dict[str, ScopeSettings | WrongSetting]:
    """The tables ``[scopes.NAME]``. What is wrong with one is added to *wrong*, too."""
    from mfa_tui.core.scopes.scope import read_scope

    if not isinstance(tables, dict):
        wrong["scopes"] = _no_table(f"{path}, line {_line_of(text, 'scopes')}: scopes", "each scope", _A_SCOPE)
        return {}
    found: dict[str, ScopeSettings | WrongSetting] = {}
    for name, table in tables.items():
        if isinstance(table, dict):
            try:
                found[name] = read_scope(name, table)
                continue
            except ValueError as error:
                line = _line_of(text, "", table=f"scopes.{name}")
                scope = WrongSetting(f"{path}, line {line}: the scope {name!r} cannot be used.", str(error))
        else:
            line = _line_of(text, name, table="scopes")
            scope = _no_table(f"{path}, line {line}: scopes", "each scope", _A_SCOPE)
        found[name] = wrong[f"scopes.{name}"] = scope
    return found


def _no_table(where: str, whose: str, example: str) -> WrongSetting:
    return WrongSetting(f"{where} must have a table for {whose}.", example)


def read_policy_file(settings_path: str, path: str) -> str:
    """The text of a policy that a scope names; a relative *path* begins at the settings file.

    Raises OSError, ValueError (it is not UTF-8 or too large), UntrustedPath.
    """
    return read_named(policy_path(settings_path, path), _LARGEST).decode()


def policy_path(settings_path: str, path: str) -> str:
    """Where the policy file *path* of a scope is."""
    return os.path.join(os.path.dirname(os.path.abspath(settings_path)), os.path.expanduser(path))


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


def _line_of(text: str, key: str, *, table: str = "") -> int:
    """The line number of *key* in *table*, such as ``scopes.a``; of the table's header if *key* is not found."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if table and _header_in(line) == table), 0)
    for number, line in enumerate(lines[start:], start=start + 1):
        if key and _unquoted(line.strip().strip("[]").split("=")[0]) == key:
            return number
    return start + 1


def _header_in(line: str) -> str:
    """The table that begins at *line*: ``devices.SERIAL`` for ``[devices."SERIAL"]``; empty if none does."""
    inner, closed, _ = line.strip().removeprefix("[").partition("]")
    kind, _, name = inner.partition(".")
    begins = closed and line.lstrip().startswith("[")
    return f"{_unquoted(kind)}.{_unquoted(name)}".rstrip(".") if begins else ""


def _unquoted(word: str) -> str:
    return word.strip().strip("\"'")
