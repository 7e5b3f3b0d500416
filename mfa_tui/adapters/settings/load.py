"""The settings file, ``config.toml``. None of it is secret, and all of it is optional."""

from __future__ import annotations

import os

from mfa_tui.adapters.filesystem.os_errors import reason
from mfa_tui.adapters.filesystem.ownership import UntrustedPath, read_named
from mfa_tui.core.settings.values import ExternalDevice, Settings, WrongSetting
from mfa_tui.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mfa_tui.core.settings.values import ScopeSettings

_LARGEST = 1024 * 1024
"""More bytes than any settings file has."""
_A_DEVICE = 'Write it as [devices."arn:aws:iam::111122223333:mfa/ana"].'
_A_SCOPE = 'Write it as [scopes.NAME], then lines such as services = ["s3"].'


def load_settings(path: str, warn: Callable[[str], None]) -> Settings:
    """Load the settings from *path*, with defaults for missing keys. Wrong values are noted: see :class:`Settings`.

    *warn* is called for an unknown key. Raises ConfigError (``settings-…``) if the file cannot be read or is not TOML.
    """
    text = read_settings_file(path)
    return parse_settings(path, text, warn) if text else Settings()


def parse_settings(path: str, text: str, warn: Callable[[str], None]) -> Settings:
    """The settings that *text* has, which is or will be in the file *path*; as :func:`load_settings`."""
    from mfa_tui.core.settings.table import DEVICES, SCOPES, SETTINGS

    settings = Settings()
    for key, value in parse_toml(path, text).items():
        if key == DEVICES:
            settings.devices = _devices_in(path, text, value, settings.wrong, warn)
        elif key == SCOPES:
            settings.scopes = _scopes_in(path, text, value, settings.wrong)
        elif key not in SETTINGS:
            warn(f"{path}: unknown key {key!r}; known are {', '.join(sorted(SETTINGS))}.")
        else:
            try:
                setattr(settings, key, SETTINGS[key].read(value))
            except ValueError as error:
                what = f"{path}, line {_line_of(text, key)}: {key} cannot be {value!r}."
                settings.wrong[key] = WrongSetting(what, str(error))
                delattr(settings, key)
    return settings


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
    from mfa_tui.core.settings.table import DEVICE_SETTINGS

    header = f"devices.{serial}"
    known: dict[str, str] = {}
    for key, value in table.items():
        if key not in DEVICE_SETTINGS:
            warn(f"{path}: unknown key {key!r} of the device {serial}; known are {', '.join(DEVICE_SETTINGS)}.")
            continue
        try:
            known[key] = str(DEVICE_SETTINGS[key].read(value))
        except ValueError as error:
            line = _line_of(text, key, table=header)
            return WrongSetting(f"{path}, line {line}: {key} cannot be {value!r}.", str(error))
    if len(known) == 1:
        return ExternalDevice(**known)
    says = "several settings say" if known else "nothing says"
    what = f"{path}, line {_line_of(text, '', table=header)}: {says} where the secret of {serial} is."
    return WrongSetting(what, f"The device needs one of {', '.join(DEVICE_SETTINGS)}.")


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
