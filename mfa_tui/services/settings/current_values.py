"""The settings as they are: the value of each key, whether it is set, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mfa_tui.adapters.settings.load import parse_settings, parse_toml, read_settings_file
from mfa_tui.core.settings.key_names import Key, keymap_setting
from mfa_tui.core.settings.table import KEYMAP, SETTINGS, TABLES
from mfa_tui.core.settings.value_text import default_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mfa_tui.adapters.filesystem.paths import Paths
    from mfa_tui.core.settings.values import WrongSetting


class SettingValue(NamedTuple):
    """A key and its value."""

    key: Key
    """The key."""
    value: Any
    """Its value as the file has it or could have it; None if it is neither set nor has a default."""
    is_set: bool
    """Whether the file has it."""
    default: Any = None
    """The value that it has unless it is set; None if that depends on other things."""
    wrong: WrongSetting | None = None
    """What is wrong with it."""


class CurrentValues:
    """The values of a settings file."""

    def __init__(self, path: str, text: str) -> None:
        """Raises ConfigError (``settings-syntax``) if *text* is not TOML."""
        self._values = parse_toml(path, text)
        self._wrong = parse_settings(path, text, lambda _: None).wrong

    def find(self, key: Key) -> SettingValue:
        """The value of *key*."""
        found: Any = self._values
        for name in key.path:
            found = found.get(name) if isinstance(found, dict) else None
        is_set = found is not None
        default = default_of(key.setting) if key.setting is not None and len(key.path) == 1 else None
        wrong = self._wrong.get(key.owner) or self._wrong.get(key.path[0])
        return SettingValue(key, found if is_set else default, is_set, default, wrong if is_set else None)

    def all(self) -> Iterator[SettingValue]:
        """All keys: those outside tables, and those in tables that are set."""
        for name, setting in SETTINGS.items():
            key = Key((name,), setting)
            if key.is_table and isinstance(self._values.get(name), dict):
                yield from self.inside(name)
            else:
                yield self.find(key)

    def inside(self, table: str, *, unset: bool = False) -> Iterator[SettingValue]:
        """The keys of a table that are set; with *unset* all that its devices or scopes can have."""
        found: Any = self._values.get(table, {})
        if not isinstance(found, dict):
            return
        if table == KEYMAP:
            yield from (self.find(Key((table, command), keymap_setting(command))) for command in found)
            return
        keys = TABLES[table]
        for name, inner in found.items():
            known = [key for key in keys if unset or key in inner] if isinstance(inner, dict) else []
            yield from (self.find(Key((table, name, key), keys[key])) for key in known)
            if not known:
                yield self.find(Key((table, name), None))


def load_values(paths: Paths) -> CurrentValues:
    """Load the values of the settings file. Raises ConfigError (``settings-…``) if it cannot be read."""
    return CurrentValues(paths.settings, read_settings_file(paths.settings))
