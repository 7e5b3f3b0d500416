"""The settings file, ``config.toml``. None of it is secret, and all of it is optional."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import UntrustedPath, read_named
from mfa_tui.core.settings.values import AccountSettings, ExternalDevice, Settings, WrongSetting
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from mfa_tui.core.settings.table import Setting
    from mfa_tui.core.settings.values import ScopeSettings

    T = TypeVar("T")

_LARGEST = 1024 * 1024
"""More bytes than any settings file has."""
_WRITE = {
    "accounts": ("each account", 'Write it as [accounts."111122223333"], then lines such as color = "red".'),
    "devices": ("each MFA device", 'Write it as [devices."arn:aws:iam::111122223333:mfa/ana"].'),
    "scopes": ("each scope", 'Write it as [scopes.NAME], then lines such as services = ["s3"].'),
}
"""Whose tables a key has, and how one is written."""


def load_settings(path: str, warn: Callable[[str], None]) -> Settings:
    """Load the settings from *path*, with defaults for missing keys. Wrong values are noted: see :class:`Settings`.

    *warn* is called for an unknown key. Raises ConfigError (``settings-…``) if the file cannot be read or is not TOML.
    """
    text = read_settings_file(path)
    return parse_settings(path, text, warn) if text else Settings()


def parse_settings(path: str, text: str, warn: Callable[[str], None]) -> Settings:
    """The settings that *text* has, which is or will be in the file *path*; as :func:`load_settings`."""
    from mfa_tui.core.settings.table import ACCOUNTS, DEVICES, SCOPES, SETTINGS

    settings = Settings()
    file = _File(path, text, warn, settings.wrong)
    for key, value in parse_toml(path, text).items():
        if key == ACCOUNTS:
            accounts = _tables(file, key, value, _account_in)
            settings.accounts = {name: one for name, one in accounts.items() if not isinstance(one, WrongSetting)}
        elif key == DEVICES:
            settings.devices = _tables(file, key, value, _device_in)
        elif key == SCOPES:
            settings.scopes = _tables(file, key, value, _scope_in)
        elif key not in SETTINGS:
            warn(f"{path}: unknown key {key!r}; known are {', '.join(sorted(SETTINGS))}.")
        else:
            try:
                setattr(settings, key, SETTINGS[key].read(value))
            except ValueError as error:
                settings.wrong[key] = WrongSetting(f"{file.at(key)}: {key} cannot be {value!r}.", str(error))
                delattr(settings, key)
    return settings


class _File:
    """The settings file while it is read."""

    __slots__ = ("path", "text", "warn", "wrong")

    def __init__(self, path: str, text: str, warn: Callable[[str], None], wrong: dict[str, WrongSetting]) -> None:
        self.path = path
        self.text = text
        self.warn = warn
        """Called for what is ignored."""
        self.wrong = wrong
        """What is wrong, by setting."""

    def at(self, key: str, *, table: str = "") -> str:
        """The file and the line of a key, or of the header of a table."""
        return f"{self.path}, line {_line_of(self.text, key, table=table)}"


def parse_toml(path: str, text: str) -> dict[str, object]:
    """The values in *text*, as TOML has them. Raises ConfigError (``settings-syntax``)."""
    # Imported on use: it takes longer than starting Python, and most people have no settings file.
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            "settings-syntax", f"{path} is not valid TOML.", f"{error}.", "Correct that line, or remove the file."
        ) from None


def _tables(
    file: _File, kind: str, tables: object, read: Callable[[_File, str, dict[str, Any]], T | WrongSetting]
) -> dict[str, T | WrongSetting]:
    """The tables ``[KIND.NAME]``, each as *read* returns it. What is wrong with one is noted in *file*, too."""
    whose, example = _WRITE[kind]
    if not isinstance(tables, dict):
        # Of devices nothing says which was meant, so no stored secret is certain to be the right one.
        file.wrong[kind] = WrongSetting(f"{file.at(kind)}: {kind} must have a table for {whose}.", example)
        return {}
    found: dict[str, T | WrongSetting] = {}
    for name, table in tables.items():
        if isinstance(table, dict):
            found[name] = read(file, name, table)
        else:
            where = file.at(name, table=kind)
            found[name] = WrongSetting(f"{where}: {kind} must have a table for {whose}.", example)
        if isinstance(one := found[name], WrongSetting):
            file.wrong[f"{kind}.{name}"] = one
    return found


def _account_in(file: _File, key: str, table: dict[str, Any]) -> AccountSettings | WrongSetting:
    from mfa_tui.core.settings.account_label import ID_LENGTH, is_id
    from mfa_tui.core.settings.table import ACCOUNT_SETTINGS

    known = _texts_in(file, f"accounts.{key}", table, ACCOUNT_SETTINGS)
    if isinstance(known, WrongSetting):
        return known
    digits = len(key.replace("-", ""))
    if is_id(key) and digits != ID_LENGTH:
        what = f"{file.at('', table=f'accounts.{key}')}: {key!r} has {digits} digits."
        return WrongSetting(what, "The ID of an account has 12. A pattern for names has other characters, such as *.")
    return AccountSettings(**known)


def _device_in(file: _File, serial: str, table: dict[str, Any]) -> ExternalDevice | WrongSetting:
    from mfa_tui.core.settings.table import DEVICE_SETTINGS

    header = f"devices.{serial}"
    known = _texts_in(file, header, table, DEVICE_SETTINGS)
    if isinstance(known, WrongSetting):
        return known
    if len(known) == 1:
        return ExternalDevice(**known)
    says = "several settings say" if known else "nothing says"
    what = f"{file.at('', table=header)}: {says} where the secret of {serial} is."
    return WrongSetting(what, f"The device needs one of {', '.join(DEVICE_SETTINGS)}.")


def _texts_in(
    file: _File, header: str, table: dict[str, Any], settings: Mapping[str, Setting]
) -> dict[str, str] | WrongSetting:
    """The values of a table whose values are all texts; or what is wrong with the first that is."""
    known: dict[str, str] = {}
    kind, _, name = header.partition(".")
    for key, value in table.items():
        if key not in settings:
            known_keys = ", ".join(settings)
            file.warn(f"{file.path}: unknown key {key!r} of the {kind[:-1]} {name}; known are {known_keys}.")
            continue
        try:
            known[key] = str(settings[key].read(value))
        except ValueError as error:
            return WrongSetting(f"{file.at(key, table=header)}: {key} cannot be {value!r}.", str(error))
    return known


def _scope_in(file: _File, name: str, table: dict[str, Any]) -> ScopeSettings | WrongSetting:
    from mfa_tui.core.scopes.scope import read_scope

    try:
        return read_scope(name, table)
    except ValueError as error:
        where = file.at("", table=f"scopes.{name}")
        return WrongSetting(f"{where}: the scope {name!r} cannot be used.", str(error))


def read_policy_file(settings_path: str, path: str) -> str:
    """The text of a policy that a scope names; a relative *path* begins at the settings file.

    Raises OSError, ValueError (it is not UTF-8 or too large), UntrustedPath.
    """
    return read_named(policy_path(settings_path, path), _LARGEST).decode()


def policy_path(settings_path: str, path: str) -> str:
    """Where the policy file *path* of a scope is."""
    return os.path.join(os.path.dirname(os.path.abspath(settings_path)), os.path.expanduser(path))


def read_settings_file(path: str) -> str:
    """The file's text; empty if there is none. Raises ConfigError (``settings-…``) if it cannot be read."""
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
