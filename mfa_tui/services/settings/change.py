"""Changing one setting in ``config.toml``. Values are checked by the code that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_tui.adapters.settings.load import parse_settings, parse_toml, read_settings_file
from mfa_tui.adapters.settings.save import edit_settings_file
from mfa_tui.core.settings.interface import key_problem
from mfa_tui.core.settings.key_names import Key
from mfa_tui.core.settings.table import KEYMAP, TABLES
from mfa_tui.core.settings.toml_edits import with_value, without
from mfa_tui.core.settings.value_text import as_typed, from_typed
from mfa_tui.core.text.display import in_words
from mfa_tui.errors import ConfigError, UsageError
from mfa_tui.services.settings.current_values import CurrentValues

if TYPE_CHECKING:
    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.core.settings.table import Setting

_SHOWN = 60
"""Characters of a wrong value that a message shows."""


def set_value(paths: Paths, key: Key, typed: str) -> bool:
    """Set *key* to what was *typed*; returns whether the file has changed.

    Raises UsageError (``setting-table``), ConfigError (``settings-…``), WriteProblem.
    """
    return edit_settings_file(paths, lambda text: _with_value(paths.settings, text, key, typed))


def check_value(paths: Paths, key: Key, typed: str) -> None:
    """Raise what :func:`set_value` would, without writing."""
    _with_value(paths.settings, read_settings_file(paths.settings), key, typed)


def unset(paths: Paths, key: Key) -> bool:
    """Remove *key*, or a whole table; returns whether the file has changed. Comments stay.

    Raises ConfigError (``settings-…``), WriteProblem.
    """
    return edit_settings_file(paths, lambda text: _without(paths.settings, text, key))


def _with_value(path: str, text: str, key: Key, typed: str) -> str:
    setting = _settable(key)
    value = from_typed(setting, typed)
    try:
        setting.read(value)
    except ValueError as error:
        raise _refused(key, typed, str(error)) from None
    choices = setting.read.choices()
    if choices and value not in choices:
        raise _refused(key, typed, f"It must be one of {', '.join(choices)}.")
    values = CurrentValues(path, text)
    now = values.find(key)
    if now.is_set and now.value == value and type(now.value) is type(value):
        return text
    if key.path[0] == KEYMAP and len(key.path) > 1:
        keymap = values.find(Key((KEYMAP,), None)).value
        others = keymap if isinstance(keymap, dict) else {}
        known = {command: keys for command, keys in others.items() if isinstance(keys, str)}
        if problem := key_problem({**known, key.path[1]: str(value)}, key.path[1]):
            raise _refused(key, typed, f"{problem}.")
    new = with_value(text, key.path, value)
    # What one key of a device or scope may be depends on its others.
    wrong = parse_settings(path, new, lambda _: None).wrong.get(key.owner)
    if wrong is not None:
        raise _refused(key, typed, wrong.why)
    return new


def _without(path: str, text: str, key: Key) -> str:
    if not CurrentValues(path, text).find(key).is_set:
        return text
    target = key.path
    values = parse_toml(path, text)
    # A device or scope without keys would be an error: it goes with its last one.
    if target[0] in TABLES and len(target) > 2:  # noqa: PLR2004 - a key of a device or scope
        table = values[target[0]]
        if isinstance(table, dict) and isinstance(table.get(target[1]), dict) and len(table[target[1]]) == 1:
            target = target[:2]
    return without(text, target)


def _settable(key: Key) -> Setting:
    if key.is_table or key.setting is None:
        names = in_words(list(key.keys[:6]), 5)
        raise UsageError(
            "setting-table", f"{key.name} is a table; a value is for a key in it.", "", f"Name one: {names}"
        )
    return key.setting


def _refused(key: Key, typed: object, why: str) -> ConfigError:
    shown = as_typed(typed)[:_SHOWN]
    return ConfigError("settings-value", f"{key.name} cannot be {shown!r}.", why, "Nothing was changed.")
